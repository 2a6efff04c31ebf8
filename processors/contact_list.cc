#include "processors/contact_list.h"

#include <algorithm>
#include <tuple>

#include "processors/contact_facts.h"

namespace processors {
namespace {

using core::Value;
using Outcome = ContactFilter::Outcome;

constexpr std::array<std::string_view, 7> kClassWords = {"answered_within", "answered_late",    "abandoned_short",
                                                         "abandoned_within", "abandoned_late",  "flowed_out_within",
                                                         "flowed_out_late"};

Value text(std::string_view words) { return words.empty() ? Value{} : Value{std::string(words)}; }
Value seconds(core::Millis span) { return core::Fixed{span.count(), 3}; }

/// One visit, judged as of the read point.
struct Listed {
  core::EventTime begin;
  std::string contact, visit;
  std::vector<Value> cells;
};

class Lister {
 public:
  Lister(Shard& shard, const ContactFilter& filter, const ReadPoint& point)
      : shard_(shard), filter_(filter), point_(point) {}

  void list(const ContactRecord& record, std::vector<Listed>& rows) {
    const ContactView view = view_of(record, shard_.rules(), shard_.names());
    if (!shard_.retains(record) && !view.open()) return;
    for (const VisitView& v : view.visits) {
      if (wanted(v)) rows.push_back(row(record, view, v));
    }
  }

 private:
  std::string_view name(core::NameId id) const { return shard_.names().text(id); }

  Outcome outcome(const VisitView& v) {
    if (v.outcome == VisitView::Outcome::kOpen) {
      return point_.as_of - v.begin > shard_.rules().give_up_visit(v.key.c) ? Outcome::kUnfinished : Outcome::kWaiting;
    }
    if (v.outcome == VisitView::Outcome::kAnswered) return Outcome::kAnswered;
    const core::SlaVersion& sla = shard_.rules().sla(v.key, v.entry, v.begin);
    return sla.abandoned[core::index(v.reason)] ? Outcome::kAbandoned : Outcome::kFlowedOut;
  }
  core::Millis wait(const VisitView& v) const {
    return v.outcome == VisitView::Outcome::kOpen ? std::max(core::Millis{0}, point_.as_of - v.begin) : v.wait();
  }
  bool wanted(const VisitView& v) {
    const auto is = [](const std::optional<std::string>& wanted, std::string_view value) {
      return !wanted || *wanted == value;
    };
    return is(filter_.client, name(v.key.a)) && is(filter_.queue, name(v.key.b)) && is(filter_.channel, name(v.key.c)) &&
           (!filter_.from || v.begin >= *filter_.from) && (!filter_.to || v.begin < *filter_.to) &&
           (!filter_.outcome || *filter_.outcome == outcome(v)) && (!filter_.wait_over || wait(v) > *filter_.wait_over);
  }

  Listed row(const ContactRecord& record, const ContactView& view, const VisitView& v) {
    const bool open = v.outcome == VisitView::Outcome::kOpen;
    Listed listed{v.begin, std::string(record.id()), std::string(record.text(record.visits()[v.visit].id)), {}};
    const SegmentView* segment = nullptr;
    for (const SegmentView& s : view.segments) {
      if (!s.outbound && s.visit == v.visit && s.agent == v.agent && s.complete) segment = &s;
    }
    const bool left = v.outcome == VisitView::Outcome::kLeft;
    listed.cells = {listed.contact,
                    listed.visit,
                    std::string(name(v.key.a)),
                    text(name(v.key.b)),
                    text(name(v.key.c)),
                    std::string(core::kEntryWords[core::index(v.entry)]),
                    core::format_rfc3339(v.begin),
                    open ? Value{} : Value{core::format_rfc3339(v.end)},
                    std::string(kOutcomeWords[core::index(outcome(v))]),
                    left ? text(core::kLeaveReasonWords[core::index(v.reason)]) : Value{},
                    seconds(wait(v)),
                    open ? Value{} : text(kClassWords[core::index(service_class(v, shard_.rules().sla(v.key, v.entry, v.begin)))]),
                    text(name(v.agent)),
                    segment ? seconds(segment->talk) : Value{},
                    segment ? seconds(segment->hold) : Value{},
                    segment ? seconds(segment->wrap) : Value{}};
    return listed;
  }

  Shard& shard_;
  const ContactFilter& filter_;
  const ReadPoint& point_;
};

}  // namespace

core::FigureTable contact_list(std::span<Shard* const> shards, const ContactFilter& filter, const ReadPoint& point) {
  std::vector<Listed> rows;
  for (Shard* shard : shards) {
    Lister lister(*shard, filter, point);
    shard->each_contact(filter.from.value_or(core::EventTime::min()), filter.to.value_or(core::EventTime::max()),
                        [&](const ContactRecord& record) { lister.list(record, rows); });
  }
  std::sort(rows.begin(), rows.end(), [](const Listed& a, const Listed& b) {
    return std::tie(a.begin, a.contact, a.visit) < std::tie(b.begin, b.contact, b.visit);
  });
  core::FigureTable table;
  table.columns = {"contact", "visit",  "client", "queue",         "channel", "entry",  "queued", "ended",
                   "outcome", "reason", "wait_s", "service_class", "agent",   "talk_s", "hold_s", "wrap_s"};
  for (Listed& row : rows) table.rows.push_back(std::move(row.cells));
  return table;
}

}  // namespace processors

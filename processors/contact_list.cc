#include <algorithm>

#include "processors/contact_facts.h"
#include "processors/listing.h"
#include "processors/row_lists.h"

namespace processors {
namespace {

using core::Value;

/// Lists one shard's visits, judged as of the read point.
class VisitLister {
 public:
  VisitLister(Shard& shard, const core::RowQuery& query, const ReadPoint& point, Listing& listing)
      : shard_(shard), query_(query), point_(point), listing_(listing) {}

  void list(const ContactRecord& record) {
    const ContactView view = view_of(record, shard_.rules(), shard_.names());
    if (!shard_.retains(record) && !view.open()) return;
    if (!listing_.is("interaction", interaction(record)) || !listing_.is("customer", record.text(record.customer()))) {
      return;
    }
    for (const VisitView& v : view.visits) {
      if (wanted(v)) add(record, view, v);
    }
  }

 private:
  std::string_view name(core::NameId id) const { return shard_.names().text(id); }
  static std::string_view interaction(const ContactRecord& record) {
    const std::string_view stated = record.text(record.interaction());
    return stated.empty() ? record.id() : stated;
  }

  std::string_view outcome(const VisitView& v) {
    if (v.outcome == VisitView::Outcome::kOpen) {
      return point_.as_of - v.begin > shard_.rules().give_up_visit(v.key.c) ? "unfinished" : "waiting";
    }
    if (v.outcome == VisitView::Outcome::kAnswered) return "answered";
    const core::SlaVersion& sla = shard_.rules().sla(v.key, v.entry, v.begin);
    return sla.abandoned[core::index(v.reason)] ? "abandoned" : "flowed_out";
  }
  /// Empty of an open visit.
  std::string_view service_class_of(const VisitView& v) {
    if (v.outcome == VisitView::Outcome::kOpen) return {};
    return core::kServiceClasses[core::index(service_class(v, shard_.rules().sla(v.key, v.entry, v.begin)))];
  }
  core::Millis wait(const VisitView& v) const {
    return v.outcome == VisitView::Outcome::kOpen ? std::max(core::Millis{0}, point_.as_of - v.begin) : v.wait();
  }
  bool wanted(const VisitView& v) {
    return listing_.is("client", name(v.key.a)) && listing_.is("queue", name(v.key.b)) &&
           listing_.is("channel", name(v.key.c)) && listing_.is("agent", name(v.agent)) && listing_.in_time(v.begin) &&
           (!query_.outcome || *query_.outcome == outcome(v)) &&
           (!query_.service_class || *query_.service_class == service_class_of(v)) &&
           (!query_.wait_over || wait(v) > *query_.wait_over);
  }

  static const SegmentView* segment_of(const ContactView& view, const VisitView& v) {
    const auto found = std::ranges::find_if(view.segments, [&](const SegmentView& s) {
      return !s.outbound && s.visit == v.visit && s.agent == v.agent && s.complete;
    });
    return found == view.segments.end() ? nullptr : &*found;
  }
  /// The contact or visit that this one came from.
  static std::string_view parent(const ContactRecord& record, const VisitView& v) {
    for (const Mark& mark : record.marks()) {
      if (mark.kind == MarkKind::kQueued && mark.visit == v.visit) return record.text(mark.text);
    }
    return {};
  }

  void add(const ContactRecord& record, const ContactView& view, const VisitView& v) {
    const bool open = v.outcome == VisitView::Outcome::kOpen, left = v.outcome == VisitView::Outcome::kLeft;
    const SegmentView* const segment = segment_of(view, v);
    const std::string contact(record.id()), visit(record.text(record.visits()[v.visit].id));
    listing_.add(v.begin, contact, visit,
                 {contact, visit, std::string(name(v.key.a)), listed_text(name(v.key.b)), listed_text(name(v.key.c)),
                  std::string(core::kEntryWords[core::index(v.entry)]), listed_time(v.begin),
                  open ? Value{} : listed_time(v.end), std::string(outcome(v)),
                  left ? listed_text(core::kLeaveReasonWords[core::index(v.reason)]) : Value{}, listed_seconds(wait(v)),
                  listed_text(service_class_of(v)), listed_text(name(v.agent)),
                  segment != nullptr ? listed_seconds(segment->talk) : Value{},
                  segment != nullptr ? listed_seconds(segment->hold) : Value{},
                  segment != nullptr ? listed_seconds(segment->wrap) : Value{}, std::string(interaction(record)),
                  listed_text(record.text(record.customer())), listed_text(parent(record, v))});
  }

  Shard& shard_;
  const core::RowQuery& query_;
  const ReadPoint& point_;
  Listing& listing_;
};

}  // namespace

const std::vector<std::string> kContactListColumns = {
    "contact", "visit",         "client", "queue",  "channel", "entry",  "queued",      "ended",    "outcome", "reason",
    "wait_s",  "service_class", "agent",  "talk_s", "hold_s",  "wrap_s", "interaction", "customer", "parent"};

void list_contacts(Shard& shard, const core::RowQuery& query, const ReadPoint& point, Listing& listing) {
  VisitLister lister(shard, query, point, listing);
  shard.each_contact(query.from.value_or(core::EventTime::min()), query.to.value_or(core::EventTime::max()),
                     [&](const ContactRecord& record) { lister.list(record); });
}

}  // namespace processors

#include "processors/attribute_record.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace processors {
namespace {

using core::EventType;

constexpr char kSeparator = '\x1f';  // Control characters occur in no id and no name.

/// (source, id) as bytes, the source first as a whole: the separator sorts below every allowed byte.
std::string author_of(const core::Event& event) {
  std::string author(event.source);
  author += kSeparator;
  author += event.id;
  return author;
}

std::string costs_text(std::span<const core::Cost> costs) {
  std::string text;
  for (const core::Cost& cost : costs) {
    if (!text.empty()) text += kSeparator;
    text += fmt::format("{}={}", cost.name, cost.amount.ten_thousandths);
  }
  return text.empty() ? std::string(1, kSeparator) : text;  // An empty object is a statement too.
}

/// An enum's value from the store; the enum ends with kEnd.
template <typename Enum>
Enum known(std::uint8_t value) {
  if (value >= static_cast<std::uint8_t>(Enum::kEnd)) throw core::CorruptState("an unknown milestone or field");
  return static_cast<Enum>(value);
}

Change operator|(Change a, Change b) { return {a.changed || b.changed, a.conflict || b.conflict}; }

}  // namespace

Change AttributeRecord::milestone(Milestone milestone, core::EventTime time, std::string content) {
  const auto it = std::find_if(milestones_.begin(), milestones_.end(),
                               [&](const Stated& s) { return s.milestone == milestone; });
  if (it == milestones_.end()) {
    milestones_.push_back({milestone, time, std::move(content)});
    std::sort(milestones_.begin(), milestones_.end(),
              [](const Stated& a, const Stated& b) { return a.milestone < b.milestone; });
    return {true, false};
  }
  const bool smaller = std::tie(time, content) < std::tie(it->time, it->content);
  const bool equal = std::tie(time, content) == std::tie(it->time, it->content);
  if (smaller) it->time = time, it->content = std::move(content);
  return {smaller, !equal};
}

bool AttributeRecord::attempt(core::EventTime time) {
  const auto it = std::lower_bound(attempts_.begin(), attempts_.end(), time);
  if (it != attempts_.end() && *it == time) return false;
  attempts_.insert(it, time);
  return true;
}

bool AttributeRecord::latest(Field field, std::string_view stated, const core::Event& event) {
  if (stated.empty()) return false;
  const std::string value(stated);
  const auto it = std::lower_bound(fields_.begin(), fields_.end(), field,
                                   [](const Latest& l, Field f) { return l.field < f; });
  if (it == fields_.end() || it->field != field) {
    fields_.insert(it, Latest{field, event.time, author_of(event), value});
    return true;
  }
  if (event.time < it->time) return false;
  std::string author = author_of(event);
  // Equal authors with different values break the contract; the greater value holds, so that order does not.
  if (event.time == it->time && std::tie(author, value) <= std::tie(it->author, it->value)) return false;
  it->time = event.time, it->author = std::move(author), it->value = value;
  return true;
}

Change AttributeRecord::merge_lead(const core::Event& event) {
  Change change;
  if (event.type == EventType::kLeadCreated) change = milestone(Milestone::kCreated, event.time, {});
  if (event.type == EventType::kLeadClosed) {
    change = milestone(Milestone::kClosed, event.time, std::string(event.result()));
  }
  if (event.type == EventType::kLeadContacted && !event.automated.value_or(false)) {
    change.changed = attempt(event.time);
    if (event.reached.value_or(false)) change = change | milestone(Milestone::kContacted, event.time, {});
  }
  change.conflict = change.conflict && event.type != EventType::kLeadContacted;  // Being reached again is none.
  change.changed |= latest(Field::kClient, event.client, event);
  change.changed |= latest(Field::kCustomer, event.customer, event);
  if (event.type == EventType::kLeadCreated) {
    change.changed |= latest(Field::kCampaign, event.campaign(), event);
    change.changed |= latest(Field::kOrigin, event.origin(), event);
  }
  if (event.type == EventType::kLeadCreated || event.type == EventType::kLeadAssigned) {
    change.changed |= latest(Field::kAgent, event.agent, event);
  }
  return change;
}

Change AttributeRecord::merge_deal(const core::Event& event) {
  Change change;
  const std::string reason(event.reason());
  if (event.type == EventType::kDealOpened) change = milestone(Milestone::kOpened, event.time, {});
  if (event.type == EventType::kDealWon) change = milestone(Milestone::kWon, event.time, reason);
  if (event.type == EventType::kDealLost) change = milestone(Milestone::kLost, event.time, reason);
  change.changed |= latest(Field::kClient, event.client, event);
  change.changed |= latest(Field::kCustomer, event.customer, event);
  change.changed |= latest(Field::kAgent, event.agent, event);
  change.changed |= latest(Field::kLead, event.lead, event);
  change.changed |= latest(Field::kCurrency, event.currency, event);
  change.changed |= latest(Field::kProduct, event.product(), event);
  change.changed |= latest(Field::kStage, event.stage(), event);
  if (event.amount) {
    change.changed |= latest(Field::kAmount, std::to_string(event.amount->ten_thousandths), event);
  }
  if (event.costs) change.changed |= latest(Field::kCosts, costs_text(*event.costs), event);
  return change;
}

Change AttributeRecord::merge(const core::Event& event) {
  switch (event.type) {
    case EventType::kContactDialled:
      return {attempt(event.time), false};
    case EventType::kContactConnected:
      return {milestone(Milestone::kContacted, event.time, {}).changed, false};
    case EventType::kLeadCreated:
    case EventType::kLeadAssigned:
    case EventType::kLeadContacted:
    case EventType::kLeadClosed:
      return merge_lead(event);
    default:
      return merge_deal(event);
  }
}

std::optional<core::EventTime> AttributeRecord::at(Milestone milestone) const {
  for (const Stated& s : milestones_) {
    if (s.milestone == milestone) return s.time;
  }
  return std::nullopt;
}

template <typename Visit>
void AttributeRecord::each_time(Visit&& visit) const {
  for (const Stated& s : milestones_) visit(s.time);
  for (const Latest& l : fields_) visit(l.time);
  for (const core::EventTime time : attempts_) visit(time);
}

bool AttributeRecord::touches(core::EventTime from, core::EventTime to) const {
  bool any = false;
  each_time([&](core::EventTime time) { any = any || (time >= from && time < to); });
  return any;
}

core::EventTime AttributeRecord::first() const {
  core::EventTime first = core::EventTime::max();
  each_time([&](core::EventTime time) { first = std::min(first, time); });
  return first;
}

core::EventTime AttributeRecord::last() const {
  core::EventTime last = core::EventTime::min();
  each_time([&](core::EventTime time) { last = std::max(last, time); });
  return last;
}

std::string_view AttributeRecord::field(Field field) const {
  for (const Latest& l : fields_) {
    if (l.field == field) return l.value;
  }
  return {};
}

template <typename Writer>
void AttributeRecord::pack(Writer& out) const {
  out.text(id_);
  out.number(milestones_.size());
  for (const Stated& s : milestones_) {
    out.byte(static_cast<std::uint8_t>(s.milestone)), out.time(s.time), out.text(s.content);
  }
  out.number(fields_.size());
  std::string_view author_before;
  for (const Latest& l : fields_) {
    out.byte(static_cast<std::uint8_t>(l.field)), out.time(l.time);
    out.text(l.author == author_before ? std::string_view{} : std::string_view(l.author));
    out.text(l.value);
    author_before = l.author;
  }
  out.number(attempts_.size());
  for (const auto time : attempts_) out.time(time);
}

template <typename Reader>
AttributeRecord AttributeRecord::unpack(Reader& in) {
  AttributeRecord record{in.text()};
  for (std::size_t n = in.count(); n > 0; --n) {
    const auto milestone = known<Milestone>(in.byte());
    const auto time = in.time();
    record.milestones_.push_back({milestone, time, std::string(in.text())});
  }
  std::string author;
  for (std::size_t n = in.count(); n > 0; --n) {
    const auto field = known<Field>(in.byte());
    const auto time = in.time();
    if (const auto text = in.text(); !text.empty()) author = text;
    record.fields_.push_back({field, time, author, std::string(in.text())});
  }
  for (std::size_t n = in.count(); n > 0; --n) record.attempts_.push_back(in.time());
  return record;
}

template void AttributeRecord::pack(StateWriter&) const;
template void AttributeRecord::pack(ListedWriter&) const;
template void AttributeRecord::pack(NumberedWriter&) const;
template AttributeRecord AttributeRecord::unpack(StateReader&);
template AttributeRecord AttributeRecord::unpack(NumberedReader&);

std::string AttributeRecord::canonical(std::string_view kind) const {
  std::string text = fmt::format("{}\x1f{}\n", kind, id_);
  for (const Stated& s : milestones_) {
    text += fmt::format("{}\x1f{}\x1f{}\n", static_cast<int>(s.milestone), core::to_ms(s.time), s.content);
  }
  for (const Latest& l : fields_) {
    text += fmt::format("{}\x1f{}\x1f{}\x1f{}\n", static_cast<int>(l.field), core::to_ms(l.time), l.author, l.value);
  }
  for (const auto time : attempts_) text += fmt::format("{}\n", core::to_ms(time));
  return text;
}

}  // namespace processors

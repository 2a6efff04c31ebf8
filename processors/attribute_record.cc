#include "processors/attribute_record.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace processors {
namespace {

using core::EventType;


/// An enum's value from the store; the enum ends with kEnd.
template <typename Enum>
Enum known(std::uint8_t value) {
  if (value >= static_cast<std::uint8_t>(Enum::kEnd)) throw core::CorruptState("an unknown milestone or field");
  return static_cast<Enum>(value);
}

Change operator|(Change a, Change b) { return {a.changed || b.changed, a.conflict || b.conflict}; }

}  // namespace

/// Merges one event into a record. Lives for one call.
class AttributeRecord::Merging {
 public:
  Merging(AttributeRecord& record, const core::Event& event) : record_(record), event_(event) {}

  Change attempt() {
    auto& attempts = record_.attempts_;
    const auto it = std::lower_bound(attempts.begin(), attempts.end(), event_.time);
    if (it != attempts.end() && *it == event_.time) return {false, false};
    attempts.insert(it, event_.time);
    return {true, false};
  }

  Change milestone(Milestone milestone, std::string_view content = {}) {
    auto& milestones = record_.milestones_;
    const auto it = std::lower_bound(milestones.begin(), milestones.end(), milestone,
                                     [](const Stated& s, Milestone m) { return s.milestone < m; });
    if (it == milestones.end() || it->milestone != milestone) {
      milestones.insert(it, {event_.time, text().keep(content), milestone});
      return {true, false};
    }
    const auto held = std::pair(it->time, text()[it->content]), said = std::pair(event_.time, content);
    const Change change{said < held, said != held};
    if (change.changed) it->time = event_.time, it->content = text().keep(content);
    return change;
  }

  Change lead() {
    Change change;
    if (event_.type == EventType::kLeadCreated) change = milestone(Milestone::kCreated);
    if (event_.type == EventType::kLeadClosed) change = milestone(Milestone::kClosed, event_.result());
    if (event_.type == EventType::kLeadContacted && !event_.automated.value_or(false)) {
      change = attempt();
      if (event_.reached.value_or(false)) change = change | milestone(Milestone::kContacted);
    }
    change.conflict = change.conflict && event_.type != EventType::kLeadContacted;  // Being reached again is none.
    change.changed |= latest(Field::kClient, event_.client);
    change.changed |= latest(Field::kCustomer, event_.customer);
    if (event_.type == EventType::kLeadCreated) {
      change.changed |= latest(Field::kCampaign, event_.campaign());
      change.changed |= latest(Field::kOrigin, event_.origin());
    }
    if (event_.type == EventType::kLeadCreated || event_.type == EventType::kLeadAssigned) {
      change.changed |= latest(Field::kAgent, event_.agent);
    }
    return change;
  }

  Change deal() {
    Change change;
    if (event_.type == EventType::kDealOpened) change = milestone(Milestone::kOpened);
    if (event_.type == EventType::kDealWon) change = milestone(Milestone::kWon, event_.reason());
    if (event_.type == EventType::kDealLost) change = milestone(Milestone::kLost, event_.reason());
    change.changed |= latest(Field::kClient, event_.client);
    change.changed |= latest(Field::kCustomer, event_.customer);
    change.changed |= latest(Field::kAgent, event_.agent);
    change.changed |= latest(Field::kLead, event_.lead);
    change.changed |= latest(Field::kCurrency, event_.currency);
    change.changed |= latest(Field::kProduct, event_.product());
    change.changed |= latest(Field::kStage, event_.stage());
    if (event_.amount) {
      const fmt::format_int amount(event_.amount->ten_thousandths);
      change.changed |= latest(Field::kAmount, {amount.data(), amount.size()});
    }
    if (event_.costs) change.changed |= latest_costs(*event_.costs);
    return change;
  }

 private:
  Text& text() { return record_.text_; }

  bool latest(Field field, std::string_view value) {
    if (value.empty()) return false;
    auto& fields = record_.fields_;
    const auto it =
        std::lower_bound(fields.begin(), fields.end(), field, [](const Latest& l, Field f) { return l.field < f; });
    if (it == fields.end() || it->field != field) {
      fields.insert(it, Latest{event_.time, kept_author(), text().keep(value), field});
      return true;
    }
    if (event_.time < it->time) return false;
    // Equal authors with different values break the contract; the greater value holds, so that order does not.
    if (event_.time == it->time && std::pair(author(), value) <= std::pair(text()[it->author], text()[it->value])) {
      return false;
    }
    it->time = event_.time, it->author = kept_author();
    if (text()[it->value] != value) it->value = text().keep(value);
    return true;
  }

  bool latest_costs(std::span<const core::Cost> costs) {
    fmt::basic_memory_buffer<char, 256> value;
    for (const core::Cost& cost : costs) {
      if (value.size() > 0) value.push_back(kFieldSeparator);
      fmt::format_to(std::back_inserter(value), "{}={}", cost.name, cost.amount.ten_thousandths);
    }
    if (costs.empty()) value.push_back(kFieldSeparator);  // An empty object is a statement too.
    return latest(Field::kCosts, {value.data(), value.size()});
  }

  /// (source, id) as bytes, the source first as a whole: the separator sorts below every allowed byte.
  std::string_view author() {
    if (author_.size() == 0) {
      author_.append(event_.source);
      author_.push_back(kFieldSeparator);
      author_.append(event_.id);
    }
    return {author_.data(), author_.size()};
  }
  /// All that one event states shares it.
  TextRef kept_author() {
    if (kept_author_ == TextRef::kNone) kept_author_ = text().keep(author());
    return kept_author_;
  }

  AttributeRecord& record_;
  const core::Event& event_;
  fmt::basic_memory_buffer<char, 260> author_;
  TextRef kept_author_{};
};

Change AttributeRecord::merge(const core::Event& event) {
  Merging merging(*this, event);
  switch (event.type) {
    case EventType::kContactDialled:
      return merging.attempt();
    case EventType::kContactConnected:
      return {merging.milestone(Milestone::kContacted).changed, false};
    case EventType::kLeadCreated:
    case EventType::kLeadAssigned:
    case EventType::kLeadContacted:
    case EventType::kLeadClosed:
      return merging.lead();
    default:
      return merging.deal();
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
    if (l.field == field) return text_[l.value];
  }
  return {};
}

template <typename Writer>
void AttributeRecord::pack(Writer& out) const {
  out.text(id());
  out.number(milestones_.size());
  for (const Stated& s : milestones_) {
    out.byte(static_cast<std::uint8_t>(s.milestone)), out.time(s.time), out.text(text_[s.content]);
  }
  out.number(fields_.size());
  TextRef author_before{};
  for (const Latest& l : fields_) {
    out.byte(static_cast<std::uint8_t>(l.field)), out.time(l.time);
    out.text(text_[l.author] == text_[author_before] ? std::string_view{} : text_[l.author]);
    out.text(text_[l.value]);
    author_before = l.author;
  }
  out.number(attempts_.size());
  for (const auto time : attempts_) out.time(time);
}

template <typename Reader>
void AttributeRecord::read(Reader& in) {
  begin(in.text());
  for (std::size_t n = in.count(); n > 0; --n) {
    const auto milestone = known<Milestone>(in.byte());
    const auto time = in.time();
    milestones_.push_back({time, text_.keep(in.text()), milestone});
  }
  TextRef author{};
  for (std::size_t n = in.count(); n > 0; --n) {
    const auto field = known<Field>(in.byte());
    const auto time = in.time();
    if (const auto text = in.text(); !text.empty()) author = text_.keep(text);
    fields_.push_back({time, author, text_.keep(in.text()), field});
  }
  for (std::size_t n = in.count(); n > 0; --n) attempts_.push_back(in.time());
}

template void AttributeRecord::pack(StateWriter&) const;
template void AttributeRecord::pack(ListedWriter&) const;
template void AttributeRecord::pack(NumberedWriter&) const;
template void AttributeRecord::read(StateReader&);
template void AttributeRecord::read(NumberedReader&);

std::string AttributeRecord::canonical(std::string_view kind) const {
  std::string text = fmt::format("{}\x1f{}\n", kind, id());
  for (const Stated& s : milestones_) {
    text += fmt::format("{}\x1f{}\x1f{}\n", static_cast<int>(s.milestone), core::to_ms(s.time), text_[s.content]);
  }
  for (const Latest& l : fields_) {
    text += fmt::format("{}\x1f{}\x1f{}\x1f{}\n", static_cast<int>(l.field), core::to_ms(l.time), text_[l.author],
                        text_[l.value]);
  }
  for (const auto time : attempts_) text += fmt::format("{}\n", core::to_ms(time));
  return text;
}

}  // namespace processors

#include "processors/contact_record.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace processors {
namespace {

using core::EventType;
using core::NameId;

/// The kind of mark of an event type; the contact types come first, in the same order.
MarkKind kind_of(EventType type) {
  switch (type) {
    case EventType::kContactQueued:
      return MarkKind::kQueued;
    case EventType::kContactOffered:
      return MarkKind::kOffered;
    case EventType::kContactOfferEnded:
      return MarkKind::kOfferEnded;
    case EventType::kContactAnswered:
      return MarkKind::kAnswered;
    case EventType::kContactLeftQueue:
      return MarkKind::kLeft;
    case EventType::kContactHeld:
      return MarkKind::kHeld;
    case EventType::kContactRetrieved:
      return MarkKind::kRetrieved;
    case EventType::kContactTransferred:
      return MarkKind::kTransferred;
    case EventType::kContactEnded:
      return MarkKind::kEnded;
    case EventType::kContactWrapped:
      return MarkKind::kWrapped;
    case EventType::kContactDialled:
      return MarkKind::kDialled;
    case EventType::kContactConnected:
      return MarkKind::kConnected;
    default:
      return MarkKind::kMessage;
  }
}

/// The word behind a mark's code: codes are compared as bytes of their words.
std::string_view word_of(const Mark& mark) {
  switch (mark.kind) {
    case MarkKind::kQueued:
      return core::kEntryWords[mark.code];
    case MarkKind::kLeft:
      return core::kLeaveReasonWords[mark.code];
    case MarkKind::kOfferEnded:
      return core::kOfferEndWords[mark.code];
    case MarkKind::kEnded:
      return mark.code == 0 ? std::string_view{} : core::kEndedByWords[mark.code - 1];
    case MarkKind::kMessage:
      return core::kSpeakerWords[mark.code];
    default:
      return {};
  }
}

/// Keyed by visit or own id: the earliest time holds. The others have their time in the key.
bool is_milestone(const Mark& mark) {
  switch (mark.kind) {
    case MarkKind::kQueued:
    case MarkKind::kLeft:
      return true;
    case MarkKind::kOffered:
    case MarkKind::kOfferEnded:
    case MarkKind::kMessage:
      return mark.text != TextRef::kNone;
    default:
      return false;
  }
}

std::string_view text_of(const core::Event& event, MarkKind kind) {
  switch (kind) {
    case MarkKind::kQueued:
    case MarkKind::kOffered:
    case MarkKind::kOfferEnded:
    case MarkKind::kEnded:
    case MarkKind::kWrapped:
    case MarkKind::kMessage:
      return event.words[0];
    default:
      return {};
  }
}

template <typename T, typename Intern, typename TextOf>
bool state(Attribute<T>& attribute, std::string_view value, core::EventTime time, Intern&& intern, TextOf&& text) {
  if (value.empty()) return false;
  if (attribute.value != T{}) {
    if (time < attribute.time) return false;
    if (time == attribute.time && value >= text(attribute.value)) return false;
    if (text(attribute.value) == value) {
      attribute.time = time;
      return true;
    }
  }
  attribute = {intern(value), time};
  return true;
}

}  // namespace

void ContactRecord::begin(std::string_view id) {
  empty(visits_), empty(marks_), text_.clear();
  source_ = {};
  customer_ = {}, interaction_ = {}, lead_ = {}, own_ = {};
  has_messages_ = false;
  id_ = text_.keep(id);
}

/// As TextRow::keep(), but an offer's end names the offer as its begin did: the same text is not kept twice.
TextRef ContactRecord::keep_of_mark(std::string_view text, std::uint16_t check) {
  if (text.empty()) return TextRef::kNone;
  for (const Mark& mark : marks_) {
    if (has_text(mark, text, check)) return mark.text;
  }
  return text_.keep(text);
}

const Visit* ContactRecord::find_visit(std::string_view id) const {
  for (const Visit& visit : visits_) {
    if (text(visit.id) == id) return &visit;
  }
  return nullptr;
}

std::uint32_t ContactRecord::visit_of(std::string_view id) {
  if (const Visit* known = find_visit(id)) return static_cast<std::uint32_t>(known - visits_.data());
  visits_.push_back(Visit{id == this->id() ? id_ : text_.keep(id), {}, {}, {}});
  return static_cast<std::uint32_t>(visits_.size() - 1);
}

Change ContactRecord::merge_mark(Mark mark, std::string_view text, const core::Names& names) {
  mark.check = check_of(text);
  const auto same_key = [&](const Mark& m) {
    if (m.kind != mark.kind || (belongs_to_visit(mark.kind) && m.visit != mark.visit)) return false;
    if (mark.kind <= MarkKind::kLeft) return true;
    const bool by_id = mark.kind == MarkKind::kOffered || mark.kind == MarkKind::kOfferEnded ||
                       mark.kind == MarkKind::kMessage;
    if (by_id && (m.text != TextRef::kNone || !text.empty())) return has_text(m, text, mark.check);
    if (mark.kind == MarkKind::kMessage && m.code != mark.code) return false;
    return m.agent == mark.agent && m.time == mark.time;
  };
  const auto known = std::find_if(marks_.begin(), marks_.end(), same_key);
  Change change{true, false};
  if (known != marks_.end()) {
    const auto content = [&](const Mark& m, std::string_view t) {
      return std::tuple(m.time, word_of(m), t, names.text(m.agent));
    };
    const auto held = content(*known, this->text(known->text));
    const auto said = content(mark, text);
    change = {said < held, said != held && is_milestone(*known)};
    if (!change.changed) return change;
    mark.text = keep_of_mark(text, mark.check);
    marks_.erase(known);
  } else {
    // A message has its id alone.
    mark.text = mark.kind == MarkKind::kMessage && !text.empty() ? text_.keep(text) : keep_of_mark(text, mark.check);
  }
  const auto place = std::upper_bound(marks_.begin(), marks_.end(), mark, [](const Mark& a, const Mark& b) {
    return std::tie(a.time, a.kind) < std::tie(b.time, b.kind);
  });
  marks_.insert(place, mark);
  return change;
}

bool ContactRecord::merge_attributes(const core::Event& event, core::Names& names, Visit& of) {
  const auto intern = [&](std::string_view value) { return names.intern(value); };
  const auto name_text = [&](NameId id) { return names.text(id); };
  bool changed = state(of.client, event.client, event.time, intern, name_text);
  changed |= state(of.queue, event.queue, event.time, intern, name_text);
  changed |= state(of.channel, event.channel, event.time, intern, name_text);
  return changed;
}

bool ContactRecord::moves_visit(const core::Event& event, const core::Names& names) const {
  if (!belongs_to_visit(kind_of(event.type))) return false;
  const Visit* visit = find_visit(event.visit);
  if (visit == nullptr) return false;
  const auto differs = [&](const Attribute<NameId>& known, std::string_view stated) {
    return !stated.empty() && names.text(known.value) != stated;
  };
  return differs(visit->client, event.client) || differs(visit->queue, event.queue) ||
         differs(visit->channel, event.channel);
}

Change ContactRecord::merge(const core::Event& event, NameId source, core::Names& names) {
  Mark mark;
  mark.kind = kind_of(event.type);
  mark.time = event.time;
  mark.agent = names.intern(event.agent);
  mark.code = mark.kind == MarkKind::kEnded && event.code_stated ? static_cast<std::uint8_t>(event.code + 1) : event.code;
  if (belongs_to_visit(mark.kind)) mark.visit = visit_of(event.visit);
  Change change = merge_mark(mark, text_of(event, mark.kind), names);

  if (belongs_to_visit(mark.kind)) change.changed |= merge_attributes(event, names, visits_[mark.visit]);
  has_messages_ |= mark.kind == MarkKind::kMessage;
  if (mark.kind >= MarkKind::kDialled) change.changed |= merge_attributes(event, names, own_);
  const auto keep_text = [&](std::string_view value) { return text_.keep(value); };
  const auto kept_text = [&](TextRef ref) { return text(ref); };
  change.changed |= state(customer_, event.customer, event.time, keep_text, kept_text);
  if (event.interaction != id()) {
    change.changed |= state(interaction_, event.interaction, event.time, keep_text, kept_text);
  }
  change.changed |= state(lead_, event.lead, event.time, keep_text, kept_text);
  if (source != NameId::kNone && (source_ == NameId::kNone || names.text(source) < names.text(source_))) {
    source_ = source;
    change.changed = true;
  }
  return change;
}

std::optional<core::EventTime> ContactRecord::time_of_message(std::string_view id) const {
  if (id.empty()) return std::nullopt;
  const std::uint16_t check = check_of(id);
  for (const Mark& mark : marks_) {
    if (mark.kind == MarkKind::kMessage && has_text(mark, id, check)) return mark.time;
  }
  return std::nullopt;
}

std::string ContactRecord::canonical(const core::Names& names, bool without_wrap) const {
  std::vector<std::string> lines;
  const auto attributes = [&](std::string_view what, const Visit& v) {
    lines.push_back(fmt::format("{}\x1f{}@{}\x1f{}@{}\x1f{}@{}", what, names.text(v.client.value), core::to_ms(v.client.time),
                                names.text(v.queue.value), core::to_ms(v.queue.time), names.text(v.channel.value),
                                core::to_ms(v.channel.time)));
  };
  for (const Visit& visit : visits_) attributes(text(visit.id), visit);
  for (const Mark& m : marks_) {
    lines.push_back(fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", belongs_to_visit(m.kind) ? text(visits_[m.visit].id) : "",
                                static_cast<int>(m.kind), core::to_ms(m.time), names.text(m.agent), word_of(m),
                                text(m.text)));
  }
  std::sort(lines.begin(), lines.end());
  attributes("outbound", own_);
  for (const auto* a : {&customer_, &interaction_, &lead_}) {
    lines.push_back(fmt::format("{}@{}", text(a->value), core::to_ms(a->time)));
  }
  return fmt::format("contact\x1f{}\x1f{}\n{}\n", id(), without_wrap, fmt::join(lines, "\n"));
}

}  // namespace processors

// A contact's record as bytes: for the store with the text of its names, for memory with their numbers.
#include <algorithm>

#include "processors/contact_record.h"
#include "processors/listed_names.h"

namespace processors {
namespace {

using core::NameId;

std::size_t words_of(MarkKind kind) {
  switch (kind) {
    case MarkKind::kQueued:
      return core::kEntries;
    case MarkKind::kLeft:
      return core::kLeaveReasons;
    case MarkKind::kOfferEnded:
      return core::kOfferEnds;
    case MarkKind::kEnded:
      return core::kEndedBys + 1;
    case MarkKind::kMessage:
      return core::kSpeakers;
    default:
      return 1;
  }
}

}  // namespace

template <typename Writer>
void ContactRecord::pack(Writer& out) const {
  out.text(id());
  out.name(source_);
  core::EventTime base = marks_.empty() ? core::EventTime{} : marks_.front().time;
  out.time(base);
  const auto attribute = [&](const Attribute<NameId>& a) {
    out.name(a.value);
    if (a.value != NameId::kNone) out.signed_number((a.time - base).count());
  };
  const auto attributes = [&](const Visit& visit) {
    attribute(visit.client), attribute(visit.queue), attribute(visit.channel);
  };
  out.number(visits_.size());
  for (const Visit& visit : visits_) {
    out.text(visit.id == id_ ? std::string_view{} : text(visit.id));
    attributes(visit);
  }
  out.number(marks_.size());
  for (const Mark& mark : marks_) {
    out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(mark.kind) << 4U | mark.code));
    out.signed_number((mark.time - base).count());
    if (belongs_to_visit(mark.kind)) out.number(mark.visit);
    out.name(mark.agent);
    out.text(text(mark.text));
    base = mark.time;
  }
  base = marks_.empty() ? core::EventTime{} : marks_.front().time;
  attributes(own_);
  for (const auto* a : {&customer_, &interaction_, &lead_}) {
    out.text(text(a->value));
    if (a->value != TextRef::kNone) out.signed_number((a->time - base).count());
  }
}

template <typename Reader>
void ContactRecord::read(Reader& in) {
  begin(in.text());
  source_ = in.name();
  const core::EventTime first = in.time();
  const auto attribute = [&](Attribute<NameId>& a) {
    a.value = in.name();
    if (a.value != NameId::kNone) a.time = in.time_after(first);
  };
  const auto attributes = [&](Visit& visit) {
    attribute(visit.client), attribute(visit.queue), attribute(visit.channel);
  };
  for (std::size_t n = in.count(); n > 0; --n) {
    Visit visit;
    const std::string_view id = in.text();
    visit.id = id.empty() ? id_ : text_.keep(id);
    attributes(visit);
    visits_.push_back(visit);
  }
  core::EventTime base = first;
  const std::size_t marks = in.count();
  marks_.reserve(std::min<std::size_t>(marks, 64));  // A damaged count must not take all memory.
  for (std::size_t n = marks; n > 0; --n) {
    Mark mark;
    const std::uint8_t kind_and_code = in.byte();
    mark.kind = static_cast<MarkKind>(kind_and_code >> 4U);
    mark.code = kind_and_code & 15U;
    if (mark.kind > MarkKind::kMessage || mark.code >= words_of(mark.kind)) throw core::CorruptState("an unknown mark");
    base = mark.time = in.time_after(base);
    if (belongs_to_visit(mark.kind)) {
      const std::uint64_t visit = in.number();
      if (visit >= visits_.size()) throw core::CorruptState("a mark of an unknown visit");
      mark.visit = static_cast<std::uint32_t>(visit);
    }
    has_messages_ |= mark.kind == MarkKind::kMessage;
    mark.agent = in.name();
    const std::string_view text = in.text();
    mark.check = check_of(text);
    mark.text = keep_of_mark(text, mark.check);
    marks_.push_back(mark);
  }
  attributes(own_);
  for (auto* a : {&customer_, &interaction_, &lead_}) {
    a->value = text_.keep(in.text());
    if (a->value != TextRef::kNone) a->time = in.time_after(first);
  }
}

template void ContactRecord::pack(StateWriter&) const;
template void ContactRecord::pack(ListedWriter&) const;
template void ContactRecord::pack(NumberedWriter&) const;
template void ContactRecord::read(StateReader&);
template void ContactRecord::read(NumberedReader&);

}  // namespace processors

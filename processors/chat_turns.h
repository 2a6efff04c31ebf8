// The turns of a chat: each first unanswered message of the customer, and the agent's message that answers it.
//
// A chat starts with the customer's first message. It closes when a visit leaves its queue or talking ends and then
// neither a visit waits nor an agent talks; the customer's next message starts it anew. What bots and systems write is
// no answer. At equal times visits begin first, then come messages, the customer's before the agents'
// (docs/decisions/0012-chats.md).
#pragma once

#include <boost/container/small_vector.hpp>

#include "processors/contact_record.h"
#include "processors/rules.h"

namespace processors {

struct TurnView {
  enum class Outcome : std::uint8_t { kOpen, kAnswered, kClosed };
  CellKey key;                                ///< Of the visit in which the customer wrote: (client, queue, channel).
  bool first = false;                         ///< Its answer is the chat's first response.
  Outcome outcome{};                          ///< kClosed: the chat closed before an agent wrote.
  core::NameId agent{};                       ///< Who answered.
  core::EventTime arrival{}, begin{}, end{};  ///< The chat's start, the customer's message, what ended the turn.
  core::Millis span() const { return end - begin; }
  friend bool operator==(const TurnView&, const TurnView&) = default;
};

/// Where a turn that has not ended counts.
inline core::EventTime counted_in(core::Basis basis, const TurnView& t) {
  return basis == core::Basis::kArrival ? t.arrival : t.begin;
}

using Turns = boost::container::small_vector<TurnView, 4>;
/// All but the last one have ended.
inline bool is_open(const Turns& turns) { return !turns.empty() && turns.back().outcome == TurnView::Outcome::kOpen; }

/// In order of time; those that ended before `from` are left out. None where the record has no messages.
Turns turns_of(const ContactRecord& record, Rules& rules, const core::Names& names,
               core::EventTime from = core::EventTime::min());

/// The turns without the record's last mark, which nothing else shares its instant with, and with it; those that ended
/// before it are left out.
struct TurnChange {
  Turns before, after;
  bool busy = false;  ///< A visit waits or an agent talks, with it.
};
TurnChange turns_around_last(const ContactRecord& record, Rules& rules, const core::Names& names);

/// Whether the event is later than all that is known of its contact and changes none but the turns around it: if it
/// moves no visit, turns_around_last() says what it has changed.
bool changes_last_turns(const core::Event& event, const ContactRecord& record);

/// Turns that ended before it stay as they are when `event` is merged; max(): all do.
core::EventTime turns_changed_from(const core::Event& event, const ContactRecord& record);

}  // namespace processors

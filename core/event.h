// The canonical event: what every source's events become, and all that processors ever see of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/decimal.h"
#include "core/time.h"

namespace core {

/// The event types of the contract, in its order. The order is part of the store's format: append only.
enum class EventType : std::uint8_t {
  kContactQueued,
  kContactOffered,
  kContactOfferEnded,
  kContactAnswered,
  kContactLeftQueue,
  kContactHeld,
  kContactRetrieved,
  kContactTransferred,
  kContactEnded,
  kContactWrapped,
  kContactDialled,
  kContactConnected,
  kChatMessage,
  kAgentState,
  kScheduleShift,
  kLeadCreated,
  kLeadAssigned,
  kLeadContacted,
  kLeadClosed,
  kDealOpened,
  kDealUpdated,
  kDealWon,
  kDealLost,
};
inline constexpr std::size_t kEventTypes = 23;

/// What an event is of, by its type; queue visits, segments and chats are of a contact.
enum class Entity : std::uint8_t { kContact, kAgent, kLead, kDeal };
constexpr Entity entity_of(EventType type) {
  if (type <= EventType::kChatMessage) return Entity::kContact;
  if (type <= EventType::kScheduleShift) return Entity::kAgent;
  return type <= EventType::kLeadClosed ? Entity::kLead : Entity::kDeal;
}

/// Closed lists of words; the order of each is part of the store's format: append only.
enum class Entry : std::uint8_t { kInbound, kTransfer, kCallback, kRequeue };
enum class LeaveReason : std::uint8_t {
  kCaller,
  kCallerRinging,
  kTimeout,
  kClosed,
  kNoAgents,
  kOverflow,
  kExitKey,
  kVoicemail,
  kCallbackRequested,
  kTransferred,
  kSystemError,
};
enum class OfferEnd : std::uint8_t { kAccepted, kTimeout, kRejected, kCallerLeft, kError };
enum class EndedBy : std::uint8_t { kCustomer, kAgent, kSystem };
enum class Speaker : std::uint8_t { kCustomer, kAgent, kBot, kSystem };
enum class AgentState : std::uint8_t { kOffline, kAvailable, kRinging, kOnContact, kWrap, kAway };
inline constexpr std::size_t kEntries = 4, kLeaveReasons = 11, kOfferEnds = 5, kEndedBys = 3, kSpeakers = 4,
                             kAgentStates = 6;

/// The contract's words, indexed by the enum's value.
inline constexpr std::array<std::string_view, kEventTypes> kEventTypeWords = {
    "contact.queued",   "contact.offered",   "contact.offer_ended", "contact.answered", "contact.left_queue",
    "contact.held",     "contact.retrieved", "contact.transferred", "contact.ended",    "contact.wrapped",
    "contact.dialled",  "contact.connected", "chat.message",        "agent.state",      "schedule.shift",
    "lead.created",     "lead.assigned",     "lead.contacted",      "lead.closed",      "deal.opened",
    "deal.updated",     "deal.won",          "deal.lost"};
inline constexpr std::array<std::string_view, kEntries> kEntryWords = {"inbound", "transfer", "callback", "requeue"};
inline constexpr std::array<std::string_view, kLeaveReasons> kLeaveReasonWords = {
    "caller",   "caller_ringing", "timeout",   "closed",             "no_agents",   "overflow",
    "exit_key", "voicemail",      "callback_requested", "transferred", "system_error"};
inline constexpr std::array<std::string_view, kOfferEnds> kOfferEndWords = {"accepted", "timeout", "rejected",
                                                                           "caller_left", "error"};
inline constexpr std::array<std::string_view, kEndedBys> kEndedByWords = {"customer", "agent", "system"};
inline constexpr std::array<std::string_view, kSpeakers> kSpeakerWords = {"customer", "agent", "bot", "system"};
inline constexpr std::array<std::string_view, kAgentStates> kAgentStateWords = {"offline", "available",  "ringing",
                                                                               "on_contact", "wrap", "away"};

template <typename Enum>
constexpr std::size_t index(Enum value) {
  return static_cast<std::size_t>(value);
}

/// One named cost of a deal.
struct Cost {
  std::string_view name;
  Decimal amount;
};

/// A valid canonical event. Defaults of the contract are already applied (`visit`, `contact`, `agent`, `lead`, `deal`
/// from `subject` or each other), so what is empty here was not stated. Text is borrowed from the batch that was
/// decoded and lives until that batch is dropped.
///
/// What nearly all events have comes first: of an event on its way to its record only that much is asked for ahead.
struct Event {
  EventType type{};
  std::uint8_t code = 0;   ///< Entry, LeaveReason, OfferEnd, EndedBy, Speaker or AgentState, as the type says.
  bool code_stated = false;  ///< false where the optional word (`entry`, `ended_by`) was absent; `code` is 0 then.
  std::optional<bool> reached, automated;  ///< lead.contacted
  std::uint32_t message = 0;               ///< Index of the raw message in its batch.
  EventTime time{};

  std::string_view contact, agent, client, queue, channel, visit;
  /// Words that only some types have; the named accessors below say which.
  std::array<std::string_view, 3> words{};
  std::string_view source, id, customer, interaction, lead;
  static constexpr std::size_t kUsualBytes = 248;  ///< Up to here.

  std::string_view deal;
  std::string_view currency;                   ///< deal.*: three capitals
  std::optional<Decimal> amount;               ///< deal.*
  std::optional<std::span<const Cost>> costs;  ///< deal.*: the whole object, in order of name bytes, names unique
  std::optional<std::span<const std::string_view>> queues;  ///< agent.state: the queues the agent serves
  std::optional<std::int32_t> capacity;                     ///< agent.state
  EventTime from{}, to{};                                   ///< schedule.shift

  std::string_view parent() const { return words[0]; }       ///< contact.queued: the visit it came from
  std::string_view offer() const { return words[0]; }        ///< contact.offered, contact.offer_ended
  std::string_view result() const { return words[0]; }       ///< contact.ended, lead.closed
  std::string_view disposition() const { return words[0]; }  ///< contact.wrapped
  std::string_view message_id() const { return words[0]; }   ///< chat.message
  std::string_view reason() const { return words[0]; }       ///< agent.state, deal.lost, deal.won
  std::string_view activity() const { return words[0]; }     ///< schedule.shift
  std::string_view campaign() const { return words[0]; }     ///< lead.created
  std::string_view origin() const { return words[1]; }       ///< lead.created
  std::string_view to_queue() const { return words[0]; }     ///< contact.transferred
  std::string_view to_agent() const { return words[1]; }     ///< contact.transferred
  std::string_view to_external() const { return words[2]; }  ///< contact.transferred
  std::string_view product() const { return words[1]; }      ///< deal.*
  std::string_view stage() const { return words[2]; }        ///< deal.*
};

static_assert(offsetof(Event, deal) == Event::kUsualBytes);

/// The id by which an event finds its home shard: that of its entity.
std::string_view routing_key(const Event& event);

}  // namespace core

// The contract's tables: attributes of the envelope, fields of `data`, and which type of event knows which field.
//
// Thread-safe: constants only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/event.h"
#include "ingest/word_table.h"

namespace ingest {

enum class Attribute : std::uint8_t { kSpecVersion, kId, kSource, kType, kTime, kSubject, kPartitionKey, kData };
inline constexpr std::size_t kAttributes = 8;
inline constexpr WordTable<kAttributes> kAttributeNames{
    {"specversion", "id", "source", "type", "time", "subject", "partitionkey", "data"}};

/// The bits of the first five.
inline constexpr std::uint64_t kRequiredAttributes = 0b11111;

/// The first ten are the fields that several types share, in the order of kSharedMembers.
enum class Field : std::uint8_t {
  kClient,
  kQueue,
  kChannel,
  kContact,
  kInteraction,
  kCustomer,
  kAgent,
  kLead,
  kDeal,
  kVisit,
  kEntry,
  kParent,
  kOffer,
  kReason,
  kToQueue,
  kToAgent,
  kToExternal,
  kEndedBy,
  kResult,
  kDisposition,
  kFrom,
  kTo,
  kMessage,
  kState,
  kQueues,
  kCapacity,
  kActivity,
  kCampaign,
  kOrigin,
  kReached,
  kAutomated,
  kAmount,
  kCurrency,
  kProduct,
  kStage,
  kCosts,
};
inline constexpr std::size_t kFields = 36;
inline constexpr WordTable<kFields> kFieldNames{
    {"client",      "queue",    "channel",  "contact",     "interaction", "customer", "agent",     "lead",
     "deal",        "visit",    "entry",    "parent",      "offer",       "reason",   "to_queue",  "to_agent",
     "to_external", "ended_by", "result",   "disposition", "from",        "to",       "message",   "state",
     "queues",      "capacity", "activity", "campaign",    "origin",      "reached",  "automated", "amount",
     "currency",    "product",  "stage",    "costs"}};

inline constexpr std::array<std::string_view core::Event::*, 10> kSharedMembers = {
    &core::Event::client,      &core::Event::queue,    &core::Event::channel, &core::Event::contact,
    &core::Event::interaction, &core::Event::customer, &core::Event::agent,   &core::Event::lead,
    &core::Event::deal,        &core::Event::visit};

/// What a field means in events of one type, and thereby how it is read and where it goes.
enum class Role : std::uint8_t {
  kUnknown,  ///< The type has no such field: ignored.
  kShared,   ///< A name for its member of Event.
  kWord0,
  kWord1,
  kWord2,  ///< A name for Event::words.
  kEntry,
  kLeaveReason,
  kOfferEnd,
  kEndedBy,
  kSpeaker,
  kState,  ///< A word of a closed list.
  kShiftFrom,
  kShiftTo,
  kReached,
  kAutomated,
  kAmount,
  kCurrency,
  kCosts,
  kQueues,
  kCapacity,
};

constexpr std::uint64_t bit(Field field) { return std::uint64_t{1} << static_cast<unsigned>(field); }

/// The bits of the shared fields, which are names in every type of event.
inline constexpr std::uint64_t kSharedFields = (std::uint64_t{1} << kSharedMembers.size()) - 1;

struct TypeRules {
  std::array<Role, kFields> roles{};
  std::uint64_t known = 0;     ///< Bits of the fields that have a role.
  std::uint64_t required = 0;  ///< Of these, after the defaults were applied.
};

/// Indexed by core::EventType.
extern const std::array<TypeRules, core::kEventTypes> kTypeRules;

}  // namespace ingest

// The entities that an event touches, and the ids by which they find their home shards.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/event.h"
#include "core/text_hash.h"

namespace processors {

/// Which of an event's entities is meant: an outbound attempt touches its contact and, at another home, its lead.
enum class Touch : std::uint8_t { kHome, kLead };
/// Whether an event touches a lead beside its home: an attempt that names one.
inline bool touches_lead(const core::Event& event) {
  const bool outbound =
      event.type == core::EventType::kContactDialled || event.type == core::EventType::kContactConnected;
  return outbound && !event.lead.empty();
}
/// The kind of the touched entity.
inline core::Entity entity_of(const core::Event& event, Touch touch) {
  return touch == Touch::kLead ? core::Entity::kLead : core::entity_of(event.type);
}

/// The id by which the touched entity finds its home shard, and its record there.
inline std::string_view home_key(const core::Event& event, Touch touch) {
  return touch == Touch::kLead ? event.lead : core::routing_key(event);
}
/// Its text_hash().
inline std::uint64_t home_hash(const core::Event& event, Touch touch) {
  return core::text_hash(home_key(event, touch));
}

}  // namespace processors

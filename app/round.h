// A round: the messages that are applied together, decoded in stretches, and which of their events each shard is given.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/batch.h"
#include "processors/shard.h"

namespace app {

/// An event on its way to one of its homes.
struct Routed {
  std::uint64_t hash;   ///< processors::home_hash()
  std::uint32_t event;  ///< place in Stretch::decoded
  processors::Touch touch;
};

struct ShardCounts {
  std::uint64_t applied = 0, duplicate = 0, conflict = 0;
  ShardCounts& operator+=(const ShardCounts& other) {
    applied += other.applied, duplicate += other.duplicate, conflict += other.conflict;
    return *this;
  }
};

/// One worker's stretch of a round. Confined to its worker while it is decoded, read by all afterwards.
///
/// Where most of its events have the same home, and the worker owns that shard, they are applied a few at a time as
/// soon as they are decoded, while they and their texts are near; what goes elsewhere waits for the second step.
class Stretch {
 public:
  explicit Stretch(std::uint32_t shards) : by_shard(shards) {}

  core::DecodedBatch decoded;  ///< Its events are those that wait.
  std::vector<std::vector<Routed>> by_shard;
  ShardCounts counts;                  ///< Of what was applied at once.
  std::uint64_t routed = 0, late = 0;  ///< events, and how many of them are late
  /// Largest event time, by partition's index in the batch; absent of those without events.
  std::vector<std::optional<core::EventTime>> latest;

  /// Begins anew. `home`: the shard of this number, whose worker decodes the stretch.
  void begin(processors::Shard* home = nullptr, std::uint32_t number = 0);
  /// Puts the event at this place down for its homes, as soon as it is decoded: it is still near.
  void route(std::uint32_t event, std::uint32_t partition, std::optional<core::EventTime> late_before);
  /// The messages decoded so far are routed: what is at home is applied once there is enough of it, or at the `end`.
  void apply_at_home(bool end);

 private:
  struct Leaving {
    std::uint32_t shard;
    Routed way;
  };
  void put(std::uint32_t event, processors::Touch touch);
  void move_up_leaving();

  processors::Shard* home_ = nullptr;
  std::uint32_t home_number_ = 0;
  std::vector<Routed> at_home_;   ///< Of the events since `first_`: those to be applied now,
  std::vector<Leaving> leaving_;  ///< and those that wait, in their order.
  std::uint32_t first_ = 0;
};

/// Applies to a shard its events of a stretch, in their order, and adds to `counts` what they did.
void apply_to(processors::Shard& shard, std::uint32_t number, const Stretch& stretch, ShardCounts& counts);

}  // namespace app

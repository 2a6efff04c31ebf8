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

/// One worker's stretch of a round. Confined to its worker while it is decoded, read by all afterwards.
class Stretch {
 public:
  explicit Stretch(std::uint32_t shards) : by_shard(shards) {}

  core::DecodedBatch decoded;
  std::vector<std::vector<Routed>> by_shard;
  std::uint64_t late = 0;  ///< events
  /// Largest event time, by partition's index in the batch; absent of those without events.
  std::vector<std::optional<core::EventTime>> latest;

  /// Puts the event at this place down for its homes, as soon as it is decoded: it is still near.
  void route(std::uint32_t event, std::uint32_t partition, std::optional<core::EventTime> late_before);
  void clear();
};

struct ShardCounts {
  std::uint64_t applied = 0, duplicate = 0, conflict = 0;
};

/// Applies to a shard its events of a stretch, in their order, and adds to `counts` what they did.
void apply_to(processors::Shard& shard, std::uint32_t number, const Stretch& stretch, ShardCounts& counts);

}  // namespace app

// The state digest: one number that is equal exactly when two stores hold the same records and cells.
#pragma once

#include <span>
#include <string>

#include "processors/shard.h"

namespace processors {

/// SHA-256, as 64 hexadecimal digits, over the records in a canonical form (names instead of numbers, by kind and id)
/// and then the 15-minute cells summed over shards, zero cells left out. Slices, shards, clocks, status and counters
/// are not in it. Only to be called while no shard is being changed.
std::string state_digest(std::span<Shard* const> shards);

}  // namespace processors

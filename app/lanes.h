// Lanes: how the messages of a round are divided among those who decode them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/batch.h"

namespace app {

/// Where a topic is keyed by Kafka's own partitioner and has a multiple of the number of shards as partitions, all
/// events of a partition have the same home: then each shard has a lane, with the messages of its partitions. Else
/// there is a lane for every worker, all equally long; so it is, too, where there are fewer shards than workers, or a
/// round has most of its messages for one of them. A topic whose producer used other keys has lanes by shards: its
/// events are handed over, as with any lane. Within a lane messages keep their order. Divided by one thread, then read
/// by all.
class Lanes {
 public:
  Lanes(std::uint32_t shards, std::size_t workers) : shards_(shards), workers_(workers) {}

  /// For the rounds of a batch that has these partitions.
  void begin(std::span<const core::PartitionState> partitions);
  /// Divides the messages of a round; `first` is the place of the first one in its batch. `alone`: one worker has them
  /// all.
  void divide(std::span<const core::RawMessage> round, std::size_t first, bool alone);

  std::size_t size() const { return ends_.size(); }
  /// The messages' places in their batch.
  std::span<const std::uint32_t> operator[](std::size_t lane) const {
    const std::size_t begin = lane == 0 ? 0 : ends_[lane - 1];
    return std::span(places_).subspan(begin, ends_[lane] - begin);
  }
  /// Lane i belongs to shard i.
  bool by_shard() const { return by_shard_; }

 private:
  void divide_equally(std::size_t size, std::size_t first);
  bool uneven(std::size_t size) const;

  const std::uint32_t shards_;
  const std::size_t workers_;
  std::vector<std::uint32_t> homes_;  ///< By partition of the batch; empty where lanes are no shard's.
  bool by_shard_ = false;
  std::vector<std::uint32_t> places_;
  std::vector<std::size_t> ends_;  ///< by lane, in places_
};

}  // namespace app

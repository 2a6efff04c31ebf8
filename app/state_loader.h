// A start reads the store's state in one pass, and all workers restore it: each its own shards.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/workers.h"
#include "processors/shard.h"

namespace app {

/// Keeps what the store hands over until it is worth a round of all workers. Confined to one thread.
class StateLoader {
 public:
  StateLoader(Workers& workers, std::span<processors::Shard* const> shards);

  /// The next page or journal entry of a shard, in the order of core::Store::load(). Ignored after damage.
  void take(std::uint32_t shard, std::string_view bytes);
  /// After the last one.
  void finish();
  /// What is wrong with the state, in words; empty if nothing is.
  const std::string& damage() const { return damage_; }

 private:
  void restore();
  /// On all workers; the first damage that a job meets is kept.
  void each_shard(const std::function<void(std::size_t)>& job);

  Workers& workers_;
  std::span<processors::Shard* const> shards_;
  std::vector<std::vector<std::string>> waiting_;  ///< by shard
  std::size_t waiting_bytes_ = 0;
  std::string damage_;
};

}  // namespace app

// A start reads the store's state in one pass, and all workers restore it, each its own shards, while the next part is
// read.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/workers.h"
#include "processors/shard.h"

namespace app {

/// Keeps what the store hands over until it is worth a round of all workers. Confined to one thread; from the first
/// take() until finish(), or the end of the loader, the workers and the shards are lent to a thread of its own.
class StateLoader {
 public:
  /// Several pieces of every shard, little beside what they become.
  static constexpr std::size_t kRoundBytes = 4 << 20;

  /// `round_bytes`: so much is worth a round.
  StateLoader(Workers& workers, std::span<processors::Shard* const> shards, std::size_t round_bytes = kRoundBytes);
  StateLoader(const StateLoader&) = delete;
  StateLoader& operator=(const StateLoader&) = delete;

  /// The next page or journal entry of a shard, in the order of core::Store::load(). Ignored after damage.
  void take(std::uint32_t shard, std::string_view bytes);
  /// After the last one.
  void finish();
  /// What is wrong with the state, in words; empty if nothing is. After finish() it is final.
  const std::string& damage() const { return damage_; }

 private:
  using Pieces = std::vector<std::vector<std::string>>;  ///< by shard

  void restore();
  void wait();
  /// On all workers; the first damage that a job meets, or nothing.
  std::string each_shard(const std::function<void(std::size_t)>& job);

  Workers& workers_;
  const std::size_t round_bytes_;
  std::span<processors::Shard* const> shards_;
  Pieces waiting_, restoring_;
  std::size_t waiting_bytes_ = 0;
  std::string damage_;
  std::future<std::string> running_;  ///< The round under way, on `restoring_`: destroying it waits for its end.
};

}  // namespace app

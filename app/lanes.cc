#include "app/lanes.h"

#include <algorithm>
#include <numeric>

namespace app {

void Lanes::begin(std::span<const core::PartitionState> partitions) {
  homes_.clear();
  const bool apart = shards_ >= workers_ && std::ranges::all_of(partitions, [&](const core::PartitionState& partition) {
                       return partition.of_topic > 0 && partition.of_topic % shards_ == 0;
                     });
  if (!apart) return;
  for (const auto& partition : partitions) homes_.push_back(partition.number % shards_);
}

void Lanes::divide(std::span<const core::RawMessage> round, std::size_t first, bool alone) {
  by_shard_ = !homes_.empty();
  if (!by_shard_) return divide_equally(round.size(), first);
  ends_.assign(shards_, 0);
  for (const auto& message : round) ++ends_[homes_[message.partition]];
  if (!alone && uneven(round.size())) return divide_equally(round.size(), first);
  // Each lane's end moves from its beginning to where it is.
  std::exclusive_scan(ends_.begin(), ends_.end(), ends_.begin(), std::size_t{0});
  places_.resize(round.size());
  for (std::size_t i = 0; i < round.size(); ++i) {
    places_[ends_[homes_[round[i].partition]]++] = static_cast<std::uint32_t>(first + i);
  }
}

void Lanes::divide_equally(std::size_t size, std::size_t first) {
  by_shard_ = false;
  places_.resize(size);
  std::iota(places_.begin(), places_.end(), static_cast<std::uint32_t>(first));
  ends_.resize(workers_);
  for (std::size_t w = 0; w < workers_; ++w) ends_[w] = size * (w + 1) / workers_;
}

/// Whether a worker, with every workers_-th lane, would have half as much again as its share, while `ends_` are
/// lengths.
bool Lanes::uneven(std::size_t size) const {
  for (std::size_t w = 0; w < workers_ && workers_ > 1; ++w) {
    std::size_t own = 0;
    for (std::size_t lane = w; lane < shards_; lane += workers_) own += ends_[lane];
    if (own * workers_ * 2 > size * 3) return true;
  }
  return false;
}

}  // namespace app

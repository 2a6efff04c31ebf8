#include "app/state_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/packed.h"

namespace app {
namespace {

/// Several pieces of every shard, little beside what they become, and soon done: the owner's heart beats between
/// rounds.
constexpr std::size_t kWorthARound = 4 << 20;

std::string damaged(std::size_t shard, std::string_view what) {
  return fmt::format("the store's state of shard {} is damaged: {}; replay the log into a new store", shard, what);
}

}  // namespace

StateLoader::StateLoader(Workers& workers, std::span<processors::Shard* const> shards)
    : workers_(workers), shards_(shards), waiting_(shards.size()) {}

void StateLoader::take(std::uint32_t shard, std::string_view bytes) {
  if (!damage_.empty()) return;
  if (shard >= shards_.size()) {
    damage_ = damaged(shard, "a shard that the store does not have");
    return;
  }
  waiting_[shard].emplace_back(bytes);
  waiting_bytes_ += bytes.size();
  if (waiting_bytes_ >= kWorthARound) restore();
}

void StateLoader::restore() {
  each_shard([&](std::size_t s) {
    for (const std::string& piece : waiting_[s]) {
      shards_[s]->prepare(piece);
      shards_[s]->restore(piece);
    }
  });
  for (auto& pieces : waiting_) pieces.clear();
  waiting_bytes_ = 0;
}

void StateLoader::each_shard(const std::function<void(std::size_t)>& job) {
  std::vector<std::optional<std::string>> wrong(shards_.size());
  workers_.each(shards_.size(), [&](std::size_t s) {
    try {
      job(s);
    } catch (const core::CorruptState& error) {
      wrong[s] = damaged(s, error.what());
    }
  });
  const auto first = std::find_if(wrong.begin(), wrong.end(), [](const auto& words) { return words.has_value(); });
  if (first != wrong.end()) damage_ = **first;
}

void StateLoader::finish() {
  if (damage_.empty()) restore();
  if (!damage_.empty()) return;
  each_shard([&](std::size_t s) { shards_[s]->restored(), shards_[s]->total_up(); });
}

}  // namespace app

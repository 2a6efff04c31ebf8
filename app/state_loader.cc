#include "app/state_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/packed.h"

namespace app {
namespace {

std::string damaged(std::size_t shard, std::string_view what) {
  return fmt::format("the store's state of shard {} is damaged: {}; replay the log into a new store", shard, what);
}

}  // namespace

StateLoader::StateLoader(Workers& workers, std::span<processors::Shard* const> shards, std::size_t round_bytes)
    : workers_(workers),
      round_bytes_(round_bytes),
      shards_(shards),
      waiting_(shards.size()),
      restoring_(shards.size()) {}

void StateLoader::take(std::uint32_t shard, std::string_view bytes) {
  if (!damage_.empty()) return;
  if (shard >= shards_.size()) {
    damage_ = damaged(shard, "a shard that the store does not have");
    return;
  }
  waiting_[shard].emplace_back(bytes);
  waiting_bytes_ += bytes.size();
  if (waiting_bytes_ >= round_bytes_) restore();
}

/// Begins a round with what waits, once the one before has ended.
void StateLoader::restore() {
  wait();
  std::swap(waiting_, restoring_);
  for (auto& pieces : waiting_) pieces.clear();
  waiting_bytes_ = 0;
  if (!damage_.empty()) return;
  running_ = std::async(std::launch::async, [this] {
    return each_shard([this](std::size_t s) {
      for (const std::string& piece : restoring_[s]) {
        shards_[s]->prepare(piece);
        shards_[s]->restore(piece);
      }
    });
  });
}

void StateLoader::wait() {
  if (!running_.valid()) return;
  std::string damage = running_.get();
  if (damage_.empty()) damage_ = std::move(damage);
}

std::string StateLoader::each_shard(const std::function<void(std::size_t)>& job) {
  std::vector<std::optional<std::string>> wrong(shards_.size());
  workers_.each(shards_.size(), [&](std::size_t s) {
    try {
      job(s);
    } catch (const core::CorruptState& error) {
      wrong[s] = damaged(s, error.what());
    }
  });
  const auto first = std::find_if(wrong.begin(), wrong.end(), [](const auto& words) { return words.has_value(); });
  return first != wrong.end() ? **first : std::string{};
}

void StateLoader::finish() {
  restore();
  wait();
  if (!damage_.empty()) return;
  damage_ = each_shard([&](std::size_t s) { shards_[s]->restored(), shards_[s]->total_up(); });
}

}  // namespace app

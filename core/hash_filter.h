// Which hashes may have been added: some thirteen bits each, never wrong about one that was, of a million in less than
// one of fifty about one that was not. (A blocked Bloom filter, F. Putze et al., "Cache-, hash- and space-efficient
// Bloom filters", 2007, in layers that double, since nobody knows how many will come.)
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace core {

/// Hashes must be good ones (text_hash). Confined to one thread.
class HashFilter {
 public:
  void add(std::uint64_t hash) {
    if (layers_.empty() || layers_.back().size == layers_.back().blocks.size() * kPerBlock) {
      layers_.push_back({std::vector<Block>(layers_.empty() ? kFirstBlocks : 2 * layers_.back().blocks.size()), 0});
    }
    Layer& layer = layers_.back();
    Block& block = layer.blocks[hash % layer.blocks.size()];
    each_bit(hash, [&](std::size_t word, std::uint64_t bit) { return block[word] |= bit, true; });
    ++layer.size;
  }
  bool may_hold(std::uint64_t hash) const {
    for (const Layer& layer : layers_) {
      const Block& block = layer.blocks[hash % layer.blocks.size()];
      if (each_bit(hash, [&](std::size_t word, std::uint64_t bit) { return (block[word] & bit) != 0; })) return true;
    }
    return false;
  }
  bool empty() const { return layers_.empty(); }
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Layer& layer : layers_) sum += layer.blocks.size() * sizeof(Block);
    return sum;
  }

 private:
  using Block = std::array<std::uint64_t, 8>;  ///< A line of the processor's cache.
  /// 512 bits for 40 hashes. A full layer is wrong about one in some 300, and every layer is asked.
  static constexpr std::size_t kPerBlock = 40;
  static constexpr std::size_t kFirstBlocks = 1021;
  struct Layer {
    std::vector<Block> blocks;
    std::size_t size = 0;
  };

  /// Seven bits of a block, nine bits of the hash for each; stops where `visit` says false.
  template <typename Visit>
  static bool each_bit(std::uint64_t hash, Visit&& visit) {
    std::uint64_t bits = (hash ^ (hash >> 31)) * 0x9e3779b97f4a7c15ULL;
    for (int i = 0; i < 7; ++i, bits >>= 9) {
      if (!visit((bits >> 6) & 7, std::uint64_t{1} << (bits & 63))) return false;
    }
    return true;
  }

  std::vector<Layer> layers_;
};

}  // namespace core

// Blocks of memory that batches own while they are worked on and that are used again afterwards.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace ingest {

/// Hands out blocks of one size. A block comes back when its last owner lets go, on whatever thread; the pool may be
/// gone by then. Thread-safe.
class BlockPool : public std::enable_shared_from_this<BlockPool> {
 public:
  /// Readable bytes past the end of every block, so that a decoder may load whole registers (simdjson needs 64).
  static constexpr std::size_t kSlack = 64;

  explicit BlockPool(std::size_t block_bytes) : block_bytes_(block_bytes) {}

  std::size_t block_bytes() const { return block_bytes_; }
  std::shared_ptr<char[]> take();

 private:
  static constexpr std::size_t kKept = 8;  // a pipeline has but a few batches under way

  void give_back(std::unique_ptr<char[]> block);

  const std::size_t block_bytes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<char[]>> free_;
};

}  // namespace ingest

#include "ingest/block_pool.h"

#include <cstring>

namespace ingest {

std::shared_ptr<char[]> BlockPool::take() {
  std::unique_ptr<char[]> block;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) block = std::move(free_.back()), free_.pop_back();
  }
  if (!block) {
    block.reset(new char[block_bytes_ + kSlack]);
    std::memset(block.get() + block_bytes_, 0, kSlack);
  }
  return {block.release(), [pool = weak_from_this()](char* bytes) {
            std::unique_ptr<char[]> returned(bytes);
            if (const auto alive = pool.lock()) alive->give_back(std::move(returned));
          }};
}

void BlockPool::give_back(std::unique_ptr<char[]> block) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < kKept) free_.push_back(std::move(block));
}

}  // namespace ingest

// A growing row of values that never move: chunks of a fixed number of them.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace core {

/// Confined to one thread.
template <typename T, std::size_t kChunk = 1024>
class Slab {
 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
  T& emplace_back(T value = T{}) {
    if (size_ == chunks_.size() * kChunk) chunks_.push_back(std::make_unique<T[]>(kChunk));
    T& place = (*this)[size_++];
    place = std::move(value);
    return place;
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace core

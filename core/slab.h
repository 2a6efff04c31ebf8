// A growing row of values that never move: chunks of a fixed number of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace core {

/// Confined to one thread.
template <typename T, std::size_t kChunk = 1024>
class Slab {
 public:
  /// Chunks that are not in use, for slabs that come and go: malloc would keep their memory in pieces. Confined to one
  /// thread.
  class Spare {
   public:
    std::unique_ptr<T[]> take() {
      if (chunks_.empty()) return std::make_unique<T[]>(kChunk);
      std::unique_ptr<T[]> chunk = std::move(chunks_.back());
      chunks_.pop_back();
      unneeded_ = std::min(unneeded_, chunks_.size());
      return chunk;
    }
    void give(std::unique_ptr<T[]> chunk) { chunks_.push_back(std::move(chunk)); }
    /// Frees an eighth of those that nobody has needed since the last call: what a day needs stays, what was there once
    /// goes.
    void trim() {
      chunks_.resize(chunks_.size() - (unneeded_ + 7) / 8);
      unneeded_ = chunks_.size();
    }
    std::size_t size() const { return chunks_.size(); }

   private:
    std::vector<std::unique_ptr<T[]>> chunks_;
    std::size_t unneeded_ = 0;
  };

  static constexpr std::size_t kChunkSize = kChunk;

  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunks_[i / kChunk][i % kChunk]; }
  const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }
  T& emplace_back(T value = T{}) {
    Spare none;
    return emplace_back(std::move(value), none);
  }
  /// A further chunk is taken from `spare` if there is one.
  T& emplace_back(T value, Spare& spare) {
    if (size_ == chunks_.size() * kChunk) chunks_.push_back(spare.take());
    return (*this)[size_++] = std::move(value);
  }
  /// Empties it; its chunks go to `spare`, and what their values hold is given back.
  void clear(Spare& spare) {
    for (std::size_t i = 0; i < size_; ++i) (*this)[i] = T{};
    for (auto& chunk : chunks_) spare.give(std::move(chunk));
    chunks_.clear(), size_ = 0;
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace core

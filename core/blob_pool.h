// Memory for very many short byte strings that come and go: by size classes, out of chunks that are used again.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

namespace core {

/// Takes memory from the system a chunk at a time, and keeps it: what is given back serves the next one of its size,
/// and no other. Confined to one thread.
class BlobPool {
 public:
  char* take(std::size_t bytes) {
    if (bytes > kMost) {
      auto blob = std::make_unique_for_overwrite<char[]>(bytes);
      char* const at = blob.get();
      large_.emplace(at, std::move(blob));
      return at;
    }
    used_ += room_of(bytes);
    char*& free = free_[class_of(bytes)];
    if (free == nullptr) return cut(room_of(bytes));
    char* const at = free;
    std::memcpy(&free, at, sizeof free);  // A free blob begins with the place of the next free one.
    return at;
  }
  /// `bytes` as it was taken.
  void give(char* at, std::size_t bytes) {
    if (bytes > kMost) {
      large_.erase(at);
      return;
    }
    used_ -= room_of(bytes);
    char*& free = free_[class_of(bytes)];
    std::memcpy(at, &free, sizeof free);
    free = at;
  }
  /// Taken from the system for blobs that are not large, and what of it is in use.
  std::size_t held() const { return chunks_.size() * kChunk; }
  std::size_t used() const { return used_; }
  /// What a blob of so many bytes takes.
  static constexpr std::size_t room_of(std::size_t bytes) { return (class_of(bytes) + 1) * kStep; }

 private:
  static constexpr std::size_t kStep = 8, kMost = 2048, kChunk = 64 * 1024;
  static constexpr std::size_t class_of(std::size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kStep; }

  char* cut(std::size_t room) {
    if (left_ < room) {
      chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunk));
      left_ = kChunk;  // What was left of the one before is lost: less than one blob.
    }
    left_ -= room;
    return chunks_.back().get() + left_;
  }

  std::array<char*, kMost / kStep> free_{};
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t left_ = 0, used_ = 0;
  boost::unordered_flat_map<char*, std::unique_ptr<char[]>> large_;
};

}  // namespace core

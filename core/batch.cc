#include "core/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace core {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;

}  // namespace

std::string line_position(std::string_view file, std::int64_t line, std::int64_t byte) {
  return fmt::format("{}:{} (byte {})", file, line, byte);
}

void* Arena::allocate(std::size_t bytes, std::size_t align) {
  // Blocks come from new[], which aligns them for every fundamental type; offsets therefore align addresses.
  for (; current_ < blocks_.size(); ++current_, used_ = 0) {
    const std::size_t begin = (used_ + align - 1) & ~(align - 1);
    if (begin + bytes <= blocks_[current_].size) {
      used_ = begin + bytes;
      return blocks_[current_].bytes.get() + begin;
    }
  }
  const std::size_t size = std::max(kBlockBytes, bytes);
  blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  used_ = bytes;
  return blocks_.back().bytes.get();
}

std::string_view Arena::copy(std::string_view text) { return concat(text, {}); }

std::string_view Arena::concat(std::string_view a, std::string_view b, std::string_view c) {
  const std::size_t size = a.size() + b.size() + c.size();
  if (size == 0) return {};
  auto* begin = static_cast<char*>(allocate(size, 1));
  char* end = begin;
  for (const std::string_view part : {a, b, c}) end = std::copy(part.begin(), part.end(), end);
  return {begin, size};
}

std::span<Cost> Arena::costs(std::size_t n) {
  auto* begin = static_cast<Cost*>(allocate(n * sizeof(Cost), alignof(Cost)));
  std::uninitialized_value_construct_n(begin, n);
  return {begin, n};
}

std::span<std::string_view> Arena::texts(std::size_t n) {
  auto* begin = static_cast<std::string_view*>(allocate(n * sizeof(std::string_view), alignof(std::string_view)));
  std::uninitialized_value_construct_n(begin, n);
  return {begin, n};
}

void Arena::clear() { current_ = 0, used_ = 0; }

}  // namespace core

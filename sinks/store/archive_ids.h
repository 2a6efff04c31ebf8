// A row of archive_ids: the ids of a bucket, each with its page.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace sinks {

inline constexpr unsigned kBucketBits = 6;
inline std::int64_t bucket_of(std::uint64_t hash) { return static_cast<std::int64_t>(hash >> (64 - kBucketBits)); }

/// Of an id: its hash and its page, little-endian, without gaps.
inline constexpr std::size_t kIdBytes = 12;

inline void append_id(std::string& out, std::uint64_t hash, std::uint64_t page) {
  std::array<char, kIdBytes> bytes{};
  const auto number = static_cast<std::uint32_t>(page);
  std::memcpy(bytes.data(), &hash, 8), std::memcpy(bytes.data() + 8, &number, 4);
  out.append(bytes.data(), bytes.size());
}

/// Calls visit(hash, page) for each id of a row.
template <typename Visit>
void each_id(std::string_view row, Visit&& visit) {
  for (; row.size() >= kIdBytes; row.remove_prefix(kIdBytes)) {
    std::uint64_t hash = 0;
    std::uint32_t page = 0;
    std::memcpy(&hash, row.data(), 8), std::memcpy(&page, row.data() + 8, 4);
    visit(hash, std::uint64_t{page});
  }
}

}  // namespace sinks

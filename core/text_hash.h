// A fast hash of short texts (ids, names) for tables in memory and the archive's index.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace core {

/// The last `left` bytes of a text of `size`, 1 to 7 of them, as the lower bytes of a word: without a loop or call.
inline std::uint64_t last_bytes(const char* at, std::size_t left, std::size_t size) {
  if (size >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at + left - 8, 8);
    return word >> (8 * (8 - left));
  }
  if (left >= 4) {
    std::uint32_t first = 0, last = 0;  // They overlap, and agree where they do.
    std::memcpy(&first, at, 4), std::memcpy(&last, at + left - 4, 4);
    return first | std::uint64_t{last} << (8 * (left - 4));
  }
  const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i); };
  return byte(0) | byte(left / 2) | byte(left - 1);
}

/// Whether two short texts are the same, without a call.
inline bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const std::size_t size = a.size();
  std::size_t at = 0;
  for (; size - at >= 8; at += 8) {
    std::uint64_t word_a = 0, word_b = 0;
    std::memcpy(&word_a, a.data() + at, 8), std::memcpy(&word_b, b.data() + at, 8);
    if (word_a != word_b) return false;
  }
  return at == size || last_bytes(a.data() + at, size - at, size) == last_bytes(b.data() + at, size - at, size);
}

/// Eight bytes at a time, each mixed by a 128-bit product. The archive's index has values of it, so they are
/// part of the store's format. No guard against chosen ids: who uses it compares ids, so collisions cost time and nothing
/// else. Thread-safe.
inline std::uint64_t text_hash(std::string_view text) {
  constexpr std::uint64_t kFirst = 0xa0761d6478bd642fULL, kSecond = 0xe7037ed1a0b428dbULL;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Unsigned = unsigned __int128;
    const Unsigned product = static_cast<Unsigned>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t hash = mix(text.size() ^ kFirst, kSecond);
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    hash = mix(hash ^ word, kFirst);
  }
  if (left > 0) hash = mix(hash ^ last_bytes(at, left, text.size()), kSecond);
  return mix(hash, kFirst);
}

}  // namespace core

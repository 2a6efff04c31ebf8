// The hash of Kafka's default partitioner, bit for bit as org.apache.kafka.common.utils.Utils.murmur2 has it.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace core {

/// 32-bit murmur2 of `key` with the Java client's seed. The Java value is the same bits as a signed int.
constexpr std::uint32_t murmur2(std::string_view key) {
  constexpr std::uint32_t kSeed = 0x9747b28c, kMultiplier = 0x5bd1e995;
  constexpr int kShift = 24;
  const auto byte = [key](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(key[i])}; };

  const auto word_at = [key, byte](std::size_t i) {
    if (std::is_constant_evaluated() || std::endian::native != std::endian::little)
      return byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
    std::uint32_t word = 0;
    std::memcpy(&word, key.data() + i, sizeof word);
    return word;
  };

  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(key.size());
  const std::size_t whole = key.size() & ~std::size_t{3};
  for (std::size_t i = 0; i < whole; i += 4) {
    std::uint32_t word = word_at(i);
    word *= kMultiplier;
    word ^= word >> kShift;
    word *= kMultiplier;
    hash *= kMultiplier;
    hash ^= word;
  }
  switch (key.size() - whole) {
    case 3:
      hash ^= byte(whole + 2) << 16;
      [[fallthrough]];
    case 2:
      hash ^= byte(whole + 1) << 8;
      [[fallthrough]];
    case 1:
      hash ^= byte(whole);
      hash *= kMultiplier;
      break;
    default:
      break;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return hash;
}

/// The partition (or home shard) out of `count` that Kafka's default partitioner gives to `key`.
constexpr std::uint32_t partition_of(std::string_view key, std::uint32_t count) {
  return (murmur2(key) & 0x7fffffff) % count;
}

}  // namespace core

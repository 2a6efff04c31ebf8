#include "simulation/random.h"

#include <algorithm>
#include <bit>

namespace simulation {

namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// -log2(x / 2^64) with 16 binary digits, by repeated squaring; x > 0.
std::uint64_t negative_log2_q16(std::uint64_t x) {
  const auto zeros = static_cast<std::uint64_t>(std::countl_zero(x));
  std::uint64_t mantissa = (x << zeros) >> 32;  // [2^31, 2^32) stands for [1, 2)
  std::uint64_t fraction = 0;
  for (int digit = 0; digit < 16; ++digit) {
    mantissa = (mantissa * mantissa) >> 31;
    fraction <<= 1;
    if (mantissa >= (1ULL << 32)) {
      mantissa >>= 1;
      fraction |= 1;
    }
  }
  return ((zeros + 1) << 16) - fraction;
}

constexpr std::uint64_t kLn2Q16 = 45'426;

}  // namespace

Random::Random(std::uint64_t seed, Stream stream, std::uint32_t hurry)
    : state_(mix(seed + kGolden) ^ mix(static_cast<std::uint64_t>(stream) * kGolden)), hurry_(std::max(hurry, 1U)) {}

std::uint64_t Random::next() { return mix(state_ += kGolden); }

std::int64_t Random::exponential(std::int64_t mean) {
  const std::uint64_t unit_q16 = (negative_log2_q16(next() | 1) * kLn2Q16) >> 16;
  // Split, so that means of days in nanoseconds do not overflow.
  const auto unit = static_cast<std::int64_t>(unit_q16);
  return mean * (unit >> 16) + ((mean >> 16) * (unit & 0xFFFF)) + (((mean & 0xFFFF) * (unit & 0xFFFF)) >> 16);
}

core::Millis Random::fixed_span(core::Millis span) const { return std::max(core::Millis{1}, span / hurry_); }

core::Millis Random::uniform_span(core::Millis low, core::Millis high) {
  return fixed_span(core::Millis{between(low.count(), high.count())});
}

core::Millis Random::exponential_span(core::Millis mean) { return fixed_span(core::Millis{exponential(mean.count())}); }

core::Millis Random::erlang_span(core::Millis mean) {
  return fixed_span(core::Millis{exponential(mean.count() / 2) + exponential(mean.count() / 2)});
}

}  // namespace simulation

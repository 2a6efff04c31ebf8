// Random numbers that are the same on every machine: whole numbers only, no std:: distribution, no floating point.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace simulation {

/// SplitMix64 with the few distributions that a centre needs. Streams of one seed are independent of each other, so
/// that drawing more in one part of the simulation changes nothing in another. Confined to one thread.
class Random {
 public:
  enum class Stream : std::uint64_t { kPlan = 1, kArrivals, kStaff, kVisits, kConversations, kSales, kDelivery };

  /// `hurry` divides every span that is drawn (not the exponential of bare numbers).
  Random(std::uint64_t seed, Stream stream, std::uint32_t hurry = 1);

  std::uint64_t next();
  /// Uniform in [0, n); n at least 1 and below 2^32.
  std::uint64_t below(std::uint64_t n) { return ((next() >> 32) * n) >> 32; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool chance(std::uint32_t per_million) { return below(1'000'000) < per_million; }
  bool percent(std::uint32_t per_cent) { return below(100) < per_cent; }
  /// Exponential with this mean; any unit.
  std::int64_t exponential(std::int64_t mean);

  core::Millis uniform_span(core::Millis low, core::Millis high);
  core::Millis exponential_span(core::Millis mean);
  /// Sum of two exponentials: few very short ones, as talking times are.
  core::Millis erlang_span(core::Millis mean);
  core::Millis fixed_span(core::Millis span) const;

 private:
  std::uint64_t state_;
  std::uint32_t hurry_;
};

}  // namespace simulation

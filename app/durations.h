// How long something took, again and again: the buckets of a histogram on /metrics.
#pragma once

#include <array>
#include <cstdint>

namespace app {

/// Confined to one thread, or guarded by its owner.
struct Durations {
  /// Upper bounds of the buckets, seconds.
  static constexpr std::array<double, 12> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                     0.1,   0.25,   0.5,   1,    2.5,   10};
  std::array<std::uint64_t, kBounds.size()> cumulative{};  ///< at or below each bound
  std::uint64_t count = 0;
  double sum = 0;

  void add(double seconds) {
    for (std::size_t i = 0; i < kBounds.size(); ++i) cumulative[i] += seconds <= kBounds[i] ? 1 : 0;
    ++count;
    sum += seconds;
  }
};

}  // namespace app

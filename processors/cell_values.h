// Values of figures from the integers of cells: all rounding is here, half up at the last printed digit.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/figure_table.h"
#include "core/histogram.h"
#include "processors/maximum.h"

namespace processors {

inline core::Value seconds(std::int64_t ms) { return core::Fixed{ms, 3}; }
/// Σ ms / n in seconds with 3 decimals.
inline core::Value mean_seconds(std::int64_t sum_ms, std::int64_t n) {
  if (n == 0) return {};
  return core::Fixed{core::ratio(sum_ms, n, 0).value, 3};
}
inline core::Value quotient(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return {};
  return core::ratio(numerator, denominator, 6);
}
inline core::Value quantile(const core::Histogram& histogram, const Maximum& maximum, int per_mille) {
  if (histogram.empty()) return {};
  return seconds(std::min(histogram.quantile(per_mille), maximum.value()));
}
inline core::Value maximum_of(const core::Histogram& histogram, const Maximum& maximum) {
  if (histogram.empty()) return {};
  return seconds(maximum.value());
}

}  // namespace processors

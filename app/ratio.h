// Ratios among the series of /metrics: one without a denominator has no value, and is absent there.
#pragma once

#include <cstdint>
#include <limits>

namespace app {

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

/// kNoValue where there is nothing to divide by.
constexpr double ratio(std::int64_t numerator, std::int64_t denominator) {
  return denominator == 0 ? kNoValue : static_cast<double>(numerator) / static_cast<double>(denominator);
}

}  // namespace app

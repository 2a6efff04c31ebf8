// Whether a figure meets a contract, and what a missed one costs. Exact: no figure is ever a floating-point number.
#pragma once

#include <cstdint>
#include <optional>

#include "core/contract.h"
#include "core/figure_table.h"

namespace processors {

/// A figure as a fraction: counts of a share, or milliseconds by a number of things.
struct Fraction {
  std::int64_t numerator = 0, denominator = 0;
  bool any() const { return denominator > 0; }
  Fraction& operator+=(const Fraction& other) {
    numerator += other.numerator, denominator += other.denominator;
    return *this;
  }
  friend bool operator==(const Fraction&, const Fraction&) = default;
};

/// By what a figure is judged: the terms of a version for its own metric, or, where those are judged by intervals, for
/// the share of intervals that met the target.
struct Yardstick {
  bool share = true;  ///< else a span
  bool at_most = false;
  bool counted = true;  ///< Of a share: it is one of things, which can miss; else of time.
  std::optional<core::Level> target{};
  std::optional<std::uint8_t> decimals{};
  const core::Credits* credits = nullptr;
};
/// For the figure of one interval, or of a period that is judged as a whole.
Yardstick yardstick_of(core::Metric metric, const core::Terms& terms);
/// For the figure of a period.
Yardstick period_yardstick(core::Metric metric, const core::Terms& terms);

/// The figure rounded as the contract says, as a level; nullopt where it does not say so. There must be a figure.
std::optional<core::Level> rounded(const Fraction& figure, const Yardstick& by);
/// Whether it meets the target: nullopt without a figure or a target. Exactly at the target meets it.
std::optional<bool> meets(const Fraction& figure, const Yardstick& by);
/// Millionths of the fee that are given back, the cap considered: of the tiers reached the largest. 0 without a figure.
std::int64_t credit_of(const Fraction& figure, const Yardstick& by);
/// That part of the fee, half a ten-thousandth up.
core::Decimal credit_amount(const core::Credits& credits, std::int64_t millionths);

/// How many more may miss, if `expected` more are judged: below 0 where too many have already. Of counted shares with a
/// target.
std::optional<std::int64_t> misses_left(const Fraction& figure, std::int64_t expected, const Yardstick& by);
/// How many have missed: what is not in the numerator, or, where less is better, what is. Of shares.
std::int64_t misses(const Fraction& figure, const Yardstick& by);

// As figures show them: shares with 6 decimals, spans in seconds with 3; no value without a figure.
core::Value figure_value(const Fraction& figure, const Yardstick& by);
core::Value level_value(std::optional<core::Level> level, const Yardstick& by);
/// 2 to 4 decimals.
core::Value money_value(core::Decimal amount);

}  // namespace processors

#include "processors/contract_judgement.h"

#include <algorithm>

#include "core/wide.h"

namespace processors {
namespace {

using core::Wide;

constexpr std::int64_t power_of_ten(int exponent) { return exponent == 0 ? 1 : 10 * power_of_ten(exponent - 1); }

/// Below 0, 0, above 0: the figure as it is compared with a level.
int compare(const Fraction& figure, core::Level level, const Yardstick& by) {
  const auto sign = [](Wide difference) { return difference < 0 ? -1 : difference > 0 ? 1 : 0; };
  if (const auto at = rounded(figure, by)) return sign(Wide{*at} - level);
  const Wide scale = by.share ? core::kWhole : 1;
  return sign(scale * figure.numerator - Wide{level} * figure.denominator);
}

bool within(const Fraction& figure, core::Level target, const Yardstick& by) {
  const int side = compare(figure, target, by);
  return by.at_most ? side <= 0 : side >= 0;
}

}  // namespace

Yardstick yardstick_of(core::Metric metric, const core::Terms& terms) {
  return {core::is_share(metric), terms.at_most,  core::counts_misses(metric),
          terms.target,           terms.decimals, terms.credits ? &*terms.credits : nullptr};
}

Yardstick period_yardstick(core::Metric metric, const core::Terms& terms) {
  Yardstick by = yardstick_of(metric, terms);
  if (terms.aggregate == core::Aggregate::kIntervalsMet) {
    by.share = by.counted = true, by.at_most = false, by.target = terms.intervals_target;
  }
  return by;
}

std::optional<core::Level> rounded(const Fraction& figure, const Yardstick& by) {
  if (!by.decimals) return std::nullopt;
  const std::uint8_t decimals = *by.decimals;
  if (by.share) {
    const core::Fixed per_cent = core::ratio(figure.numerator * 100, figure.denominator, decimals);
    return per_cent.value * power_of_ten(4 - decimals);
  }
  const core::Fixed seconds = core::ratio(figure.numerator, figure.denominator * 1000, decimals);
  return seconds.value * power_of_ten(3 - decimals);
}

std::optional<bool> meets(const Fraction& figure, const Yardstick& by) {
  if (!figure.any() || !by.target) return std::nullopt;
  return within(figure, *by.target, by);
}

std::int64_t credit_of(const Fraction& figure, const Yardstick& by) {
  if (!figure.any() || by.credits == nullptr) return 0;
  std::int64_t credit = 0;
  for (const core::CreditTier& tier : by.credits->tiers) {
    const int side = compare(figure, tier.level, by);
    if (by.at_most ? side > 0 : side < 0) credit = std::max(credit, tier.credit);
  }
  return std::min(credit, by.credits->cap);
}

core::Decimal credit_amount(const core::Credits& credits, std::int64_t millionths) {
  const Wide product = Wide{credits.fee.ten_thousandths} * millionths;
  return {static_cast<std::int64_t>((2 * product + core::kWhole) / (2 * core::kWhole))};
}

std::int64_t misses(const Fraction& figure, const Yardstick& by) {
  return by.at_most ? figure.numerator : figure.denominator - figure.numerator;
}

std::optional<std::int64_t> misses_left(const Fraction& figure, std::int64_t expected, const Yardstick& by) {
  if (!by.share || !by.counted || !by.target) return std::nullopt;
  const std::int64_t all = figure.denominator + expected;
  if (all <= 0) return std::nullopt;
  // The most misses of `all` with which the target is met: fewer are better, so the answers go from yes to no.
  const auto met_with = [&](std::int64_t missed) {
    return within({by.at_most ? missed : all - missed, all}, *by.target, by);
  };
  std::int64_t yes = -1, no = all + 1;
  while (no - yes > 1) {
    const std::int64_t middle = yes + (no - yes) / 2;
    (met_with(middle) ? yes : no) = middle;
  }
  return yes - misses(figure, by);
}

core::Value figure_value(const Fraction& figure, const Yardstick& by) {
  if (!figure.any()) return {};
  if (by.share) return core::ratio(figure.numerator, figure.denominator, 6);
  return core::Fixed{core::ratio(figure.numerator, figure.denominator, 0).value, 3};
}

core::Value level_value(std::optional<core::Level> level, const Yardstick& by) {
  if (!level) return {};
  return core::Fixed{*level, static_cast<std::uint8_t>(by.share ? 6 : 3)};
}

core::Value money_value(core::Decimal amount) {
  std::int64_t value = amount.ten_thousandths;
  std::uint8_t decimals = 4;
  for (; decimals > 2 && value % 10 == 0; --decimals) value /= 10;
  return core::Fixed{value, decimals};
}

}  // namespace processors

// What a row of deals shows. Exact until the last printed digit: money in ten-thousandths, quotients of whole numbers.
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

#include "processors/contract_judgement.h"
#include "processors/figure_values.h"

namespace processors {
namespace {

using core::Value;
using Whole = boost::multiprecision::cpp_int;

constexpr std::int64_t kMsPerDay = 86'400'000;

/// Half up, at most what a number can show; no value where there is nothing to divide by.
std::optional<std::int64_t> rounded(Whole numerator, Whole denominator) {
  if (denominator == 0) return std::nullopt;
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  const Whole doubled = 2 * numerator + denominator, whole = 2 * denominator;
  Whole quotient = doubled / whole;
  if (doubled < 0 && quotient * whole != doubled) --quotient;  // Division goes towards 0.
  using Limits = std::numeric_limits<std::int64_t>;
  return static_cast<std::int64_t>(std::clamp(quotient, Whole(Limits::min()), Whole(Limits::max())));
}
Value quotient(const Whole& numerator, const Whole& denominator) {
  const auto value = rounded(numerator * 1'000'000, denominator);
  return value ? Value{core::Fixed{*value, 6}} : Value{};
}
Value money(const Whole& numerator, const Whole& denominator) {
  const auto value = rounded(numerator, denominator);
  return value ? money_value(core::Decimal{*value}) : Value{};
}

/// Open deals × win rate × average size by the mean cycle in days.
Value velocity(const DealRow& row) {
  const DealCell& c = row.cell;
  if (!row.stock) return {};
  const Whole won = c[DealCount::kWon], closed = won + c[DealCount::kLost];
  return money(*row.stock * won * Whole(c[DealSum::kWonAmount]) * c[DealCount::kWonCycles] * kMsPerDay,
               closed * c[DealCount::kWonPriced] * Whole(c[DealSum::kWonCycle]));
}

}  // namespace

const std::vector<std::string> kDealColumns = {"opened",
                                               "won",
                                               "lost",
                                               "currency",
                                               "average_deal_size",
                                               "mean_cycle_days",
                                               "median_cycle_days",
                                               "win_rate",
                                               "win_rate_by_value",
                                               "open",
                                               "pipeline_velocity_per_day",
                                               "profitability",
                                               "won_of_opened"};

void deal_values(const DealRow& row, std::vector<Value>& out) {
  const DealCell& c = row.cell;
  const std::int64_t won = c[DealCount::kWon], lost = c[DealCount::kLost];
  const Whole won_amount = c[DealSum::kWonAmount], lost_amount = c[DealSum::kLostAmount];
  const core::Histogram& cycles = c[DealHist::kWonCycle];
  const std::int64_t median =
      cycles.empty() ? 0 : std::min(cycles.quantile(500), c.maximum(DealHist::kWonCycle).value());
  const std::vector<Value> values = {c[DealCount::kOpened],
                                     won,
                                     lost,
                                     row.currency.empty() ? Value{} : Value{row.currency},
                                     money(won_amount, c[DealCount::kWonPriced]),
                                     quotient(Whole(c[DealSum::kWonCycle]), c[DealCount::kWonCycles] * kMsPerDay),
                                     quotient(median, cycles.empty() ? 0 : kMsPerDay),
                                     quotient(won, won + lost),
                                     quotient(won_amount, won_amount + lost_amount),
                                     row.stock ? Value{*row.stock} : Value{},
                                     velocity(row),
                                     quotient(Whole(c[DealSum::kProfit]), Whole(c[DealSum::kProfitOf])),
                                     quotient(c[DealCount::kWonOfOpened], c[DealCount::kOpened])};
  out.insert(out.end(), values.begin(), values.end());
}

}  // namespace processors

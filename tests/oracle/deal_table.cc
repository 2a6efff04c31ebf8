// Figures by client and currency.
#include "tests/oracle/grid.h"
#include "tests/oracle/oracle.h"

namespace oracle {
namespace {

constexpr Ms kDay = 86'400'000;

const std::vector<std::string> kFigures = {"opened",
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

struct DealRow {
  std::string currency;
  Ms opened = 0, won_of_opened = 0, won = 0, lost = 0, priced = 0, won_amount = 0, lost_amount = 0;
  Ms profit = 0, profit_of = 0, stock = 0;
  std::vector<Ms> cycles;

  std::vector<std::string> cells() const {
    Ms cycle = 0;
    for (const Ms each : cycles) cycle += each;
    const auto n = static_cast<Ms>(cycles.size());
    // (open × won / closed × amount / priced) / (cycle / n / day)
    const Wide up = Wide{stock} * won * won_amount * n * kDay, down = Wide{won + lost} * priced * cycle;
    return {std::to_string(opened),
            std::to_string(won),
            std::to_string(lost),
            currency,
            money(won_amount, priced),
            quotient(cycle, n * kDay, 6),
            cycles.empty() ? std::string() : quotient(quantile(cycles, 50), kDay, 6),
            quotient(won, won + lost, 6),
            quotient(won_amount, won_amount + lost_amount, 6),
            std::to_string(stock),
            money(up, down),
            quotient(profit, profit_of, 6),
            quotient(won_of_opened, opened, 6)};
  }
};

void close(const Deal& deal, DealRow& row) {
  row.currency = deal.currency;
  ++(deal.won ? row.won : row.lost);
  if (deal.amount) (deal.won ? row.won_amount : row.lost_amount) += *deal.amount;
  if (!deal.won) return;
  row.priced += deal.amount ? 1 : 0;
  if (deal.opened) row.cycles.push_back(std::max<Ms>(0, *deal.closed - *deal.opened));
  if (!deal.amount || !deal.costs) return;
  row.profit += *deal.amount - *deal.costs;
  row.profit_of += *deal.amount;
}

void add(const Deal& deal, Grid<DealRow>& grid) {
  const Keys key = {deal.client, deal.currency};
  if (deal.opened) {
    grid.add(key, *deal.opened, [&](DealRow& row) {
      row.currency = deal.currency;
      ++row.opened;
      row.won_of_opened += deal.won ? 1 : 0;
    });
  }
  if (deal.closed) grid.add(key, *deal.closed, [&](DealRow& row) { close(deal, row); });
}

}  // namespace

std::string deal_csv(const Floor& floor, const Query& query) {
  const Periods periods(query, floor.options(), floor.as_of());
  Grid<DealRow> grid(query, periods);
  for (const Deal& deal : floor.deals()) {
    if (!query.client || *query.client == deal.client) add(deal, grid);
  }
  grid.each([&](const Keys& keys, const Interval& interval, DealRow& row) {
    const Ms end = query.every == "total" ? floor.as_of() + 1 : interval.end.value();
    for (const Deal& deal : floor.deals()) {
      row.stock += deal.client == keys[0] && deal.currency == keys[1] && deal.open_before(end) ? 1 : 0;
    }
  });
  return grid.csv({"client"}, kFigures);
}

}  // namespace oracle

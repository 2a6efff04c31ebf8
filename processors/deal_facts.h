// The facts of a deal: to which cells it adds, and how much.
#pragma once

#include "processors/cells.h"
#include "processors/deal_view.h"

namespace processors {

/// Adds (+1) or takes back (-1) a deal's facts: what it was opened with at its opening, all else at its close.
template <typename Book>
void add_deal(const DealView& v, std::int32_t sign, Book& book) {
  if (v.opened) {
    book.deal(*v.opened, v.key, [&](DealCell& cell) {
      cell.count(DealCount::kOpened, sign);
      if (v.won) cell.count(DealCount::kWonOfOpened, sign);
    });
  }
  if (!v.closed) return;
  book.deal(*v.closed, v.key, [&](DealCell& cell) {
    cell.count(v.won ? DealCount::kWon : DealCount::kLost, sign);
    if (v.amount) {
      cell.count(v.won ? DealCount::kWonPriced : DealCount::kLostPriced, sign);
      cell.sum(v.won ? DealSum::kWonAmount : DealSum::kLostAmount, sign * core::Wide{*v.amount});
    }
    if (const auto cycle = v.cycle()) {
      cell.count(v.won ? DealCount::kWonCycles : DealCount::kLostCycles, sign);
      cell.sum(v.won ? DealSum::kWonCycle : DealSum::kLostCycle, sign * cycle->count());
      if (v.won) cell.span(DealHist::kWonCycle, cycle->count(), sign);
    }
    if (!v.won || !v.amount || !v.costs) return;
    cell.count(DealCount::kProfitKnown, sign);
    cell.sum(DealSum::kProfit, sign * (*v.amount - *v.costs));
    cell.sum(DealSum::kProfitOf, sign * core::Wide{*v.amount});
  });
  // A deal that is closed before it is opened is never in stock.
  if (v.opened) {
    book.deal(std::max(*v.opened, *v.closed), v.key, [&](DealCell& cell) { cell.count(DealCount::kLeftStock, sign); });
  }
}

}  // namespace processors

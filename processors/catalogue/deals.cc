#include "processors/catalogue/catalogue.h"

namespace processors {
namespace {

constexpr auto kDeals = core::RowKind::kDeals;
constexpr RowsBehind kWon{kDeals, "outcome", "won"};
constexpr RowsBehind kClosed{kDeals, "outcome", "closed"};

}  // namespace

CatalogueTable deal_table() {
  return {
      core::FigureKey::kDeal,
      "Deals, by client and currency",
      "Money of several currencies is never added together: a deal's row is that of its latest currency. Amounts are "
      "exact decimals. A later edit of an amount or of costs corrects the interval it belongs to.",
      "none: opened and won_of_opened at the opening, won, lost and what is made of them at the close.",
      {{.name = "opened",
        .symbols = "Σ deals opened",
        .words = "Deals by the date of their opening.",
        .rows = {kDeals, "outcome", "opened"}},
       {.name = "won",
        .symbols = "Σ deals won",
        .words = "Deals by the date they were won. Won and lost: the earlier holds, at equal times won.",
        .edges = "A deal without amount counts here, not in sizes and values.",
        .rows = kWon,
        .series = {"floorwatch_deals_won_total"}},
       {.name = "lost",
        .symbols = "Σ deals lost",
        .words = "Deals by the date they were lost.",
        .rows = {kDeals, "outcome", "lost"},
        .series = {"floorwatch_deals_lost_total"}},
       {.name = "currency",
        .symbols = "the deals' currency",
        .words = "Part of the row's key: the currency that the deal stated last.",
        .unit = "text",
        .edges = "Deals without a currency are a row of their own."},
       {.name = "average_deal_size",
        .symbols = "Σ amount of won / won with an amount",
        .words = "Average deal size of the deals won in the interval.",
        .inputs = {"deals_won_amount", "deals_won_priced"},
        .unit = "money",
        .edges = "No deal won with an amount: no value.",
        .rows = kWon},
       {.name = "mean_cycle_days",
        .symbols = "Σ (won − opened) / won with an opening",
        .words = "Cycle length: days from the opening to the win, of deals won in the interval.",
        .inputs = {"deals_won_cycle_ms", "deals_won_cycles"},
        .unit = "days",
        .edges = "Won before it was opened: 0 days. Lost deals are not in it. None: no value.",
        .rows = kWon},
       {.name = "median_cycle_days",
        .symbols = "quantile 0.50 of (won − opened)",
        .words = "Half of the deals won in the interval took at most this long.",
        .inputs = {"deals_won_cycle"},
        .unit = "days",
        .edges = "Nearest rank, within 1.6 %. None: no value.",
        .rows = kWon},
       {.name = "win_rate",
        .symbols = "won / (won + lost)",
        .words = "The share of the deals closed in the interval that were won.",
        .inputs = {"won", "lost"},
        .unit = "ratio",
        .edges = "Nothing closed: no value.",
        .rows = kClosed},
       {.name = "win_rate_by_value",
        .symbols = "Σ amount of won / (Σ amount of won + Σ amount of lost)",
        .words = "The same by money instead of by number.",
        .inputs = {"deals_won_amount", "deals_lost_amount"},
        .unit = "ratio",
        .edges = "Deals without amount are not in it; a sum of 0: no value.",
        .rows = kClosed},
       {.name = "open",
        .symbols = "opened so far − left so far",
        .words = "The stock of open deals at the interval's end; of a total as of the moment shown.",
        .rows = {kDeals, "outcome", "open"}},
       {.name = "pipeline_velocity_per_day",
        .symbols = "open · win_rate · average_deal_size / mean_cycle_days",
        .words = "Money that the open deals bring in a day if they go as those of the interval did.",
        .inputs = {"open", "win_rate", "average_deal_size", "mean_cycle_days"},
        .unit = "money per day",
        .edges = "Computed from the exact sums, not from the rounded inputs. One input without value: no value.",
        .rows = kWon},
       {.name = "profitability",
        .symbols = "Σ (amount − costs) / Σ amount",
        .words =
            "Deal profitability over won deals with an amount and every cost that the client's deals.required_costs "
            "asks for.",
        .inputs = {"deals_profit", "deals_profit_of", "deals_profit_known"},
        .unit = "ratio",
        .edges = "By default any cost at all is enough. Deals that state too little are not in it; none: no value.",
        .rows = kWon},
       {.name = "won_of_opened",
        .symbols = "won so far of those opened / opened",
        .words = "The win rate of a cohort: of the deals opened in the interval, the share won since.",
        .inputs = {"deals_won_of_opened", "opened"},
        .unit = "ratio",
        .edges = "Provisional while one of the cohort is open. Nothing opened: no value.",
        .rows = kWon}}};
}

}  // namespace processors

#include "processors/catalogue/catalogue.h"

namespace processors {
namespace {

CataloguedFigure judged(std::string_view name, std::string_view symbols, std::string_view words) {
  return {.name = name, .symbols = symbols, .words = words, .edges = "Inside the calendar, outside exclusions."};
}

std::vector<CataloguedFigure> sums() {
  return {
      {.name = "metric",
       .symbols = "the profile's metric",
       .words = "service_level, mean_wait, abandonment_rate, mean_handle, lead_response, first_response or occupancy.",
       .unit = "text"},
      judged("offered", "Σ visits judged", "What the contract judges: visits, segments or leads that began."),
      judged("answered_within", "answered with wait ≤ T", "Answered within the version's threshold."),
      judged("answered_late", "answered with wait > T", "Answered after it; open visits older than T included."),
      judged("abandoned_short", "abandoned with wait ≤ S", "Short abandons."),
      judged("abandoned_within", "abandoned with S < wait ≤ T", "Abandoned within the threshold."),
      judged("abandoned_late", "abandoned with wait > T", "Abandoned after the threshold."),
      judged("flowed_out_within", "flowed out with wait ≤ T", "Left for another reason within the threshold."),
      judged("flowed_out_late", "flowed out with wait > T", "Left for another reason after the threshold."),
      {.name = "numerator",
       .symbols = "Σ numerators",
       .words = "What the version's formula puts above the line, each visit by the version of its begin.",
       .unit = "count or ms"},
      {.name = "denominator",
       .symbols = "Σ denominators",
       .words = "What the version's formula puts below the line.",
       .unit = "count"},
      {.name = "figure",
       .symbols = "numerator / denominator",
       .words = "The contract's figure of the row; with aggregate intervals_met the share of intervals that meet "
                "the target.",
       .inputs = {"numerator", "denominator"},
       .unit = "ratio or seconds",
       .edges = "Nothing to judge: no value.",
       .series = {"floorwatch_sla_period_ratio", "floorwatch_sla_period_seconds"}}};
}

std::vector<CataloguedFigure> judgement() {
  return {{.name = "target",
           .symbols = "the version's target",
           .words = "What the contract asks for: at least this, or at most of metrics that shall be low.",
           .unit = "ratio or seconds",
           .series = {"floorwatch_sla_target_ratio", "floorwatch_sla_target_seconds"}},
          {.name = "met",
           .symbols = "figure ≥ target (or ≤)",
           .words = "Whether the figure meets the target, compared exactly, or after the profile's rounding.",
           .inputs = {"figure", "target"},
           .unit = "yes or no",
           .edges = "No figure or no target: no value."},
          {.name = "misses",
           .symbols = "denominator − numerator (or numerator)",
           .words = "How many have missed so far.",
           .inputs = {"numerator", "denominator"},
           .edges = "Only of shares with a target, and not of occupancy, which is a share of time."},
          {.name = "misses_left",
           .symbols = "max n: (misses + n) of (denominator + expected) meets the target",
           .words = "The error budget: how many more may miss until the period's end.",
           .inputs = {"misses", "denominator", "expected", "target"},
           .edges = "Below 0: too many have missed already.",
           .series = {"floorwatch_sla_misses_left"}},
          {.name = "expected",
           .symbols = "forecast of the rest of the period",
           .words = "How many are still to come, by the last comparable days or the profile's forecast.",
           .edges = "Only of a running period."},
          {.name = "projection",
           .symbols = "(numerator + that of the rest) / (denominator + expected)",
           .words = "Where the period ends if the rest of it runs like the last comparable days.",
           .inputs = {"numerator", "denominator", "expected"},
           .unit = "ratio or seconds",
           .edges = "Only of a running period.",
           .series = {"floorwatch_sla_projection_ratio"}},
          {.name = "credit_rate",
           .symbols = "the largest credit of the tiers reached, at most the cap",
           .words = "The share of the fee that is given back.",
           .inputs = {"figure"},
           .unit = "ratio",
           .edges = "No tiers or no figure: no value."},
          {.name = "credit",
           .symbols = "fee · credit_rate",
           .words = "The same in money, half up at the last of 4 decimals.",
           .inputs = {"credit_rate"},
           .unit = "money"},
          {.name = "currency", .symbols = "the fee's currency", .words = "In which the credit is.", .unit = "text"}};
}

}  // namespace

CatalogueTable profile_table() {
  CatalogueTable table{core::FigureKey::kProfile, "Contracts, by client and SLA profile",
                       "What a client's contract says of the running and of past periods: docs/sla.md. Contract "
                       "figures are computed from "
                       "visits, since calendars and exclusions cut through intervals.",
                       "the version's own: arrival or event; of occupancy the clock.", sums()};
  const auto rest = judgement();
  table.figures.insert(table.figures.end(), rest.begin(), rest.end());
  return table;
}

}  // namespace processors

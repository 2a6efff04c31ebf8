// docs/metrics.md, written from the catalogue.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

#include "processors/catalogue/catalogue.h"

namespace processors {
namespace {

constexpr std::string_view kIntroduction = R"(# Figures

This page is generated from the catalogue in `processors/catalogue/`; edit the catalogue, not the page. The same words,
with the numbers put in and the rows that count: `floorwatch explain FIGURE`.

- A percentage is a quotient of sums, never a mean of percentages. Where there is nothing to divide by there is **no
  value** (an empty cell, `null`, an absent series), never 0 % or 100 %.
- Intervals are half-open. Days, weeks and months are those of the client's time zone.
- Thresholds are closed: a wait of exactly T is within T.
- Means, counts, sums and maxima are exact; they are rounded half up at the last printed digit. Quantiles are by nearest
  rank within the histogram's error of 1.6 %.
- **Basis** says to which interval a thing belongs; each table names its own.
- Inputs are other columns of the table, or counts and sums that `floorwatch explain` shows (`…_ms`: milliseconds).
)";

/// A bar ends a cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '|') out += '\\';
    out += letter;
  }
  return out;
}

std::string code_list(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
  return out;
}

std::string rows_behind(const RowsBehind& rows) {
  if (!rows.kind) return {};
  std::string command = fmt::format("`floorwatch {}", core::kRowKindWords[core::index(*rows.kind)]);
  if (!rows.word.empty()) command += fmt::format(" --{} {}", rows.word, rows.value);
  return command + "`";
}

void write_table(std::string& page, const CatalogueTable& table) {
  auto out = std::back_inserter(page);
  fmt::format_to(out, "\n## {}\n\n{}\n\n", table.title, table.introduction);
  if (table.by) fmt::format_to(out, "`floorwatch figures --by {}`. ", core::kFigureKeyWords[core::index(*table.by)]);
  fmt::format_to(out, "Basis: {}\n\n| figure | formula | unit | what it is | inputs | rows behind it | /metrics |\n",
                 table.basis);
  page += "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const CataloguedFigure& figure : table.figures) {
    fmt::format_to(out, "| `{}` | {} | {} | {}{}{} | {} | {} | {} |\n", figure.name, cell(figure.symbols), figure.unit,
                   cell(figure.words), figure.edges.empty() ? "" : " ", cell(figure.edges), code_list(figure.inputs),
                   rows_behind(figure.rows), code_list(figure.series));
  }
}

}  // namespace

std::string metrics_page() {
  std::string page(kIntroduction);
  for (const CatalogueTable& table : catalogue()) write_table(page, table);
  return page;
}

}  // namespace processors

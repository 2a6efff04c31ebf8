// What each figure is: one row of this catalogue a figure, beside the code that computes it. `floorwatch explain`,
// /api/v1/explain and docs/metrics.md are written from it, and a test compares it with the columns and series there
// are. How to add one: docs/adding-a-figure.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/figure_query.h"
#include "core/row_query.h"

namespace processors {

/// The rows behind a figure: a list, and the word of its query that picks them, as `floorwatch contacts` takes them.
struct RowsBehind {
  std::optional<core::RowKind> kind{};  ///< Absent: no list shows them.
  std::string_view word{};              ///< "outcome" or "class"; empty: all rows of the list.
  std::string_view value{};
};

/// One figure. Texts are plain English, without markup.
struct CataloguedFigure {
  std::string_view name;                   ///< Its column; of a figure without one, a name of its own.
  std::string_view symbols;                ///< The formula.
  std::string_view words;                  ///< The same in a sentence or two.
  std::vector<std::string_view> inputs{};  ///< Other columns, or sums of the cells (figure_inputs.h).
  std::string_view unit = "count";
  std::string_view edges{};  ///< What it is where the formula alone does not say it.
  RowsBehind rows{};
  std::vector<std::string_view> series{};  ///< On /metrics.
};

struct CatalogueTable {
  std::optional<core::FigureKey> by;  ///< Absent: only on /metrics.
  std::string_view title, introduction;
  std::string_view basis;                 ///< When what its figures count belongs to an interval.
  std::vector<CataloguedFigure> figures;  ///< Where there are columns, one a column, in their order.
};

/// In the order of docs/metrics.md. Thread-safe.
const std::vector<CatalogueTable>& catalogue();

struct FoundFigure {
  const CatalogueTable* table;
  const CataloguedFigure* figure;
};

/// Every figure with this name or this series, of one table or of all. Thread-safe.
std::vector<FoundFigure> find_figures(std::string_view name, std::optional<core::FigureKey> by);

/// The names that a reader of an unknown one may have meant: those that contain it or are contained in it, and those of
/// a few letters' difference, the nearest first, at most eight. Thread-safe.
std::vector<std::string> near_figures(std::string_view name);

/// docs/metrics.md.
std::string metrics_page();

// The tables, one file each.
CatalogueTable visit_table();
CatalogueTable agent_table();
CatalogueTable lead_table();
CatalogueTable deal_table();
CatalogueTable chat_table();
CatalogueTable chat_agent_table();
CatalogueTable profile_table();
CatalogueTable live_table();

}  // namespace processors

// What a figure is, and in a store the numbers put into it and the rows that count: for the command and for the API.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "core/explain_query.h"
#include "core/figure_table.h"
#include "processors/catalogue/catalogue.h"
#include "processors/figures.h"

namespace app {

struct Explanation {
  processors::FoundFigure found;
  std::optional<core::FigureTable> numbers;  ///< By key and interval: the inputs, and the figure last.
  std::optional<core::FigureTable> rows;     ///< The first of those behind it.
  std::string command;                       ///< That lists all of them.
};

/// The figures that the query can mean; the error names near ones, or says which key no table has.
tl::expected<std::vector<Explanation>, std::string> explain(const core::ExplainQuery& query);

/// Puts in the numbers. Whether there are any. Only to be called while no shard is being changed.
bool add_numbers(std::vector<Explanation>& explanations, const core::ExplainQuery& query,
                 std::span<processors::Shard* const> shards, const core::FigureConfig& config,
                 const processors::ReadPoint& point);

/// For people.
std::string explanation_text(const std::vector<Explanation>& explanations);
/// An array of objects: figure, table, formula, words, inputs, unit, basis, edge_cases, series, and with numbers:
/// numbers, rows, rows_command.
std::string explanation_json(const std::vector<Explanation>& explanations);

}  // namespace app

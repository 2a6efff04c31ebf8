// A question for what a figure is and what goes into it, as the command line and the API put it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "core/figure_query.h"

namespace core {

struct ExplainQuery {
  std::string figure;                       ///< The name of a column, or of a series.
  std::optional<FigureKey> by;              ///< Absent: every table that has it.
  std::map<std::string, std::string> keys;  ///< What a row's key columns must be: "client", "agent" and so on.
  std::optional<EventTime> at;              ///< The interval that holds it; absent: the total.
  Every every = Every::k15m;                ///< With `at`: the interval's length; by profile: its contract's period.
  std::size_t limit = 20;                   ///< Rows of numbers, and rows behind them.
};

/// Reads "figure", "by", "at", "every", "limit" and the names of key columns (client, queue, channel, agent, campaign,
/// currency, profile), as given on the command line or in a URL. The error says which one is wrong and what is allowed.
tl::expected<ExplainQuery, std::string> parse_explain_query(const std::map<std::string, std::string>& words);

}  // namespace core

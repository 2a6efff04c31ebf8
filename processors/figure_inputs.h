// What figures are made of: the counts and sums of a row's cells, each a column with a name. They are the columns of
// cells in words (cell_words.h), with a prefix where another column has the same name.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/figure_table.h"
#include "processors/cell_words.h"
#include "processors/figure_rows.h"

namespace processors {

/// Money of sums that are wider than a number can show is the nearest that it can. In money's own unit; counts and
/// milliseconds are whole.
template <typename Amount>
core::Value input_value(Amount amount, bool milliseconds) {
  using Limits = std::numeric_limits<std::int64_t>;
  const auto held = static_cast<std::int64_t>(std::clamp<core::Wide>(amount, Limits::min(), Limits::max()));
  if (std::is_same_v<Amount, core::Wide> && !milliseconds) return core::Fixed{held, 4};
  return held;
}

/// Calls visit(name, value) for each count, sum and histogram of a cell: of a histogram how many spans it holds, and
/// the longest.
template <typename CellType, typename Visit>
void each_input(const CellType& cell, std::string_view prefix, Visit&& visit) {
  const auto name = [&](std::string_view word) { return std::string(prefix).append(word); };
  for (std::size_t i = 0; i < CellType::kCounts; ++i) {
    visit(name(column_word(static_cast<typename CellType::CountColumn>(i))), core::Value{std::int64_t{cell.counts[i]}});
  }
  for (std::size_t i = 0; i < CellType::kSums; ++i) {
    const std::string word = column_word(static_cast<typename CellType::SumColumn>(i));
    visit(name(word), input_value(cell.sums[i], word.ends_with("_ms")));
  }
  for (std::size_t i = 0; i < CellType::kHists; ++i) {
    const std::string word = column_word(static_cast<typename CellType::HistColumn>(i));
    std::int64_t spans = 0;
    for (const auto& bin : cell.hists[i].bins()) spans += bin.count;
    visit(name(word), core::Value{spans});
    core::Value longest;
    if (spans > 0) longest = std::int64_t{cell.maxima[i].value()};
    visit(name("longest_" + word + "_ms"), std::move(longest));
  }
}

template <typename Visit>
void each_row_input(const QueueRow& row, Visit&& visit) {
  each_input(row.cell, "", visit);
}
template <typename Visit>
void each_row_input(const AgentRow& row, Visit&& visit) {
  each_input(row.cell, "", visit), each_input(row.time, "state_", visit);
}
template <typename Visit>
void each_row_input(const LeadRow& row, Visit&& visit) {
  each_input(row.cell, "leads_", visit);
}
template <typename Visit>
void each_row_input(const DealRow& row, Visit&& visit) {
  each_input(row.cell, "deals_", visit);
}

template <typename Visit>
void each_row_input(const ChatRow& row, Visit&& visit) {
  each_input(row.cell, "chats_", visit);
}
template <typename Visit>
void each_row_input(const ChatAgentRow& row, Visit&& visit) {
  each_input(row.cell, "chats_", visit);
}

}  // namespace processors

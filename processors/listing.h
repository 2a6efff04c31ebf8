// A list of rows in order of time, of which the first so many are wanted.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/figure_table.h"
#include "core/row_query.h"

namespace processors {

/// Of a text, no value where it is empty.
inline core::Value listed_text(std::string_view words) {
  return words.empty() ? core::Value{} : core::Value{std::string(words)};
}
inline core::Value listed_time(std::optional<core::EventTime> time) {
  return time ? core::Value{core::format_rfc3339(*time)} : core::Value{};
}
inline core::Value listed_seconds(core::Millis span) { return core::Fixed{span.count(), 3}; }

/// Holds no more than it has to. Confined to one thread.
class Listing {
 public:
  explicit Listing(const core::RowQuery& query) : query_(query) {}

  /// Whether the query has this text, or does not ask for it.
  bool is(std::string_view name, std::string_view value) const {
    const auto wanted = query_.texts.find(name);
    return wanted == query_.texts.end() || wanted->second == value;
  }
  bool in_time(core::EventTime time) const {
    return (!query_.from || time >= *query_.from) && (!query_.to || time < *query_.to);
  }
  /// `first`, `second`: ids, which order rows of the same time.
  void add(core::EventTime time, std::string first, std::string second, std::vector<core::Value> cells) {
    rows_.push_back({time, std::move(first), std::move(second), std::move(cells)});
    if (query_.limit && rows_.size() >= 2 * *query_.limit + kSpare) cut();
  }
  core::FigureTable table(std::vector<std::string> columns) && {
    cut();
    core::FigureTable table{std::move(columns), {}};
    table.cut = cut_;
    for (Row& row : rows_) table.rows.push_back(std::move(row.cells));
    return table;
  }

 private:
  struct Row {
    core::EventTime time;
    std::string first, second;
    std::vector<core::Value> cells;
  };
  static constexpr std::size_t kSpare = 1000;

  void cut() {
    std::ranges::sort(rows_, {}, [](const Row& row) { return std::tie(row.time, row.first, row.second); });
    if (!query_.limit || rows_.size() <= *query_.limit) return;
    cut_ = true;
    rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(*query_.limit), rows_.end());
  }

  const core::RowQuery& query_;
  std::vector<Row> rows_;
  bool cut_ = false;
};

}  // namespace processors

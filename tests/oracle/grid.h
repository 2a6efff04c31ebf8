// Rows of a table of figures while they are being added up.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/oracle/calendar.h"
#include "tests/oracle/numbers.h"

namespace oracle {

using Keys = std::vector<std::string>;

/// Rows by key columns (as bytes) and start. A row exists once something counts in it. `Row` says its figures as
/// `std::vector<std::string> cells() const`. Confined to one thread.
template <typename Row>
class Grid {
 public:
  Grid(const Query& query, const Periods& periods) : query_(query), periods_(periods) {}

  /// Lets `count` add to the row of a fact at `time`, if the query asks for that time. The first key is the client.
  template <typename Count>
  void add(const Keys& keys, Ms time, Count count) {
    if (const auto interval = periods_.at(time, keys.front())) count(row(keys, *interval));
  }

  /// The same for a span of time: `count` gets the row and its part of the span.
  template <typename Count>
  void add_span(const Keys& keys, Ms from, Ms to, Count count) {
    for (const Periods::Part& part : periods_.split(from, to, keys.front())) {
      count(row(keys, part.interval), part.amount);
    }
  }

  /// Calls visit(keys, interval, row) for each.
  template <typename Visit>
  void each(Visit visit) {
    for (auto& [position, line] : rows_) visit(position.first, line.first, line.second);
  }

  /// Of keys beyond the header's the figures tell.
  std::string csv(Keys header, const std::vector<std::string>& figures) const {
    const auto shown = static_cast<std::ptrdiff_t>(header.size());
    header.insert(header.end(), {"start", "end", "status", "revision"});
    header.insert(header.end(), figures.begin(), figures.end());
    std::string text = csv_line(header);
    for (const auto& [position, line] : rows_) {
      std::vector<std::string> fields(position.first.begin(), position.first.begin() + shown);
      fields.insert(fields.end(), {time(line.first.start), time(line.first.end), "final", "0"});
      const std::vector<std::string> cells = line.second.cells();
      fields.insert(fields.end(), cells.begin(), cells.end());
      text += csv_line(fields);
    }
    return text;
  }

 private:
  Row& row(const Keys& keys, const Interval& interval) {
    return rows_.try_emplace({keys, interval.start.value_or(0)}, interval, Row()).first->second.second;
  }
  std::string time(std::optional<Ms> t) const { return t ? format_time(*t, query_.timezone) : std::string(); }

  const Query& query_;
  const Periods& periods_;
  std::map<std::pair<Keys, Ms>, std::pair<Interval, Row>> rows_;
};

}  // namespace oracle

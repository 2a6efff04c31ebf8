// Reads a printed table of figures back, so that a test can ask for a row's column by name.
#pragma once

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace test_support {

/// Column to its text.
using CsvRow = std::map<std::string, std::string>;

/// Tables whose names hold no line break.
inline std::vector<CsvRow> csv_rows(const std::string& csv) {
  const auto cells_of = [](const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false, closed = false;  // `closed`: a quote that ended the cell, unless another one follows it.
    for (const char c : line) {
      if (c == '"') {
        if (closed) cells.back().push_back(c);
        closed = quoted && !closed;
        quoted = !closed;
      } else if (c == ',' && !quoted) {
        cells.emplace_back();
        closed = false;
      } else {
        cells.back().push_back(c);
      }
    }
    return cells;
  };
  std::istringstream text(csv);
  std::string line;
  std::getline(text, line);
  const auto columns = cells_of(line);
  std::vector<CsvRow> rows;
  while (std::getline(text, line)) {
    const auto cells = cells_of(line);
    if (cells.size() != columns.size()) throw std::runtime_error("not as many cells as columns: " + line);
    CsvRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) row[columns[i]] = cells[i];
  }
  return rows;
}

/// The only row that has these cells; throws std::runtime_error where there is none, or are several.
inline CsvRow only_row(const std::vector<CsvRow>& rows, const CsvRow& with) {
  std::vector<CsvRow> found;
  for (const auto& row : rows) {
    bool all = true;
    for (const auto& [column, cell] : with) all = all && row.contains(column) && row.at(column) == cell;
    if (all) found.push_back(row);
  }
  if (found.size() != 1) {
    std::string asked;
    for (const auto& [column, cell] : with) asked += " " + column + "=" + cell;
    throw std::runtime_error(std::to_string(found.size()) + " rows with" + asked);
  }
  return found.front();
}

}  // namespace test_support

// Tests look into a CSV of figures by key and column.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace oracle {

/// A CSV of figures, without quoted line breaks. Immutable after construction.
class TableReader {
 public:
  explicit TableReader(const std::string& csv) {
    std::size_t begin = 0;
    while (begin < csv.size()) {
      const std::size_t end = csv.find('\n', begin);
      const std::vector<std::string> fields = split(csv.substr(begin, end - begin));
      begin = end + 1;
      if (columns_.empty()) {
        columns_ = fields;
        continue;
      }
      std::map<std::string, std::string>& row = rows_.emplace_back();
      for (std::size_t i = 0; i < columns_.size(); ++i) row[columns_[i]] = fields.at(i);
    }
  }

  std::size_t rows() const { return rows_.size(); }

  /// The cell of the only row.
  std::string operator()(const std::string& column) const {
    if (rows_.size() != 1) throw std::out_of_range("rows: " + std::to_string(rows_.size()));
    return rows_.front().at(column);
  }

  /// The cell of the row whose `key` column is `value`.
  std::string at(const std::string& key, const std::string& value, const std::string& column) const {
    for (const auto& row : rows_) {
      if (row.at(key) == value) return row.at(column);
    }
    throw std::out_of_range("no row with " + key + " " + value);
  }

  /// Of a column of whole numbers.
  std::int64_t sum(const std::string& column) const {
    std::int64_t total = 0;
    for (const auto& row : rows_) total += std::stoll(row.at(column));
    return total;
  }

 private:
  static std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> fields(1);
    bool inside = false;
    for (const char c : line) {
      if (c == '"') inside = !inside;
      else if (c == ',' && !inside) fields.emplace_back();
      else fields.back() += c;
    }
    return fields;
  }

  std::vector<std::string> columns_;
  std::vector<std::map<std::string, std::string>> rows_;
};

}  // namespace oracle

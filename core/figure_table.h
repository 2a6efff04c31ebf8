// A table of figures as every surface shows it: typed cells, and its three written forms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"

namespace core {

/// A number of the form value / 10^decimals. All rounding has been done when one is made.
struct Fixed {
  std::int64_t value = 0;
  std::uint8_t decimals = 0;
  friend bool operator==(const Fixed&, const Fixed&) = default;
};

/// numerator / denominator rounded half up (towards plus infinity) at the last of `decimals` digits, from integers.
/// The denominator must be positive.
Fixed ratio(std::int64_t numerator, std::int64_t denominator, std::uint8_t decimals);

/// "0.523040", "35.028", "-1.50".
std::string to_string(Fixed value);

/// Text, whole number, decimal, or no value (empty in CSV, null in JSON).
using Value = std::variant<std::monostate, std::string, std::int64_t, Fixed>;

/// As CSV has it, without its quotes.
std::string to_string(const Value& value);

struct FigureTable {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;  ///< Each as long as `columns`.
  bool cut = false;                      ///< A limit has left out what comes after them.
};

/// Writes the text of to_csv() or to_json() as rows come, so that no table need be held. Every call appends to `out`.
/// Confined to one thread.
class RowWriter {
 public:
  enum class Form : std::uint8_t { kCsv, kJson };

  RowWriter(std::vector<std::string> columns, Form form) : columns_(std::move(columns)), form_(form) {}
  void begin(std::string& out) const;
  void row(const std::vector<Value>& cells, std::string& out);
  void end(std::string& out) const;

 private:
  std::vector<std::string> columns_;
  Form form_;
  bool empty_ = true;
};

/// RFC 4180 with "\n", header always.
std::string to_csv(const FigureTable& table);
/// An array of objects, numbers as numbers, keys in order of the columns.
std::string to_json(const FigureTable& table);
/// Aligned columns for people; a header always.
std::string to_text(const FigureTable& table);

}  // namespace core

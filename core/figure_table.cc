#include "core/figure_table.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/json_text.h"
#include "core/wide.h"

namespace core {
namespace {

// RFC 4180: quoted only where the field would otherwise be read differently.
void append_csv(std::string& out, const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char character : field) {
    if (character == '"') out += '"';
    out += character;
  }
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    out += "null";
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_json_string(out, *text);
  } else {
    out += to_string(value);
  }
}

// Names come from the sources' events: no byte of them may steer the reader's terminal.
std::string printable(const Value& value) {
  std::string text = to_utf8(to_string(value));
  for (char& character : text) {
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F) character = '?';
  }
  return text;
}

std::size_t width(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

struct Column {
  std::vector<std::string> cells;  ///< The header first.
  std::size_t wide = 0;
  bool left = false;  ///< Text stands left, numbers right.
};

std::string written(const FigureTable& table, RowWriter::Form form) {
  std::string out;
  RowWriter writer(table.columns, form);
  writer.begin(out);
  for (const auto& row : table.rows) writer.row(row, out);
  writer.end(out);
  return out;
}

std::vector<Column> lay_out(const FigureTable& table) {
  std::vector<Column> columns(table.columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Column& column = columns[i];
    column.cells.push_back(printable(table.columns[i]));
    for (const auto& row : table.rows) {
      assert(row.size() == columns.size());
      column.cells.push_back(printable(row[i]));
      column.left |= std::holds_alternative<std::string>(row[i]);
    }
    for (const auto& cell : column.cells) column.wide = std::max(column.wide, width(cell));
  }
  return columns;
}

}  // namespace

std::string to_string(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* fixed = std::get_if<Fixed>(&value)) return to_string(*fixed);
  return {};
}

// Beyond what 64 bits of the last digit hold, the nearest number that they do hold.
Fixed ratio(std::int64_t numerator, std::int64_t denominator, std::uint8_t decimals) {
  assert(denominator > 0 && decimals <= 18);
  Wide scaled = numerator;
  for (int i = 0; i < decimals; ++i) scaled *= 10;
  const Wide doubled = 2 * scaled + denominator, divisor = 2 * static_cast<Wide>(denominator);
  const Wide quotient = doubled / divisor - (doubled % divisor < 0 ? 1 : 0);
  using Limits = std::numeric_limits<std::int64_t>;
  const Wide held = std::clamp<Wide>(quotient, Limits::min(), Limits::max());
  return Fixed{static_cast<std::int64_t>(held), decimals};
}

std::string to_string(Fixed value) {
  const auto bits = static_cast<std::uint64_t>(value.value);
  std::string digits = std::to_string(value.value < 0 ? 0 - bits : bits);
  if (digits.size() <= value.decimals) digits.insert(0, value.decimals + 1 - digits.size(), '0');
  if (value.decimals > 0) digits.insert(digits.size() - value.decimals, 1, '.');
  return value.value < 0 ? "-" + digits : digits;
}

void RowWriter::begin(std::string& out) const {
  if (form_ == Form::kJson) {
    out += '[';
    return;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += ',';
    append_csv(out, columns_[i]);
  }
  out += '\n';
}

void RowWriter::row(const std::vector<Value>& cells, std::string& out) {
  assert(cells.size() == columns_.size());
  const bool json = form_ == Form::kJson;
  if (json) out += empty_ ? "\n{" : ",\n{";
  empty_ = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    if (!json) {
      append_csv(out, to_string(cells[i]));
      continue;
    }
    append_json_string(out, columns_[i]);
    out += ':';
    append_json(out, cells[i]);
  }
  out += json ? '}' : '\n';
}

void RowWriter::end(std::string& out) const {
  if (form_ == Form::kJson) out += empty_ ? "]\n" : "\n]\n";
}

std::string to_csv(const FigureTable& table) { return written(table, RowWriter::Form::kCsv); }
std::string to_json(const FigureTable& table) { return written(table, RowWriter::Form::kJson); }

std::string to_text(const FigureTable& table) {
  const std::vector<Column> columns = lay_out(table);
  std::string out;
  for (std::size_t line = 0; line <= table.rows.size(); ++line) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string& cell = columns[i].cells[line];
      const std::string space(columns[i].wide - width(cell), ' ');
      if (i > 0) text += "  ";
      text += columns[i].left ? cell + space : space + cell;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + '\n';
  }
  return out;
}

}  // namespace core

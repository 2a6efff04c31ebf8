#include "app/top/series_lines.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace app {
namespace {

// Reads `"text"` with the escapes \\, \" and \n from the front of `rest`.
std::optional<std::string> take_quoted(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  std::string text;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] != '\\') {
      text += rest[i];
      continue;
    }
    if (++i == rest.size()) break;
    text += rest[i] == 'n' ? '\n' : rest[i];
  }
  return std::nullopt;
}

// Reads `{a="x",b="y"}` from the front of `rest`; false where it is not of that form.
bool take_labels(std::string_view& rest, std::map<std::string, std::string>& labels) {
  rest.remove_prefix(1);
  while (!rest.starts_with('}')) {
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    std::string name(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    auto value = take_quoted(rest);
    if (!value) return false;
    labels[std::move(name)] = std::move(*value);
    if (rest.starts_with(',')) rest.remove_prefix(1);
  }
  rest.remove_prefix(1);
  return true;
}

// `rest` is a line behind the metric's name.
std::optional<SeriesLine> read_series(std::string_view rest) {
  SeriesLine series;
  if (rest.starts_with('{') && !take_labels(rest, series.labels)) return std::nullopt;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), series.value);
  if (read.ec != std::errc{}) return std::nullopt;
  return series;
}

}  // namespace

void for_each_series(std::string_view page, std::string_view name, const std::function<void(const SeriesLine&)>& take) {
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    if (!line.starts_with(name) || line.size() == name.size()) continue;
    const char next = line[name.size()];
    if (next != '{' && next != ' ') continue;
    if (const auto series = read_series(line.substr(name.size()))) take(*series);
  }
}

}  // namespace app

#include "config/forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "config/values.h"

namespace config {
namespace {

/// A year of quarter-hours for each of ten years.
constexpr std::size_t kMostBytes = 64 << 20;

}  // namespace

tl::expected<std::vector<core::ForecastInterval>, std::string> parse_forecast(const std::string& text) {
  std::vector<core::ForecastInterval> forecast;
  std::istringstream in(text);
  std::string line;
  const auto wrong = [](std::size_t number, std::string_view what) {
    return tl::unexpected(fmt::format("line {}: {}", number, what));
  };
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (number == 1) {
      if (line != "start,offered") return wrong(1, "is not the header start,offered");
      continue;
    }
    if (line.empty()) continue;
    const std::size_t comma = std::min(line.find(','), line.size());
    const auto start = parse_instant(std::string_view(line).substr(0, comma));
    const auto offered = parse_whole(std::string_view(line).substr(std::min(comma + 1, line.size())));
    if (!start) return wrong(number, "does not begin with a time with an offset, such as 2026-03-02T09:00-05:00");
    if (!offered || *offered > 1'000'000'000) return wrong(number, "has no whole number of visits after the comma");
    forecast.push_back({*start, *offered});
  }
  if (forecast.empty()) return wrong(1, "there is no interval");
  std::ranges::sort(forecast, {}, &core::ForecastInterval::start);
  const auto twice = std::ranges::adjacent_find(forecast, {}, &core::ForecastInterval::start);
  if (twice != forecast.end()) {
    return tl::unexpected(fmt::format("{} stands there twice", core::format_rfc3339(twice->start)));
  }
  return forecast;
}

tl::expected<std::vector<core::ForecastInterval>, std::string> read_forecast(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return tl::unexpected<std::string>("there is no such file");
  if (std::filesystem::file_size(path, error) > kMostBytes) return tl::unexpected<std::string>("is larger than 64 MiB");
  std::ifstream file(path, std::ios::binary);
  if (!file) return tl::unexpected<std::string>("cannot be read");
  return parse_forecast(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace config

#include "tests/oracle/numbers.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace oracle {
namespace {

/// Half up.
Wide rounded(Wide numerator, Wide denominator) {
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  const Wide doubled = 2 * numerator + denominator, divisor = 2 * denominator;
  return doubled / divisor - (doubled % divisor < 0 ? 1 : 0);
}

std::string decimal(Wide value, int decimals) {
  Wide scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const Wide magnitude = value < 0 ? -value : value;
  std::string fraction = std::to_string(static_cast<std::int64_t>(magnitude % scale));
  fraction.insert(0, static_cast<std::size_t>(decimals) - fraction.size(), '0');
  return (value < 0 ? "-" : "") + std::to_string(static_cast<std::int64_t>(magnitude / scale)) + "." + fraction;
}

/// Values below 64 ms are exact; above, every power of two has 32 equal bins.
Ms bin_middle(Ms value) {
  if (value < 64) return value;
  const Ms power = static_cast<Ms>(std::bit_floor(static_cast<std::uint64_t>(value)));
  const Ms width = power / 32;
  return value / width * width + width / 2;
}

}  // namespace

std::string quotient(Ms numerator, Ms denominator, int decimals) {
  if (denominator == 0) return {};
  Wide scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  return decimal(rounded(numerator * scale, denominator), decimals);
}

std::string money(Wide numerator, Wide denominator) {
  if (denominator == 0) return {};
  Wide value = rounded(numerator, denominator);
  int decimals = 4;
  for (; decimals > 2 && value % 10 == 0; --decimals) value /= 10;
  return decimal(value, decimals);
}

Ms quantile(std::vector<Ms> values, int percent) {
  std::sort(values.begin(), values.end());
  const std::size_t rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return std::min(bin_middle(values[rank - 1]), values.back());
}

std::string seconds(Ms milliseconds) { return quotient(milliseconds, 1000, 3); }

std::string mean_seconds(Ms sum, Ms n) { return quotient(sum, n * 1000, 3); }

std::string quantile_seconds(std::vector<Ms> values, int percent) {
  return values.empty() ? std::string() : seconds(quantile(std::move(values), percent));
}

std::string maximum_seconds(const std::vector<Ms>& values) {
  return values.empty() ? std::string() : seconds(*std::max_element(values.begin(), values.end()));
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ',';
    if (field.find_first_of(",\"\r\n") == std::string::npos) {
      line += field;
      continue;
    }
    line += '"';
    for (const char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + '\n';
}

}  // namespace oracle

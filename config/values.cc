#include "config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <vector>

#include "core/decimal.h"
#include "core/figure_table.h"

namespace config {
namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t bytes;
};
constexpr std::array<Unit, 5> kUnits = {{{"B", 1},
                                         {"KiB", std::int64_t{1} << 10},
                                         {"MiB", std::int64_t{1} << 20},
                                         {"GiB", std::int64_t{1} << 30},
                                         {"TiB", std::int64_t{1} << 40}}};

bool is_host(std::string_view host) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return !host.empty() && host.find_first_not_of(kLetters) == std::string_view::npos;
}

bool is_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos &&
         host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

/// Levenshtein distance: letters to insert, drop or exchange.
std::size_t mistakes(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, exchanged});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::int64_t> parse_whole(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto digits = std::min(text.size(), text.find_first_not_of("0123456789"));
  const auto unit = std::ranges::find(kUnits, text.substr(digits), &Unit::suffix);
  const auto amount = parse_whole(text.substr(0, digits));
  std::int64_t bytes = 0;
  if (unit == kUnits.end() || !amount || __builtin_mul_overflow(*amount, unit->bytes, &bytes)) return std::nullopt;
  return bytes;
}

std::string format_size(std::int64_t bytes) {
  if (bytes == 0) return "0B";
  const auto largest =
      std::find_if(kUnits.rbegin(), kUnits.rend(), [bytes](const Unit& unit) { return bytes % unit.bytes == 0; });
  return fmt::format("{}{}", bytes / largest->bytes, largest->suffix);
}

std::optional<std::int64_t> parse_percent(std::string_view text) {
  if (!text.ends_with('%') || text.starts_with('-')) return std::nullopt;
  const auto per_cent = core::parse_decimal(text.substr(0, text.size() - 1));
  // A hundredth of a ten-thousandth is a millionth.
  return per_cent ? std::optional(per_cent->ten_thousandths) : std::nullopt;
}

std::string format_percent(std::int64_t millionths) {
  std::string text = core::to_string(core::Fixed{millionths, 4});
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + '%';
}

std::optional<core::EventTime> parse_instant(std::string_view text) {
  constexpr std::size_t kMinutes = sizeof("2026-03-03T10:00") - 1;
  if (const auto time = core::parse_rfc3339(text)) return time;
  if (text.size() <= kMinutes || text[kMinutes] == ':') return std::nullopt;
  return core::parse_rfc3339(fmt::format("{}:00{}", text.substr(0, kMinutes), text.substr(kMinutes)));
}

namespace {

/// "08:30" as minutes since midnight.
std::optional<std::chrono::minutes> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hours = parse_whole(text.substr(0, 2)), minutes = parse_whole(text.substr(3));
  if (!hours || !minutes || *hours > 24 || *minutes > 59 || (*hours == 24 && *minutes > 0)) return std::nullopt;
  return std::chrono::minutes{*hours * 60 + *minutes};
}

}  // namespace

std::optional<core::OpeningHours> parse_hours(std::string_view text) {
  constexpr std::chrono::minutes kDay = std::chrono::hours(24);
  if (text.size() != sizeof("08:00-20:00") - 1 || text[5] != '-') return std::nullopt;
  const auto from = parse_clock(text.substr(0, 5)), to = parse_clock(text.substr(6));
  if (!from || !to || *from >= kDay) return std::nullopt;
  return core::OpeningHours{*from, *to > *from ? *to : *to + kDay};
}

std::string format_hours(const core::OpeningHours& hours) {
  constexpr std::int64_t kDay = 24 * 60;
  const auto clock = [](std::int64_t minutes) { return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60); };
  const std::int64_t to = hours.to.count();
  return clock(hours.from.count()) + '-' + clock(to > kDay ? to - kDay : to);
}

std::optional<std::int64_t> parse_flag(std::string_view text) {
  if (text == "true") return 1;
  if (text == "false") return 0;
  return std::nullopt;
}

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const auto port = parse_whole(text.substr(colon + 1));
  if (!port || *port > 65535) return std::nullopt;

  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (bracketed ? !is_ipv6(host) : !is_host(host)) return std::nullopt;
  return Address{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::string format_address(const Address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos;
  return ipv6 ? fmt::format("[{}]:{}", address.host, address.port) : fmt::format("{}:{}", address.host, address.port);
}

bool is_printable(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 64;  // Nobody mistypes a key into something longer.
  if (word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t fewest = 2 + word.size() / 5;  // Exclusive: one is allowed, and one more per five letters.
  for (const std::string_view candidate : candidates) {
    if (const std::size_t count = mistakes(word, candidate); count < fewest) fewest = count, best = candidate;
  }
  return best;
}

}  // namespace config

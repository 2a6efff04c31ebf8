// Scalars of the configuration that only it has, as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/calendar.h"
#include "core/time.h"

namespace config {

/// "0", "64"; no sign, no fraction.
std::optional<std::int64_t> parse_whole(std::string_view text);

/// "512B", "64MiB", "1GiB": bytes. Units B, KiB, MiB, GiB, TiB.
std::optional<std::int64_t> parse_size(std::string_view text);

/// The shortest exact form that parse_size reads: "64MiB".
std::string format_size(std::int64_t bytes);

/// "true" is 1, "false" is 0.
std::optional<std::int64_t> parse_flag(std::string_view text);

/// "80%", "79.995%": millionths, at most four decimals; no sign.
std::optional<std::int64_t> parse_percent(std::string_view text);
/// The shortest form that parse_percent reads.
std::string format_percent(std::int64_t millionths);

/// "2026-03-03T10:00-05:00": RFC 3339, the seconds may be left out.
std::optional<core::EventTime> parse_instant(std::string_view text);

/// "08:00-20:00": a span of a day's clock; an end at or before the begin lies on the next day, and 24:00 is an end.
std::optional<core::OpeningHours> parse_hours(std::string_view text);
std::string format_hours(const core::OpeningHours& hours);

struct Address {
  std::string host;  ///< Without the brackets of an IPv6 address.
  std::uint16_t port = 0;
};

/// "127.0.0.1:9464", "localhost:0", "[::1]:9464".
std::optional<Address> parse_address(std::string_view text);
std::string format_address(const Address& address);

/// Whether all bytes are printable: no control characters.
bool is_printable(std::string_view text);

/// The candidate that differs from `word` by the fewest typing mistakes, if they are few; else empty.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace config

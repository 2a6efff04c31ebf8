// Event time and wall time, kept apart by their types.
//
// Event time is what the sources' clocks said; it has no now(). Wall time is this machine's clock; it comes in by
// parameter and is read only in `app` and at the edges of `ingest`. Both count whole milliseconds since 1970 UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

using Millis = std::chrono::milliseconds;

struct EventClock {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = Millis;
  using time_point = std::chrono::time_point<EventClock>;
  static constexpr bool is_steady = false;
};

using EventTime = EventClock::time_point;
using WallTime = std::chrono::sys_time<Millis>;

constexpr EventTime event_time(std::int64_t milliseconds) { return EventTime{Millis{milliseconds}}; }
constexpr std::int64_t to_ms(EventTime time) { return time.time_since_epoch().count(); }
/// Event times are those that RFC 3339 can write, of the years 0 to 9999: at least the first, before the end.
inline constexpr EventTime kFirstEventTime = event_time(-62'167'219'200'000),
                           kEndOfEventTime = event_time(253'402'300'800'000);

constexpr WallTime wall_time(std::int64_t milliseconds) { return WallTime{Millis{milliseconds}}; }
constexpr std::int64_t to_ms(WallTime time) { return time.time_since_epoch().count(); }

/// Floor of `value / step`, also for negative values (times before 1970).
constexpr std::int64_t floor_div(std::int64_t value, std::int64_t step) {
  return value >= 0 ? value / step : -((-value + step - 1) / step);
}

/// Reads an RFC 3339 time with an offset ("2026-03-02T09:15:02.123456Z", "…+02:00"); digits beyond milliseconds are cut.
/// nullopt for anything else: no offset, an impossible date, hour 24, a leap second.
std::optional<EventTime> parse_rfc3339(std::string_view text);

/// RFC 3339 in UTC with milliseconds only where they are not zero: "2026-03-02T09:15:02Z", "2026-03-02T09:15:02.123Z".
std::string format_rfc3339(EventTime time);

/// A span as people write it in configuration: "250ms", "20s", "4.999s", "5m", "4h", "14d". nullopt for anything else.
std::optional<Millis> parse_duration(std::string_view text);

/// The shortest exact form that `parse_duration` reads: "20s", "4999ms", "5m".
std::string format_duration(Millis span);

}  // namespace core

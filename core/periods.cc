#include "core/periods.h"

#include <date/tz.h>

namespace core {
namespace {

using Sys = date::sys_time<Millis>;
using Local = date::local_time<Millis>;

Sys to_sys(EventTime time) { return Sys{time.time_since_epoch()}; }
EventTime to_event(Sys time) { return EventTime{time.time_since_epoch()}; }

EventTime first_instant(const date::time_zone& zone, date::local_days day) {
  // `earliest` gives the transition itself where midnight does not exist.
  return to_event(date::floor<Millis>(zone.to_sys(Local{day}, date::choose::earliest)));
}

date::local_days day_of(const date::time_zone& zone, EventTime time) {
  return date::floor<date::days>(zone.to_local(to_sys(time)));
}

/// The latest instant at or before `time` at which the zone's clock reads a multiple of `step`.
EventTime clock_start(const date::time_zone& zone, EventTime time, Millis step) {
  const date::sys_info info = zone.get_info(to_sys(time));
  const std::int64_t offset = std::chrono::duration_cast<Millis>(info.offset).count();
  const EventTime start = event_time(floor_div(to_ms(time) + offset, step.count()) * step.count() - offset);
  const EventTime change = to_event(date::floor<Millis>(info.begin));
  return start >= change ? start : clock_start(zone, change - Millis{1}, step);
}

Period clock_period(const date::time_zone& zone, EventTime time, Millis step) {
  const EventTime start = clock_start(zone, time, step);
  // Offsets are whole quarters of an hour, so the next such reading of the clock is at a quarter.
  EventTime end = interval_start(time) + kInterval;
  while (clock_start(zone, end, step) == start) end += kInterval;
  return {start, end};
}

}  // namespace

PeriodParts parts_of(const Period& period) {
  PeriodParts parts;
  if (period.start != EventTime::min()) {
    parts.whole.start = interval_start(period.start);
    if (parts.whole.start < period.start) parts.whole.start += kInterval;
  }
  if (period.end != EventTime::max()) parts.whole.end = interval_start(period.end);
  if (parts.whole.start > parts.whole.end) return {{period.start, period.start}, {period}};
  if (parts.whole.start > period.start) parts.edges.push_back({period.start, parts.whole.start});
  if (parts.whole.end < period.end) parts.edges.push_back({parts.whole.end, period.end});
  return parts;
}

const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::int32_t local_day(const date::time_zone& zone, EventTime time) {
  return static_cast<std::int32_t>(day_of(zone, time).time_since_epoch().count());
}
EventTime day_begin(const date::time_zone& zone, std::int32_t day) {
  return first_instant(zone, date::local_days{date::days{day}});
}
EventTime day_start(const date::time_zone& zone, EventTime time) { return first_instant(zone, day_of(zone, time)); }

std::string format_rfc3339_seconds(EventTime time, const date::time_zone* zone) {
  const auto whole = date::floor<std::chrono::seconds>(to_sys(time));
  if (zone == nullptr) return date::format("%FT%TZ", whole);
  return date::format("%FT%T%Ez", date::make_zoned(zone, whole));
}

Period period_of(Every every, const date::time_zone& zone, EventTime time) {
  using date::days;
  const auto between = [&](date::local_days first, date::local_days last) {
    return Period{first_instant(zone, first), first_instant(zone, last)};
  };
  // The `n` months of the year, counted from January, in which it lies.
  const auto months = [&](unsigned n) {
    const date::year_month_day day{day_of(zone, time)};
    const unsigned before = (static_cast<unsigned>(day.month()) - 1) / n * n;
    const auto first = day.year() / date::month{before + 1};
    return between(date::local_days{first / 1}, date::local_days{(first + date::months{n}) / 1});
  };
  switch (every) {
    case Every::k30m:
      return clock_period(zone, time, Millis{30 * 60'000});
    case Every::k1h:
      return clock_period(zone, time, Millis{60 * 60'000});
    case Every::kDay: {
      const auto day = day_of(zone, time);
      return between(day, day + days{1});
    }
    case Every::kWeek: {
      const auto day = day_of(zone, time);
      const auto monday = day - (date::weekday{day} - date::Monday);
      return between(monday, monday + days{7});
    }
    case Every::kMonth:
      return months(1);
    case Every::kQuarter:
      return months(3);
    case Every::kYear:
      return months(12);
    case Every::k15m:
    case Every::kTotal:
      break;
  }
  const EventTime start = interval_start(time);
  return {start, start + kInterval};
}

Millis longest_days(Every every) {
  using std::chrono::hours;
  switch (every) {
    case Every::kYear:
      return hours(366 * 24);
    case Every::kQuarter:
      return hours(92 * 24);
    case Every::kMonth:
      return hours(31 * 24);
    case Every::kWeek:
      return hours(7 * 24);
    case Every::kDay:
      return hours(24);
    default:
      return Millis{0};
  }
}

Millis longest(Every every) {
  constexpr Millis kHour = std::chrono::hours(1);
  switch (every) {
    case Every::kYear:
      return 367 * 24 * kHour;
    case Every::kQuarter:
      return 93 * 24 * kHour;
    case Every::kMonth:
      return 32 * 24 * kHour;
    case Every::kWeek:
      return 8 * 24 * kHour;
    case Every::kDay:
      return 48 * kHour;
    case Every::k1h:
    case Every::k30m:
      return 3 * kHour;
    case Every::k15m:
    case Every::kTotal:
      break;
  }
  return Millis{0};
}

}  // namespace core

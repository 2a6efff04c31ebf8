#include "tests/oracle/calendar.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace oracle {
namespace {

using Instant = date::sys_time<std::chrono::milliseconds>;
constexpr Ms kMinute = 60'000;

Ms floor_to(Ms value, Ms step) { return value - ((value % step) + step) % step; }
Instant instant(Ms time) { return Instant(std::chrono::milliseconds(time)); }
template <typename Time>
Ms ms(Time time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
Ms offset(const date::sys_info& info) { return std::chrono::milliseconds(info.offset).count(); }

int number(const std::string& text, std::size_t at, std::size_t digits) {
  int value = 0;
  if (at + digits > text.size()) throw std::invalid_argument("not a time: " + text);
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + digits, value);
  if (error != std::errc() || end != text.data() + at + digits) throw std::invalid_argument("not a time: " + text);
  return value;
}

date::year_month_day day_of(const std::string& text) {
  const date::year_month_day day{date::year{number(text, 0, 4)}, date::month(unsigned(number(text, 5, 2))),
                                 date::day(unsigned(number(text, 8, 2)))};
  if (!day.ok()) throw std::invalid_argument("not a date: " + text);
  return day;
}

date::local_days local_day(const date::time_zone* zone, Ms time) {
  return date::floor<date::days>(zone->to_local(instant(time)));
}

/// Where a change of clocks skips midnight, the first instant after it; where midnight comes twice, the earlier one.
Ms first_instant(const date::time_zone* zone, date::local_days day) {
  return ms(zone->to_sys(date::local_time<std::chrono::milliseconds>(day), date::choose::earliest));
}

/// The latest instant at or before `time` at which the zone's clock reads a multiple of `step`.
Ms clock_start(const date::time_zone* zone, Ms time, Ms step) {
  const date::sys_info info = zone->get_info(instant(time));
  const Ms start = floor_to(time + offset(info), step) - offset(info);
  return start >= ms(info.begin) ? start : clock_start(zone, ms(info.begin) - 1, step);
}

/// The first instant after `time` at which the zone's clock reads a multiple of `step`.
Ms clock_end(const date::time_zone* zone, Ms time, Ms step) {
  const date::sys_info info = zone->get_info(instant(time));
  const Ms end = floor_to(time + offset(info), step) + step - offset(info);
  const Ms change = ms(info.end);
  if (end < change) return end;
  const Ms reading = change + offset(zone->get_info(instant(change)));
  return floor_to(reading, step) == reading ? change : clock_end(zone, change, step);
}

}  // namespace

Ms parse_time(const std::string& text) {
  Ms time = ms(date::sys_days(day_of(text)));
  time += Ms{(number(text, 11, 2) * 60 + number(text, 14, 2)) * 60 + number(text, 17, 2)} * 1000;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    std::string digits;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) digits += text[at];
    digits.resize(3, '0');
    time += number(digits, 0, 3);
  }
  if (at >= text.size()) throw std::invalid_argument("a time without an offset: " + text);
  if (text[at] == 'Z' || text[at] == 'z') return time;
  const Ms shift = (number(text, at + 1, 2) * 60 + number(text, at + 4, 2)) * kMinute;
  return text[at] == '-' ? time + shift : time - shift;
}

std::string format_time(Ms time, const std::string& timezone) {
  const auto seconds = date::floor<std::chrono::seconds>(instant(time));
  if (timezone.empty()) return date::format("%FT%TZ", seconds);
  const date::time_zone* zone = date::locate_zone(timezone);
  return date::format("%FT%T%Ez", date::make_zoned(zone, seconds));
}

Ms first_instant(const std::string& date, const std::string& timezone) {
  return first_instant(date::locate_zone(timezone), date::local_days(day_of(date)));
}

int local_day(Ms time, const std::string& timezone) {
  return local_day(date::locate_zone(timezone), time).time_since_epoch().count();
}

Ms day_start(int day, const std::string& timezone) {
  return first_instant(date::locate_zone(timezone), date::local_days{date::days{day}});
}

/// By what the clock shows: hours last from the first time it shows their begin to the last time it shows their end.
bool is_open(const Calendar& calendar, Ms time) {
  const date::time_zone* zone = date::locate_zone(calendar.timezone);
  const date::local_days today = local_day(zone, time);
  for (const int back : {1, 0}) {
    const date::local_days day = today - date::days(back);
    const std::string name = date::format("%F", day);
    const int weekday = int((date::weekday(day) - date::Monday).count());
    const auto holiday = calendar.holidays.find(name);
    const auto usual = calendar.week.find(weekday);
    if (holiday == calendar.holidays.end() && usual == calendar.week.end()) continue;
    for (const Hours& hours : holiday != calendar.holidays.end() ? holiday->second : usual->second) {
      const auto reading = [&](int minutes) {
        return date::local_time<std::chrono::milliseconds>(day) + std::chrono::minutes(minutes);
      };
      const Ms from = ms(zone->to_sys(reading(hours.from), date::choose::earliest));
      const Ms to = ms(zone->to_sys(reading(hours.to), date::choose::latest));
      if (time >= from && time < to) return true;
    }
  }
  return false;
}

std::pair<Ms, Ms> period_at(Ms time, const std::string& every, const std::string& timezone) {
  if (every == "quarter" || every == "year") {
    const date::time_zone* zone = date::locate_zone(timezone);
    const date::year_month_day day{local_day(zone, time)};
    const unsigned months = every == "year" ? 12 : 3;
    const auto first = day.year() / date::month((unsigned(day.month()) - 1) / months * months + 1);
    return {first_instant(zone, date::local_days(first / 1)),
            first_instant(zone, date::local_days((first + date::months(int(months))) / 1))};
  }
  Query query;
  query.every = every, query.timezone = timezone;
  const Options none;
  const auto interval = Periods(query, none, 0).at(time, "");
  return {*interval->start, *interval->end};
}

Periods::Periods(const Query& query, const Options& options, Ms as_of)
    : query_(query), options_(options), as_of_(as_of) {}

const date::time_zone* Periods::zone(const std::string& client) const {
  const std::string& name = query_.timezone.empty() ? options_.client(client).timezone : query_.timezone;
  const date::time_zone*& zone = zones_[name];
  if (!zone) zone = date::locate_zone(name);
  return zone;
}

Interval Periods::single(const std::string& client) const {
  if (query_.window.empty()) return {query_.from, query_.to};
  static const std::map<std::string, Ms> lengths = {
      {"5m", 5 * kMinute}, {"15m", 15 * kMinute}, {"30m", 30 * kMinute}, {"1h", 60 * kMinute}};
  const Ms end = floor_to(as_of_, 10'000) + 10'000;
  if (query_.window != "day") return {end - lengths.at(query_.window), end};
  const date::time_zone* local = zone(client);
  return {first_instant(local, local_day(local, as_of_)), end};
}

Periods::Bounds Periods::bounds(Ms time, const std::string& client) const {
  if (query_.every == "15m") return {floor_to(time, 15 * kMinute), floor_to(time, 15 * kMinute) + 15 * kMinute};
  const date::time_zone* local = zone(client);
  if (query_.every == "30m" || query_.every == "1h") {
    const Ms step = query_.every == "30m" ? 30 * kMinute : 60 * kMinute;
    return {clock_start(local, time, step), clock_end(local, time, step)};
  }
  date::local_days first = local_day(local, time);
  date::local_days next = first + date::days(1);
  if (query_.every == "week") {
    first -= date::weekday(first) - date::Monday;
    next = first + date::weeks(1);
  } else if (query_.every == "month") {
    const date::year_month_day day{first};
    first = date::local_days(day.year() / day.month() / 1);
    next = date::local_days((day.year() / day.month() + date::months(1)) / 1);
  } else if (query_.every != "day") {
    throw std::invalid_argument("every: " + query_.every);
  }
  return {first_instant(local, first), first_instant(local, next)};
}

std::optional<Interval> Periods::at(Ms time, const std::string& client) const {
  if (single_row()) {
    const Interval row = single(client);
    const bool inside = (!row.start || time >= *row.start) && (!row.end || time < *row.end);
    return inside ? std::optional(row) : std::nullopt;
  }
  const Bounds row = bounds(time, client);
  return wanted(row.start) ? std::optional(Interval{row.start, row.end}) : std::nullopt;
}

std::vector<Periods::Part> Periods::split(Ms from, Ms to, const std::string& client) const {
  std::vector<Part> parts;
  if (single_row()) {
    const Interval row = single(client);
    const Ms start = std::max(from, row.start.value_or(from));
    const Ms end = std::min(to, row.end.value_or(to));
    if (start < end) parts.push_back({row, end - start});
    return parts;
  }
  for (Ms start = from; start < to;) {
    const Bounds row = bounds(start, client);
    const Ms end = std::min(to, row.end);
    if (wanted(row.start)) parts.push_back({{row.start, row.end}, end - start});
    start = end;
  }
  return parts;
}

}  // namespace oracle

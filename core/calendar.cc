#include "core/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <utility>

namespace core {
namespace {

/// Of a reading that the clock skips both are the change itself.
EventTime instant(const date::time_zone& zone, std::int32_t day, std::chrono::minutes clock, date::choose which) {
  const auto local = date::local_days{date::days{day}} + clock;
  return EventTime{date::floor<Millis>(zone.to_sys(local, which)).time_since_epoch()};
}

}  // namespace

Calendar::Calendar(CalendarConfig config) : config_(std::move(config)), zone_(find_zone(config_.timezone)) {}

const CalendarConfig::Day& Calendar::hours_of(std::int32_t day) const {
  if (const auto own = config_.days.find(day); own != config_.days.end()) return own->second;
  const date::weekday weekday{date::sys_days{date::days{day}}};
  return config_.week[(weekday - date::Monday).count()];
}

std::vector<Period> Calendar::open_within(EventTime from, EventTime to) const {
  std::vector<Period> open;
  if (from >= to) return open;
  // Hours of the day before may reach into the first one.
  for (std::int32_t day = local_day(*zone_, from) - 1; day <= local_day(*zone_, to); ++day) {
    for (const OpeningHours& hours : hours_of(day)) {
      const EventTime start = std::max(from, instant(*zone_, day, hours.from, date::choose::earliest));
      const EventTime end = std::min(to, instant(*zone_, day, hours.to, date::choose::latest));
      if (start < end) open.push_back({start, end});
    }
  }
  std::ranges::sort(open, {}, &Period::start);
  std::size_t last = 0;
  for (std::size_t i = 1; i < open.size(); ++i) {
    if (open[i].start <= open[last].end) {
      open[last].end = std::max(open[last].end, open[i].end);
    } else {
      open[++last] = open[i];
    }
  }
  if (!open.empty()) open.resize(last + 1);
  return open;
}

bool Calendar::open_at(EventTime time) const { return !open_within(time, time + Millis{1}).empty(); }

Millis Calendar::open_time(EventTime from, EventTime to) const {
  Millis sum{0};
  for (const Period& part : open_within(from, to)) sum += part.end - part.start;
  return sum;
}

}  // namespace core

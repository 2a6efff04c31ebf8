// Intervals of the figures: quarter-hour slots in UTC, and the hours, days, weeks and months of a time zone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/every.h"
#include "core/time.h"

namespace date {
class time_zone;
}

namespace core {

inline constexpr Millis kInterval{15 * 60'000};  ///< Stored intervals.
inline constexpr Millis kSlice{10'000};          ///< Slices of the rolling windows.

/// No local day is longer.
inline constexpr Millis kLongestDay{48 * 3'600'000};

/// Number of an interval or slice since 1970 UTC.
using Slot = std::int32_t;
constexpr Slot slot_of(EventTime time, Millis width) {
  return static_cast<Slot>(floor_div(to_ms(time), width.count()));
}
constexpr EventTime slot_start(Slot slot, Millis width) { return event_time(slot * width.count()); }

/// Begin of the interval in which `time` lies.
constexpr EventTime interval_start(EventTime time) {
  return event_time(floor_div(to_ms(time), kInterval.count()) * kInterval.count());
}

/// Intervals of event times lie in [kFirstInterval, kEndOfIntervals).
inline constexpr Slot kFirstInterval = slot_of(kFirstEventTime, kInterval),
                      kEndOfIntervals = slot_of(kEndOfEventTime, kInterval);

/// The interval of any time; before or after all of them, the first or last.
constexpr Slot interval_at(EventTime time) {
  if (time < kFirstEventTime) return kFirstInterval;
  return time < kEndOfEventTime ? slot_of(time, kInterval) : kEndOfIntervals - 1;
}

/// Half-open: [start, end).
struct Period {
  EventTime start, end;
  friend bool operator==(const Period&, const Period&) = default;
};

/// Calls visit(from, to) for the part of [from, to) in each interval, in order.
template <typename Visit>
void each_interval_part(EventTime from, EventTime to, Visit&& visit) {
  while (from < to) {
    const EventTime end = std::min(to, interval_start(from) + kInterval);
    visit(from, end);
    from = end;
  }
}

/// The intervals that lie in a period whole, and what its bounds cut off at its two ends.
struct PeriodParts {
  Period whole{EventTime::min(), EventTime::max()};
  std::vector<Period> edges;
};
/// A bound at EventTime::min() or max() is none, and cuts nothing. Within one interval all of the period is an edge.
PeriodParts parts_of(const Period& period);

/// The zone of an IANA name, or nullptr. Thread-safe.
const date::time_zone* find_zone(std::string_view name);

/// The interval of kind `every` (not kTotal) in which `time` lies, by the clock of `zone`. Days begin at their first
/// instant; hours and half-hours where the zone's clock reads :00 or :30; weeks on Monday. Thread-safe.
Period period_of(Every every, const date::time_zone& zone, EventTime time);

/// No interval of this kind is longer; 0 for quarter-hours and totals.
Millis longest(Every every);
/// The same in days of 24 hours, as people count them: 31 days of a month; 0 for what is shorter than a day.
Millis longest_days(Every every);

/// Number of a local day since 1970-01-01 of the zone's calendar, and its first instant: where its midnight does not
/// exist, the change of the clock. Thread-safe.
std::int32_t local_day(const date::time_zone& zone, EventTime time);
EventTime day_begin(const date::time_zone& zone, std::int32_t day);

/// First instant of the local day in which `time` lies.
EventTime day_start(const date::time_zone& zone, EventTime time);

/// RFC 3339 with whole seconds (cut): by the clock of `zone` with its offset, or in UTC ("Z") where it is nullptr.
std::string format_rfc3339_seconds(EventTime time, const date::time_zone* zone);

/// Remembers the last period asked for: slots come in order, and a zone look-up costs a microsecond.
/// Confined to one thread.
class PeriodFinder {
 public:
  PeriodFinder(Every every, const date::time_zone& zone) : every_(every), zone_(&zone) {}
  Period of(EventTime time) {
    if (time < last_.start || time >= last_.end) last_ = period_of(every_, *zone_, time);
    return last_;
  }

 private:
  Every every_;
  const date::time_zone* zone_;
  Period last_{EventTime::max(), EventTime::min()};  ///< holds no time
};

}  // namespace core

// Business hours: a week of opening hours in a time zone, and the days that differ from it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/periods.h"

namespace core {

/// Opening hours by the zone's clock, from their day's midnight. `to` may lie on the day after: a night shift from
/// 22:00 to 6:00 goes from 22 h to 30 h.
struct OpeningHours {
  std::chrono::minutes from{0}, to{0};  ///< 0 ≤ from < 24 h, from < to ≤ from + 24 h
  friend bool operator==(const OpeningHours&, const OpeningHours&) = default;
};

/// What the configuration says.
struct CalendarConfig {
  using Day = std::vector<OpeningHours>;
  std::string timezone = "UTC";      ///< IANA name
  std::array<Day, 7> week;           ///< Monday first; empty: closed.
  std::map<std::int32_t, Day> days;  ///< Holidays by days since 1970-01-01 of the zone's calendar.
  friend bool operator==(const CalendarConfig&, const CalendarConfig&) = default;
};

/// Hours belong to the day on which they begin; a holiday replaces those of its day, so a shift of the evening before
/// goes on into it. They last from the first instant at which the zone's clock reads their begin until the last one at
/// which it reads their end: a clock that is set back makes them longer, one that is set forward shorter. Hours that
/// overlap or touch are one.
/// Thread-safe. Costs are those of the days that are looked at.
class Calendar {
 public:
  /// The zone must exist (find_zone()).
  explicit Calendar(CalendarConfig config);

  bool open_at(EventTime time) const;
  /// The parts of [from, to) that are open, in order.
  std::vector<Period> open_within(EventTime from, EventTime to) const;
  /// How long it is open in [from, to): the business clock. 0 where `to` is not after `from`.
  Millis open_time(EventTime from, EventTime to) const;

 private:
  const CalendarConfig::Day& hours_of(std::int32_t day) const;

  CalendarConfig config_;
  const date::time_zone* zone_;
};

}  // namespace core

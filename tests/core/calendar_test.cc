#include "core/calendar.h"

#include <date/date.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace core {
namespace {

using std::chrono::hours, std::chrono::minutes;

EventTime at(const char* text) { return parse_rfc3339(text).value(); }

std::int32_t day_of(int year, unsigned month, unsigned day) {
  const date::sys_days days{date::year{year} / static_cast<int>(month) / static_cast<int>(day)};
  return days.time_since_epoch().count();
}

OpeningHours from_to(int from_hour, int to_hour) { return {hours{from_hour}, hours{to_hour}}; }

/// Monday to Friday the same, Saturday and Sunday closed.
CalendarConfig weekdays(const char* zone, CalendarConfig::Day day) {
  CalendarConfig config;
  config.timezone = zone;
  for (std::size_t i = 0; i < 5; ++i) config.week[i] = day;
  return config;
}

CalendarConfig every_day(const char* zone, CalendarConfig::Day day) {
  CalendarConfig config;
  config.timezone = zone;
  config.week.fill(day);
  return config;
}

TEST(Calendar, HoursAreHalfOpenByTheZonesClock) {
  const Calendar calendar(weekdays("America/New_York", {from_to(8, 20)}));
  EXPECT_FALSE(calendar.open_at(at("2026-03-02T12:59:59.999Z")));
  EXPECT_TRUE(calendar.open_at(at("2026-03-02T13:00:00Z")));
  EXPECT_TRUE(calendar.open_at(at("2026-03-03T00:59:59.999Z")));
  EXPECT_FALSE(calendar.open_at(at("2026-03-03T01:00:00Z")));
}

TEST(Calendar, TheBusinessClockStandsStillOverAWeekend) {
  const Calendar calendar(weekdays("Europe/Berlin", {from_to(9, 12), from_to(13, 17)}));
  // Friday 16:30 to Monday 9:20: half an hour and 20 minutes.
  EXPECT_EQ(calendar.open_time(at("2026-03-06T16:30:00+01:00"), at("2026-03-09T09:20:00+01:00")), minutes{50});
  EXPECT_EQ(calendar.open_time(at("2026-03-06T11:30:00+01:00"), at("2026-03-06T13:30:00+01:00")), minutes{60});
  EXPECT_EQ(calendar.open_time(at("2026-03-07T00:00:00+01:00"), at("2026-03-09T00:00:00+01:00")), minutes{0});
  EXPECT_EQ(calendar.open_time(at("2026-03-06T17:00:00+01:00"), at("2026-03-06T09:00:00+01:00")), minutes{0});
}

TEST(Calendar, AHolidayReplacesTheHoursOfItsDay) {
  CalendarConfig config = weekdays("America/New_York", {from_to(8, 20)});
  config.days[day_of(2026, 12, 25)] = {};
  config.days[day_of(2026, 12, 24)] = {from_to(8, 12)};
  config.days[day_of(2026, 12, 26)] = {from_to(10, 14)};  // A Saturday.
  const Calendar calendar(config);
  EXPECT_EQ(calendar.open_within(at("2026-12-24T00:00:00-05:00"), at("2026-12-28T00:00:00-05:00")),
            (std::vector<Period>{{at("2026-12-24T08:00:00-05:00"), at("2026-12-24T12:00:00-05:00")},
                                 {at("2026-12-26T10:00:00-05:00"), at("2026-12-26T14:00:00-05:00")}}));
}

TEST(Calendar, ANightShiftBelongsToTheDayOnWhichItBegins) {
  CalendarConfig config = weekdays("Europe/Kyiv", {from_to(22, 30)});
  config.days[day_of(2026, 3, 4)] = {};  // Wednesday
  const Calendar calendar(config);
  EXPECT_EQ(calendar.open_within(at("2026-03-03T00:00:00+02:00"), at("2026-03-06T00:00:00+02:00")),
            (std::vector<Period>{{at("2026-03-03T00:00:00+02:00"), at("2026-03-03T06:00:00+02:00")},
                                 {at("2026-03-03T22:00:00+02:00"), at("2026-03-04T06:00:00+02:00")},
                                 {at("2026-03-05T22:00:00+02:00"), at("2026-03-06T00:00:00+02:00")}}));
  EXPECT_TRUE(calendar.open_at(at("2026-03-07T05:00:00+02:00"))) << "Friday's, on Saturday morning";
  EXPECT_FALSE(calendar.open_at(at("2026-03-02T05:00:00+02:00"))) << "Sunday has none that could reach into Monday";
}

TEST(Calendar, HoursThatOverlapOrTouchAreOne) {
  const Calendar calendar(every_day("UTC", {from_to(0, 24)}));
  const std::vector<Period> week{{at("2026-03-02T00:00:00Z"), at("2026-03-09T00:00:00Z")}};
  EXPECT_EQ(calendar.open_within(week[0].start, week[0].end), week);
  const Calendar shifts(every_day("UTC", {from_to(20, 31), from_to(6, 14), from_to(13, 20)}));
  EXPECT_EQ(shifts.open_within(week[0].start, week[0].end), week);
}

TEST(Calendar, DaysOfChangedClocksAreShorterAndLonger) {
  const Calendar day(every_day("Europe/Berlin", {from_to(0, 24)}));
  EXPECT_EQ(day.open_time(at("2026-03-29T00:00:00+01:00"), at("2026-03-30T00:00:00+02:00")), hours{23});
  EXPECT_EQ(day.open_time(at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")), hours{25});
  // 2:00 to 3:00 does not exist in spring, and is there twice in autumn.
  const Calendar night(every_day("Europe/Berlin", {from_to(2, 3)}));
  EXPECT_EQ(night.open_time(at("2026-03-29T00:00:00+01:00"), at("2026-03-30T00:00:00+02:00")), hours{0});
  EXPECT_EQ(night.open_within(at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")),
            (std::vector<Period>{{at("2026-10-25T02:00:00+02:00"), at("2026-10-25T03:00:00+01:00")}}));
  const Calendar early(every_day("Europe/Berlin", {{minutes{150}, hours{5}}}));  // From 2:30, which spring skips.
  EXPECT_EQ(early.open_within(at("2026-03-29T00:00:00+01:00"), at("2026-03-29T12:00:00+02:00")),
            (std::vector<Period>{{at("2026-03-29T03:00:00+02:00"), at("2026-03-29T05:00:00+02:00")}}));
}

/// By the clock on the wall, minute by minute, in weeks in which no clock is changed.
TEST(Calendar, OpenTimeIsTheSumOfItsMinutes) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 20; ++round) {
    CalendarConfig config;
    const bool new_york = round % 2 == 0;
    config.timezone = new_york ? "America/New_York" : "Asia/Kathmandu";
    const minutes offset = new_york ? minutes{-4 * 60} : minutes{5 * 60 + 45};
    for (auto& day : config.week) {
      for (int n = below(3); n > 0; --n) {
        const minutes from{below(24 * 60)};
        day.push_back({from, from + minutes{1 + below(24 * 60)}});
      }
    }
    for (int n = below(4); n > 0; --n) config.days[day_of(2026, 3, 10) + below(40)] = {from_to(7, 9)};
    const Calendar calendar(config);
    const EventTime from = at("2026-03-10T00:00:00Z") + minutes{below(30 * 24 * 60)}, to = from + hours{50};
    const auto open_on = [&](std::int32_t day, minutes clock) {
      const auto own = config.days.find(day);
      // Day 0 was a Thursday.
      const auto& all = own != config.days.end() ? own->second : config.week[static_cast<std::size_t>((day + 3) % 7)];
      return std::ranges::any_of(all, [&](const auto& span) { return span.from <= clock && clock < span.to; });
    };
    Millis sum{0};
    for (EventTime time = from; time < to; time += minutes{1}) {
      const auto local = std::chrono::floor<minutes>(time.time_since_epoch() + offset);
      const auto day = static_cast<std::int32_t>(local / minutes{24 * 60});
      const minutes clock = local % minutes{24 * 60};
      if (open_on(day, clock) || open_on(day - 1, clock + hours{24})) sum += minutes{1};
    }
    EXPECT_EQ(calendar.open_time(from, to), sum) << "round " << round;
  }
}

}  // namespace
}  // namespace core

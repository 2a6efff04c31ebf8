#include "core/periods.h"

#include <gtest/gtest.h>

#include <memory>

namespace core {
namespace {

EventTime at(const char* text) { return parse_rfc3339(text).value(); }

/// The periods that follow each other in [from, to), as "start end" of the zone's clock.
std::vector<std::string> periods(Every every, const char* zone_name, const char* from, const char* to) {
  const auto& zone = *find_zone(zone_name);
  std::vector<std::string> found;
  for (EventTime time = at(from); time < at(to);) {
    const Period period = period_of(every, zone, time);
    EXPECT_LE(period.start, time);
    EXPECT_GT(period.end, time) << zone_name;
    if (period.end <= time) break;
    found.push_back(format_rfc3339_seconds(period.start, &zone) + " " + format_rfc3339_seconds(period.end, &zone));
    time = period.end;
  }
  return found;
}

using Texts = std::vector<std::string>;

std::int64_t quarters(const Period& period) { return (period.end - period.start) / kInterval; }

TEST(Periods, ASpringDayHas92QuartersAndAnAutumnDay100) {
  const auto& zone = *find_zone("Europe/Berlin");
  EXPECT_EQ(quarters(period_of(Every::kDay, zone, at("2026-03-29T10:00:00Z"))), 92);
  EXPECT_EQ(quarters(period_of(Every::kDay, zone, at("2026-10-25T10:00:00Z"))), 100);
  EXPECT_EQ(quarters(period_of(Every::kDay, zone, at("2026-03-30T10:00:00Z"))), 96);
  EXPECT_EQ(quarters(period_of(Every::kWeek, zone, at("2026-03-29T10:00:00Z"))), 7 * 96 - 4);
}

TEST(Periods, ADayBeginsAtItsFirstInstantWhereMidnightIsSkipped) {
  // Beirut goes from 00:00 to 01:00 on the last Sunday of March.
  EXPECT_EQ(periods(Every::kDay, "Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29T10:00:00Z"),
            Texts{"2026-03-29T01:00:00+03:00 2026-03-30T00:00:00+03:00"});
  EXPECT_EQ(day_start(*find_zone("Asia/Beirut"), at("2026-03-29T12:00:00Z")), at("2026-03-28T22:00:00Z"));
}

TEST(Periods, KolkatasHoursBeginAtHalfPastOfUtc) {
  EXPECT_EQ(periods(Every::k1h, "Asia/Kolkata", "2026-03-02T09:30:00Z", "2026-03-02T11:30:00Z"),
            (Texts{"2026-03-02T15:00:00+05:30 2026-03-02T16:00:00+05:30",
                   "2026-03-02T16:00:00+05:30 2026-03-02T17:00:00+05:30"}));
  const auto& zone = *find_zone("Asia/Kolkata");
  EXPECT_EQ(period_of(Every::k1h, zone, at("2026-03-02T10:00:00Z")).start, at("2026-03-02T09:30:00Z"));
  EXPECT_EQ(period_of(Every::k30m, zone, at("2026-03-02T10:00:00Z")).start, at("2026-03-02T10:00:00Z"));
}

TEST(Periods, KathmandusHalfHoursBeginAtItsOwnQuarter) {
  const auto& zone = *find_zone("Asia/Kathmandu");  // UTC+05:45
  EXPECT_EQ(period_of(Every::k30m, zone, at("2026-03-02T10:20:00Z")),
            (Period{at("2026-03-02T10:15:00Z"), at("2026-03-02T10:45:00Z")}));
  EXPECT_EQ(period_of(Every::k15m, zone, at("2026-03-02T10:20:00Z")),
            (Period{at("2026-03-02T10:15:00Z"), at("2026-03-02T10:30:00Z")}))
      << "quarter-hours are the same everywhere";
}

TEST(Periods, LordHowesHalfHourOfSummerTimeMakesLongerHours) {
  // Back by half an hour at 02:00: the clock reads 01:30 again, so :00 comes an hour and a half after 01:00.
  EXPECT_EQ(periods(Every::k1h, "Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z"),
            (Texts{"2026-04-05T01:00:00+11:00 2026-04-05T02:00:00+10:30",
                   "2026-04-05T02:00:00+10:30 2026-04-05T03:00:00+10:30"}));
  EXPECT_EQ(periods(Every::k30m, "Australia/Lord_Howe", "2026-04-04T14:30:00Z", "2026-04-04T16:00:00Z"),
            (Texts{"2026-04-05T01:30:00+11:00 2026-04-05T01:30:00+10:30",
                   "2026-04-05T01:30:00+10:30 2026-04-05T02:00:00+10:30",
                   "2026-04-05T02:00:00+10:30 2026-04-05T02:30:00+10:30"}));
  // Forward by half an hour at 02:00: the next reading of :00 is 03:00.
  EXPECT_EQ(periods(Every::k1h, "Australia/Lord_Howe", "2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z"),
            Texts{"2026-10-04T01:00:00+10:30 2026-10-04T03:00:00+11:00"});
  const auto& zone = *find_zone("Australia/Lord_Howe");
  EXPECT_EQ(quarters(period_of(Every::kDay, zone, at("2026-04-05T00:00:00Z"))), 98);
  EXPECT_EQ(quarters(period_of(Every::kDay, zone, at("2026-10-04T00:00:00Z"))), 94);
}

TEST(Periods, TheRepeatedHourIsTwoHours) {
  EXPECT_EQ(periods(Every::k1h, "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"),
            (Texts{"2026-10-25T02:00:00+02:00 2026-10-25T02:00:00+01:00",
                   "2026-10-25T02:00:00+01:00 2026-10-25T03:00:00+01:00"}));
}

TEST(Periods, WeeksBeginOnMondayAndMonthsOnTheFirst) {
  EXPECT_EQ(periods(Every::kWeek, "America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T13:00:00Z"),
            Texts{"2026-03-02T00:00:00-05:00 2026-03-09T00:00:00-04:00"});
  EXPECT_EQ(periods(Every::kMonth, "America/New_York", "2026-03-31T12:00:00Z", "2026-04-02T12:00:00Z"),
            (Texts{"2026-03-01T00:00:00-05:00 2026-04-01T00:00:00-04:00",
                   "2026-04-01T00:00:00-04:00 2026-05-01T00:00:00-04:00"}));
}

TEST(Periods, AnEventOnTheBorderBelongsToTheLaterInterval) {
  const auto& utc = *find_zone("UTC");
  for (const Every every : {Every::k15m, Every::k30m, Every::k1h, Every::kDay, Every::kWeek}) {
    const EventTime monday = at("2026-03-02T00:00:00Z");
    EXPECT_EQ(period_of(every, utc, monday).start, monday);
    EXPECT_EQ(period_of(every, utc, monday - Millis{1}).end, monday);
  }
  EXPECT_EQ(slot_start(slot_of(event_time(-1), kInterval), kInterval), event_time(-900'000)) << "before 1970 as well";
}

/// "start end" of each.
Texts texts(const std::vector<Period>& periods) {
  Texts all;
  for (const auto& [start, end] : periods) all.push_back(format_rfc3339(start) + " " + format_rfc3339(end));
  return all;
}
Texts interval_parts(const char* from, const char* to) {
  std::vector<Period> parts;
  each_interval_part(at(from), at(to), [&](EventTime start, EventTime end) { parts.push_back({start, end}); });
  return texts(parts);
}

TEST(IntervalParts, ASpanIsCutAtEveryQuarterOfAnHour) {
  EXPECT_EQ(interval_parts("2026-03-02T10:14:59.999Z", "2026-03-02T10:31:00Z"),
            (Texts{"2026-03-02T10:14:59.999Z 2026-03-02T10:15:00Z", "2026-03-02T10:15:00Z 2026-03-02T10:30:00Z",
                   "2026-03-02T10:30:00Z 2026-03-02T10:31:00Z"}));
  EXPECT_EQ(interval_parts("1969-12-31T23:50:00Z", "1970-01-01T00:05:00Z"),
            (Texts{"1969-12-31T23:50:00Z 1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z 1970-01-01T00:05:00Z"}))
      << "before 1970 as well";
}

TEST(IntervalParts, ASpanThatEndsOnABorderHasNoPartBehindIt) {
  EXPECT_EQ(interval_parts("2026-03-02T10:00:00Z", "2026-03-02T10:15:00Z"),
            Texts{"2026-03-02T10:00:00Z 2026-03-02T10:15:00Z"});
}

TEST(IntervalParts, ASpanOfNothingHasNone) {
  EXPECT_EQ(interval_parts("2026-03-02T10:07:00Z", "2026-03-02T10:07:00Z"), Texts{});
  EXPECT_EQ(interval_parts("2026-03-02T10:07:00Z", "2026-03-02T10:01:00Z"), Texts{});
}

TEST(PartsOfAPeriod, BoundsWithinIntervalsLeaveAnEdgeEach) {
  const PeriodParts parts = parts_of({at("2026-03-02T10:05:00Z"), at("2026-03-02T11:20:00Z")});
  EXPECT_EQ(parts.whole, (Period{at("2026-03-02T10:15:00Z"), at("2026-03-02T11:15:00Z")}));
  EXPECT_EQ(texts(parts.edges),
            (Texts{"2026-03-02T10:05:00Z 2026-03-02T10:15:00Z", "2026-03-02T11:15:00Z 2026-03-02T11:20:00Z"}));
}

TEST(PartsOfAPeriod, BoundsOnBordersLeaveNoEdge) {
  const Period period{at("2026-03-02T10:00:00Z"), at("2026-03-02T11:15:00Z")};
  EXPECT_EQ(parts_of(period).whole, period);
  EXPECT_EQ(texts(parts_of(period).edges), Texts{});
}

TEST(PartsOfAPeriod, NoBoundCutsNothing) {
  const Period period{EventTime::min(), at("2026-03-02T11:20:00Z")};
  EXPECT_EQ(parts_of(period).whole, (Period{EventTime::min(), at("2026-03-02T11:15:00Z")}));
  EXPECT_EQ(texts(parts_of(period).edges), Texts{"2026-03-02T11:15:00Z 2026-03-02T11:20:00Z"});
  EXPECT_EQ(parts_of({EventTime::min(), EventTime::max()}).whole, (Period{EventTime::min(), EventTime::max()}));
  EXPECT_EQ(texts(parts_of({EventTime::min(), EventTime::max()}).edges), Texts{});
}

TEST(PartsOfAPeriod, WithinOneIntervalAllIsAnEdge) {
  const Period period{at("2026-03-02T10:05:00Z"), at("2026-03-02T10:10:00Z")};
  EXPECT_EQ(parts_of(period).whole.start, parts_of(period).whole.end);
  EXPECT_EQ(texts(parts_of(period).edges), Texts{"2026-03-02T10:05:00Z 2026-03-02T10:10:00Z"});
}

TEST(PartsOfAPeriod, EdgesThatMeetHaveNoWholeIntervalBetweenThem) {
  const PeriodParts parts = parts_of({at("2026-03-02T10:05:00Z"), at("2026-03-02T10:20:00Z")});
  EXPECT_EQ(parts.whole.start, parts.whole.end);
  EXPECT_EQ(texts(parts.edges),
            (Texts{"2026-03-02T10:05:00Z 2026-03-02T10:15:00Z", "2026-03-02T10:15:00Z 2026-03-02T10:20:00Z"}));
}

TEST(Periods, AFinderGivesWhatALookUpGives) {
  const auto& zone = *find_zone("Australia/Lord_Howe");
  const auto finder = std::make_unique<PeriodFinder>(Every::k30m, zone);
  for (EventTime time = at("2026-04-04T10:00:00Z"); time < at("2026-04-05T00:00:00Z"); time += Millis{7 * 60'000}) {
    ASSERT_EQ(finder->of(time), period_of(Every::k30m, zone, time)) << format_rfc3339(time);
  }
}

TEST(Periods, AnUnknownZoneIsNone) { EXPECT_EQ(find_zone("Europe/Atlantis"), nullptr); }

}  // namespace
}  // namespace core

#include "core/time.h"

#include <gtest/gtest.h>

#include <random>

namespace core {
namespace {

std::optional<std::int64_t> parsed(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time ? std::optional(to_ms(*time)) : std::nullopt;
}

TEST(Rfc3339, ReadsTimesWithAnOffset) {
  EXPECT_EQ(parsed("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parsed("2026-03-02T09:15:02.123Z"), 1'772'442'902'123);
  EXPECT_EQ(parsed("2026-03-02T11:15:02.123+02:00"), 1'772'442'902'123);
  EXPECT_EQ(parsed("2026-03-01T23:45:02.123-09:30"), 1'772'442'902'123);
  EXPECT_EQ(parsed("2026-03-02t09:15:02z"), 1'772'442'902'000);
  EXPECT_EQ(parsed("2026-03-02T09:15:02-00:00"), 1'772'442'902'000);
  EXPECT_EQ(parsed("2024-02-29T00:00:00Z"), 1'709'164'800'000);
}

TEST(Rfc3339, CutsToWholeMilliseconds) {
  EXPECT_EQ(parsed("1970-01-01T00:00:00.1Z"), 100);
  EXPECT_EQ(parsed("1970-01-01T00:00:00.0129999999999999999Z"), 12);
  EXPECT_EQ(parsed("1969-12-31T23:59:59.9999Z"), -1);
}

TEST(Rfc3339, TheUsualSpellingIsReadAsEveryOther) {
  // A small t is allowed and not usual, so that its text goes the long way.
  std::mt19937 random(3339);
  std::size_t times = 0, others = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = round % 2 == 0 ? "2026-03-02T09:15:02.123Z" : "2026-03-02T09:15:02Z";
    for (std::size_t changes = random() % 6; changes > 0; --changes) {
      const std::size_t place = random() % text.size();
      constexpr std::string_view kCharacters = "0123456789012345678901234567890123456789-:.TtZz+ /;";
      text[place] = random() % 16 == 0 ? static_cast<char>(random()) : kCharacters[random() % kCharacters.size()];
    }
    std::string unusual = text;
    if (unusual[10] == 'T') unusual[10] = 't';
    ASSERT_EQ(parsed(text), parsed(unusual)) << text;
    (parsed(text) ? times : others) += 1;
  }
  EXPECT_GT(times, 10'000U);
  EXPECT_GT(others, 10'000U);
}

TEST(Rfc3339, WhatIsNoTimeWithAnOffsetIsRefused) {
  for (const char* text : {"",
                           "2026-03-02",
                           "2026-03-02T09:15:02",
                           "2026-03-02T09:15:02.123",
                           "2026-03-02 09:15:02Z",
                           "2026-03-02T09:15Z",
                           "26-03-02T09:15:02Z",
                           "2026-3-2T09:15:02Z",
                           "2026-03-02T09:15:02.Z",
                           "2026-03-02T09:15:02+0200",
                           "2026-03-02T09:15:02+02",
                           "2026-03-02T09:15:02+24:00",
                           "2026-03-02T09:15:02+02:60",
                           "2026-03-02T09:15:02ZZ",
                           " 2026-03-02T09:15:02Z",
                           "2026-03-02T09:15:02Z ",
                           "2026-03-02T09:15:02,5Z",
                           "+2026-03-02T09:15:02Z",
                           "2026-03-02T-9:15:02Z",
                           "1772442902",
                           "2026-03-02T09:15:02+02:00Z"}) {
    EXPECT_FALSE(parsed(text)) << text;
  }
}

TEST(Rfc3339, ImpossibleDatesAndHoursAreRefused) {
  for (const char* text :
       {"2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T23:60:00Z",
        "2016-12-31T23:59:60Z", "1900-02-29T00:00:00Z", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"}) {
    EXPECT_FALSE(parsed(text)) << text;
  }
}

TEST(Rfc3339, WritesMillisecondsOnlyWhereThereAreSome) {
  EXPECT_EQ(format_rfc3339(event_time(1'772'442'902'000)), "2026-03-02T09:15:02Z");
  EXPECT_EQ(format_rfc3339(event_time(1'772'442'902'123)), "2026-03-02T09:15:02.123Z");
  EXPECT_EQ(format_rfc3339(event_time(1'772'442'902'007)), "2026-03-02T09:15:02.007Z");
  EXPECT_EQ(format_rfc3339(event_time(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(to_ms(*parse_rfc3339("0000-01-01T00:00:00Z")),
                                                  to_ms(*parse_rfc3339("9999-12-31T23:59:59.999Z")));
  for (int i = 0; i < 10'000; ++i) {
    const EventTime time = event_time(any(random));
    ASSERT_EQ(parse_rfc3339(format_rfc3339(time)), time);
  }
}

TEST(Duration, ReadsOneNumberAndUnit) {
  EXPECT_EQ(parse_duration("250ms"), Millis{250});
  EXPECT_EQ(parse_duration("20s"), Millis{20'000});
  EXPECT_EQ(parse_duration("4.999s"), Millis{4'999});
  EXPECT_EQ(parse_duration("5m"), Millis{300'000});
  EXPECT_EQ(parse_duration("4h"), Millis{14'400'000});
  EXPECT_EQ(parse_duration("14d"), Millis{1'209'600'000});
  EXPECT_EQ(parse_duration("0.5h"), Millis{1'800'000});
  EXPECT_EQ(parse_duration("0s"), Millis{0});
}

TEST(Duration, AnythingElseIsRefused) {
  for (const char* text : {"", "20", "s", "20 s", "-5s", "+5s", "5S", "5w", "1h30m", ".5s", "5.s", "0.5ms", "0.0001s",
                           "1e3s", "99999999999999999999d", "999999999999d", "5msx", "1.2.3s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, WritesTheShortestExactForm) {
  EXPECT_EQ(format_duration(Millis{20'000}), "20s");
  EXPECT_EQ(format_duration(Millis{4'999}), "4999ms");
  EXPECT_EQ(format_duration(Millis{300'000}), "5m");
  EXPECT_EQ(format_duration(Millis{90'000}), "90s");
  EXPECT_EQ(format_duration(Millis{86'400'000}), "1d");
  EXPECT_EQ(format_duration(Millis{0}), "0s");
}

TEST(Duration, ReadsWhatItWrites) {
  for (std::int64_t ms = 0; ms < 10'000'000; ms += 997) {
    ASSERT_EQ(parse_duration(format_duration(Millis{ms})), Millis{ms});
  }
}

TEST(FloorDiv, RoundsDownAlsoBeforeZero) {
  EXPECT_EQ(floor_div(7, 5), 1);
  EXPECT_EQ(floor_div(-1, 5), -1);
  EXPECT_EQ(floor_div(-5, 5), -1);
  EXPECT_EQ(floor_div(-6, 5), -2);
}

}  // namespace
}  // namespace core

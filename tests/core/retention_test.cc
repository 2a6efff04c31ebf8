#include "core/retention.h"

#include <gtest/gtest.h>

namespace core {
namespace {

constexpr Millis kHour = std::chrono::hours{1}, kDay = std::chrono::days{1};

EventTime at(const char* text) { return parse_rfc3339(text).value(); }

TEST(Retention, BeginsWithTheUtcDayThatLiesTheSpanBeforeTheWatermark) {
  EXPECT_EQ(retained_since({}, at("2026-03-05T10:00:00Z"), 2 * kDay), at("2026-03-03T00:00:00Z"));
  EXPECT_EQ(retained_since({}, at("2026-03-05T10:00:00Z"), 34 * kHour), at("2026-03-04T00:00:00Z"))
      << "exactly midnight";
  EXPECT_EQ(retained_since({}, at("2026-03-05T09:59:59.999Z"), 34 * kHour), at("2026-03-03T00:00:00Z"));
  EXPECT_EQ(retained_since({}, at("1969-12-31T12:00:00Z"), kDay), at("1969-12-30T00:00:00Z")) << "before 1970";
}

TEST(Retention, MovesAtMostOnceADayAndNeverBack) {
  std::optional<EventTime> since;
  int moves = 0;
  for (EventTime watermark = at("2026-03-05T00:00:00Z"); watermark < at("2026-03-08T00:00:00Z"); watermark += kHour) {
    const EventTime now = retained_since(since, watermark, kDay);
    if (now != since) ++moves;
    since = now;
    EXPECT_EQ(retained_since(since, watermark - 3 * kDay, kDay), *since) << "a watermark of before";
    EXPECT_EQ(retained_since(since, watermark, 9 * kDay), *since) << "a longer span brings nothing back";
  }
  EXPECT_EQ(moves, 3);
}

TEST(Retention, IsATimeThatCanBeWritten) {
  EXPECT_EQ(retained_since({}, kFirstEventTime + kHour, 92 * kDay), kFirstEventTime);
}

}  // namespace
}  // namespace core

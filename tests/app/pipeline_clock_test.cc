// The event clocks of a whole pipeline, by a wall clock that is moved by hand: what is shown, what is settled, and what
// counts as late when partitions stand still, sources stop, and clocks are wrong.
#include <gtest/gtest.h>

#include "tests/support/clocked_floor.h"
#include "tests/support/event_line.h"

namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
using test_support::ClockedFloor;
using Lines = std::vector<std::string>;

/// 2026-03-02T10:00:00Z by the wall clock, and by the events' clocks.
constexpr std::int64_t kTenMs = 1'772'445'600'000;
constexpr core::WallTime kTen = core::wall_time(kTenMs);
constexpr core::EventTime ten(core::Millis after = {}) { return core::event_time(kTenMs) + after; }

constexpr seconds kVisit{15};

/// A visit of a queue, over after kVisit: four events.
Lines visit(const std::string& id, core::EventTime begin, const std::string& queue = "sales") {
  const std::string of = "\"visit\":\"" + id + "\",\"contact\":\"" + id + "\"";
  const auto at = [&](core::Millis after) { return core::format_rfc3339(begin + after); };
  return {test_support::event_line("contact.queued", id, at(seconds(0)), of + ",\"queue\":\"" + queue + "\""),
          test_support::event_line("contact.answered", id, at(seconds(2)), of + ",\"agent\":\"a-1\""),
          test_support::event_line("contact.ended", id, at(seconds(10)), of + ",\"agent\":\"a-1\""),
          test_support::event_line("contact.wrapped", id, at(kVisit), of + ",\"agent\":\"a-1\"")};
}

Lines operator+(Lines a, const Lines& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Status of the interval that begins then; empty if it has no row.
std::string status(ClockedFloor& floor, core::EventTime start) {
  for (const auto& row : floor.intervals())
    if (row.at("start") == core::format_rfc3339(start)) return row.at("status");
  return {};
}

TEST(PipelineClock, APartitionThatNeverHadAnEventHoldsTheWatermarkUntilItsEndIsSeen) {
  ClockedFloor floor({{"acd", 2}}, kTen);
  floor.give("acd", 0, visit("v1", ten(minutes(-20))) + visit("v2", ten(-kVisit)), true);
  floor.pass(hours(1));
  EXPECT_EQ(floor.as_of(), ten(hours(1)));
  EXPECT_EQ(floor.watermark(), std::nullopt) << "acd/1 may hold anything";
  EXPECT_EQ(status(floor, ten(minutes(-30))), "provisional");
  floor.see_end("acd", 1);
  EXPECT_EQ(floor.watermark(), ten(hours(1))) << "it is empty: nothing waits for it";
  EXPECT_EQ(status(floor, ten(minutes(-30))), "final");
  EXPECT_EQ(floor.as_of(), ten(hours(1)));
}

TEST(PipelineClock, ASourceThatHasShownNothingHoldsTheWatermark) {
  ClockedFloor floor({{"acd"}, {"crm"}}, kTen);
  floor.give("acd", 0, visit("v1", ten()), true);
  floor.pass(hours(1));
  EXPECT_EQ(floor.watermark(), std::nullopt);
  floor.see_end("crm");
  EXPECT_EQ(floor.watermark(), ten(hours(1) + kVisit));
}

TEST(PipelineClock, AFloorWithoutAnyEventHasNoTime) {
  ClockedFloor floor({{"acd"}}, kTen);
  floor.see_end("acd");
  floor.pass(hours(10));
  EXPECT_EQ(floor.as_of(), core::EventTime{}) << "it has no event time, and takes none from the wall clock";
  EXPECT_EQ(floor.watermark(), std::nullopt);
}

TEST(PipelineClock, AnIdleFloorGoesOnByTheWallTimeSinceTheEvidenceOfItsEnd) {
  ClockedFloor floor({{"acd"}}, kTen);
  floor.give("acd", 0, visit("v1", ten(-kVisit)));
  floor.pass(minutes(10));
  EXPECT_EQ(floor.as_of(), ten()) << "mere silence is no evidence";
  floor.see_end("acd");
  floor.pass(minutes(14));
  EXPECT_EQ(floor.as_of(), ten(minutes(14)));
  EXPECT_EQ(floor.watermark(), ten(minutes(14)));
  EXPECT_EQ(status(floor, ten(minutes(-15))), "final");
  floor.give("acd", 0, visit("v2", ten(minutes(14) - kVisit)), true);
  EXPECT_EQ(status(floor, ten()), "live");
  floor.pass(minutes(1) + seconds(29));
  EXPECT_EQ(status(floor, ten()), "provisional");
  floor.pass(seconds(1));
  EXPECT_EQ(floor.watermark(), ten(minutes(15) + seconds(30)));
  EXPECT_EQ(status(floor, ten()), "final");
}

TEST(PipelineClock, AnIntervalIsLiveThenProvisionalThenFinal) {
  ClockedFloor floor({{"acd", 1, minutes(2)}}, kTen);
  floor.give("acd", 0, visit("v1", ten(minutes(13))), true);
  EXPECT_EQ(status(floor, ten()), "live");
  floor.pass(minutes(2) - kVisit);
  EXPECT_EQ(floor.as_of(), ten(minutes(15)));
  EXPECT_EQ(status(floor, ten()), "provisional");
  floor.pass(minutes(2) - core::Millis{1});
  EXPECT_EQ(status(floor, ten()), "provisional");
  floor.pass(core::Millis{1});
  EXPECT_EQ(status(floor, ten()), "final") << "the allowed lateness is over";
}

TEST(PipelineClock, AQuietHourBetweenTwoCallsCountsOnce) {
  ClockedFloor floor({{"acd"}}, kTen);
  floor.give("acd", 0, visit("v1", ten(-kVisit)), true);
  floor.pass(hours(1));
  floor.give("acd", 0, visit("v2", ten(hours(1) - kVisit)), true);
  EXPECT_EQ(floor.as_of(), ten(hours(1))) << "not the hour before the call and the hour of the call";
  EXPECT_EQ(floor.counts("acd").late, 0U);
  floor.pass(minutes(1));
  floor.give("acd", 0, visit("v3", ten(hours(1) + minutes(1) - kVisit)), true);
  EXPECT_EQ(floor.watermark(), ten(hours(1) + minutes(1)));
  EXPECT_EQ(floor.counts("acd").late, 0U);
}

TEST(PipelineClock, APausedPartitionHoldsTheWatermarkAndShowsAsLag) {
  ClockedFloor floor({{"acd", 2}}, kTen);
  floor.give("acd", 0, visit("v1", ten(-kVisit)), true);
  floor.give("acd", 1, visit("v2", ten(-kVisit)), true);
  floor.hold_back("acd", 1, 500);
  floor.pass(hours(1));
  EXPECT_EQ(floor.as_of(), ten(hours(1)));
  EXPECT_EQ(floor.watermark(), ten());
  EXPECT_EQ(floor.lag("acd"), 500);
  floor.give("acd", 0, visit("v3", ten(minutes(20))), true);
  EXPECT_EQ(status(floor, ten(minutes(15))), "provisional") << "acd/1 may have more of it";
  EXPECT_EQ(floor.counts("acd").late, 0U) << "nothing is late while the watermark waits";

  floor.give("acd", 1, visit("v4", ten(minutes(25))), true);
  EXPECT_EQ(floor.counts("acd").late, 0U);
  EXPECT_EQ(floor.lag("acd"), 0);
  EXPECT_EQ(floor.watermark(), ten(minutes(25) + kVisit));
  floor.pass(minutes(10));
  EXPECT_EQ(status(floor, ten(minutes(15))), "final");
}

TEST(PipelineClock, OneClockTwoDaysAheadIsADeadLetterAndTouchesNothingElse) {
  ClockedFloor floor({{"acd", 1, seconds(30), minutes(5)}}, kTen);
  const Lines wrong = visit("v2", ten(hours(48)));
  floor.give("acd", 0, visit("v1", ten(-kVisit)) + wrong + visit("v3", ten(seconds(-5))), true);
  EXPECT_EQ(floor.as_of(), ten(seconds(10)));
  EXPECT_EQ(floor.watermark(), ten(seconds(10)));
  ASSERT_EQ(floor.intervals().size(), 1U);
  EXPECT_EQ(floor.intervals()[0].at("offered"), "2") << "the rest of the batch counts";
  EXPECT_EQ(floor.intervals()[0].at("status"), "provisional");
  EXPECT_EQ(floor.intervals()[0].at("start"), "2026-03-02T09:45:00Z");
  const auto counts = floor.counts("acd");
  EXPECT_EQ(counts.received, 12U);
  EXPECT_EQ(counts.applied, 8U);
  EXPECT_EQ(counts.rejected_by.at("future_time"), 4U);
  EXPECT_EQ(counts.late, 0U);
  floor.pass(minutes(1));
  EXPECT_EQ(floor.as_of(), ten(seconds(70))) << "and time goes on";
  floor.finish();
  const auto letters = floor.dead_letters();
  ASSERT_EQ(letters.size(), 4U);
  EXPECT_EQ(letters[0].content, wrong[0]);
  EXPECT_EQ(letters[0].detail,
            "time 2026-03-04T10:00:00Z is more than 5m after it was received at "
            "2026-03-02T10:00:00Z");
}

TEST(PipelineClock, ExactlyAtTheLimitIsNotTheFuture) {
  ClockedFloor floor({{"acd", 1, seconds(30), minutes(5)}}, kTen);
  floor.give("acd", 0, visit("v1", ten(minutes(5) - kVisit)), true);
  EXPECT_EQ(floor.counts("acd").rejected, 0U);
  floor.give("acd", 0, {visit("v2", ten(minutes(5) + core::Millis{1}))[0]}, true);
  EXPECT_EQ(floor.counts("acd").rejected, 1U);
}

/// A visit every ten minutes of the hour after ten.
Lines hour_of_visits(const std::string& prefix) {
  Lines lines;
  for (int i = 0; i < 6; ++i) lines = lines + visit(prefix + std::to_string(i), ten(minutes(10 * i) - kVisit), prefix);
  return lines;
}

/// The figures of both hours' sources as they are where nothing was late.
std::string undisturbed() {
  ClockedFloor floor({{"acd"}, {"crm"}}, kTen);
  for (int i = 0; i < 6; ++i) {
    floor.give("acd", 0, visit("acd" + std::to_string(i), ten(minutes(10 * i) - kVisit), "acd"), true);
    floor.give("crm", 0, visit("crm" + std::to_string(i), ten(minutes(10 * i) - kVisit), "crm"), true);
    floor.pass(minutes(10));
  }
  EXPECT_EQ(floor.counts("acd").late + floor.counts("crm").late, 0U);
  return floor.csv({{"by", "queue"}, {"every", "total"}});
}

/// Without the columns that tell what was published when.
std::string values(const std::string& csv) {
  std::string text;
  for (auto row : test_support::csv_rows(csv)) {
    row.erase("status"), row.erase("revision");
    for (const auto& [column, value] : row) text += column + "=" + value + "\n";
  }
  return text;
}

TEST(PipelineClock, AnHourSentLateByASourceAtItsEndIsCountedAsLateByItsOwnLatenessAndCountsInFull) {
  ClockedFloor floor({{"acd", 1, seconds(30)}, {"crm", 1, hours(2)}}, kTen);
  floor.give("acd", 0, visit("acd0", ten(-kVisit), "acd"), true);
  floor.give("crm", 0, visit("crm0", ten(-kVisit), "crm"), true);
  floor.pass(hours(1));
  EXPECT_EQ(floor.watermark(), ten(hours(1))) << "both were silent, and read to their ends";
  floor.give("acd", 0, hour_of_visits("acd"), true);
  floor.give("crm", 0, hour_of_visits("crm"), true);
  EXPECT_EQ(floor.counts("acd").late, 24U) << "the repeated visit's, too";
  EXPECT_EQ(floor.counts("crm").late, 0U) << "two hours are allowed there";
  EXPECT_EQ(floor.counts("acd").applied, 24U);
  EXPECT_EQ(floor.counts("acd").duplicate, 4U);
  EXPECT_EQ(values(floor.csv({{"by", "queue"}, {"every", "total"}})), values(undisturbed()));
}

TEST(PipelineClock, AnHourSentLateByASourceThatWasBehindIsNotLateAndNothingWasFinalBeforeIt) {
  ClockedFloor floor({{"acd"}, {"crm"}}, kTen);
  floor.give("acd", 0, visit("acd0", ten(-kVisit), "acd"), true);
  floor.give("crm", 0, visit("crm0", ten(-kVisit), "crm"), true);
  floor.hold_back("acd", 0, 20);
  floor.pass(hours(1));
  floor.give("crm", 0, hour_of_visits("crm"), true);
  EXPECT_EQ(floor.watermark(), ten());
  EXPECT_EQ(status(floor, ten(minutes(15))), "provisional");
  EXPECT_EQ(floor.counts("crm").late, 0U);
  floor.give("acd", 0, hour_of_visits("acd"), true);
  EXPECT_EQ(floor.counts("acd").late, 0U);
  EXPECT_EQ(values(floor.csv({{"by", "queue"}, {"every", "total"}})), values(undisturbed()));
  floor.pass(hours(1));
  EXPECT_EQ(status(floor, ten(minutes(45))), "final");
}

TEST(PipelineClock, FinalityWaitsForTheSourceThatMayBeLatest) {
  ClockedFloor floor({{"acd", 1, seconds(30)}, {"crm", 1, hours(2)}}, kTen);
  floor.give("acd", 0, visit("v1", ten()), true);
  floor.see_end("crm");
  floor.pass(hours(2));
  EXPECT_EQ(status(floor, ten()), "provisional");
  floor.pass(minutes(15));
  EXPECT_EQ(status(floor, ten()), "final");
}

TEST(PipelineClock, AWallClockThatIsSetBackTakesNoTimeBackAndTimeGoesOn) {
  ClockedFloor floor({{"acd"}}, kTen);
  floor.give("acd", 0, visit("v1", ten(-kVisit)), true);
  floor.pass(minutes(20));
  const std::string before = floor.csv({{"by", "queue"}, {"every", "15m"}});
  floor.pass(hours(-3));
  EXPECT_EQ(floor.as_of(), ten(minutes(20)));
  EXPECT_EQ(floor.csv({{"by", "queue"}, {"every", "15m"}}), before);
  floor.pass(minutes(1));
  EXPECT_EQ(floor.as_of(), ten(minutes(21)));
  EXPECT_EQ(floor.watermark(), ten(minutes(21)));
  floor.give("acd", 0, visit("v2", ten(minutes(21) - kVisit)), true);
  EXPECT_EQ(floor.counts("acd").applied, 8U);
  EXPECT_EQ(floor.counts("acd").late, 0U);
  EXPECT_EQ(floor.as_of(), ten(minutes(21)));
}

TEST(PipelineClock, AWallClockThatJumpsForthAndBackMovesAQuietFloorForthOnceAndNoFurther) {
  ClockedFloor floor({{"acd"}}, kTen);
  floor.give("acd", 0, visit("v1", ten(-kVisit)), true);
  floor.pass(hours(2));
  floor.pass(hours(-2));
  EXPECT_EQ(floor.as_of(), ten(hours(2))) << "what was shown is not taken back";
  floor.pass(hours(2));
  EXPECT_EQ(floor.as_of(), ten(hours(4))) << "two hours have passed by the clock, again";
  floor.give("acd", 0, visit("v2", ten(minutes(1))), true);
  EXPECT_EQ(floor.intervals().size(), 2U) << "late, and counted";
  EXPECT_EQ(floor.counts("acd").applied, 8U);
}

}  // namespace

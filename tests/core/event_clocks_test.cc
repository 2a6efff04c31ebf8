#include "core/event_clocks.h"

#include <gtest/gtest.h>

namespace core {
namespace {

EventTime event(std::int64_t seconds) { return event_time(seconds * 1'000); }
WallTime wall(std::int64_t seconds) { return wall_time(1'000'000'000 + seconds * 1'000); }

/// The live clocks of a source with two partitions, moved by hand.
class LiveClocks : public testing::Test {
 protected:
  void message(const std::string& partition, std::int64_t seconds) {
    clocks.saw_event(partition, event(seconds));
    clocks.saw_partition(partition, std::nullopt, true);
  }
  void end_of(const std::string& partition, std::int64_t wall_seconds) {
    clocks.saw_partition(partition, wall(wall_seconds), false);
  }
  EventClocks clocks{true};
};

TEST_F(LiveClocks, StandStillWhileNothingHappenedYet) {
  end_of("p0", 0);
  EXPECT_EQ(clocks.as_of(wall(100)), std::nullopt);
  EXPECT_EQ(clocks.watermark(wall(100)), std::nullopt);
}

TEST_F(LiveClocks, AsOfIsTheLargestAndWatermarkTheSmallestPartition) {
  message("p0", 100), message("p1", 40), message("p0", 90);
  EXPECT_EQ(clocks.as_of(wall(0)), event(100));
  EXPECT_EQ(clocks.watermark(wall(0)), event(40));
}

TEST_F(LiveClocks, APartitionBehindItsEndDoesNotMoveWithTheWallClock) {
  message("p0", 100);
  EXPECT_EQ(clocks.as_of(wall(50)), event(100));
  EXPECT_EQ(clocks.watermark(wall(5'000)), event(100));
}

TEST_F(LiveClocks, AtItsEndItAdvancesByTheWallTimeSinceThatEvidence) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.as_of(wall(10)), event(100));
  EXPECT_EQ(clocks.as_of(wall(17)), event(107));
  end_of("p0", 30);  // The same end, seen again.
  EXPECT_EQ(clocks.as_of(wall(40)), event(130)) << "counted from the first evidence of this end";
}

TEST_F(LiveClocks, NewMessagesStopTheAdvanceUntilTheirEndIsSeen) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.watermark(wall(20)), event(110));
  message("p0", 105);
  EXPECT_EQ(clocks.watermark(wall(60)), event(110)) << "never back";
  clocks.saw_partition("p0", wall(70), true);
  EXPECT_EQ(clocks.as_of(wall(80)), event(115));
}

TEST_F(LiveClocks, ASilenceThatAMessageEndsCountsOnce) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.as_of(wall(3'610)), event(3'700)) << "an hour of silence";
  message("p0", 3'702);
  EXPECT_EQ(clocks.as_of(wall(3'612)), event(3'702));
  clocks.saw_partition("p0", wall(3'612), false);
  EXPECT_EQ(clocks.as_of(wall(3'622)), event(3'712));
}

TEST_F(LiveClocks, AnEventOfThePastDoesNotTakeTheSilenceBack) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.as_of(wall(60)), event(150));
  clocks.saw_event("p0", event(20));
  clocks.saw_partition("p0", wall(60), true);
  EXPECT_EQ(clocks.as_of(wall(70)), event(160));
}

TEST_F(LiveClocks, EvidenceThatGoesAndComesBackCountsNoTimeTwice) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.as_of(wall(60)), event(150));
  clocks.saw_partition("p0", std::nullopt, false);  // The broker is away.
  EXPECT_EQ(clocks.as_of(wall(3'660)), event(150));
  end_of("p0", 10);  // It is back, and nothing has come.
  EXPECT_EQ(clocks.as_of(wall(3'670)), event(3'760));
}

TEST_F(LiveClocks, EvidenceThatIsHandedOverLateCountsNoTimeTwice) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.as_of(wall(60)), event(150));
  clocks.saw_event("p0", event(150));
  clocks.saw_partition("p0", wall(55), true);
  EXPECT_EQ(clocks.as_of(wall(70)), event(160));
}

TEST_F(LiveClocks, AWallClockThatIsSetBackNeitherTakesTimeBackNorStopsIt) {
  message("p0", 100);
  end_of("p0", 10);
  EXPECT_EQ(clocks.as_of(wall(30)), event(120));
  EXPECT_EQ(clocks.as_of(wall(-3'600)), event(120)) << "set back by more than an hour";
  EXPECT_EQ(clocks.as_of(wall(-3'595)), event(125));
  EXPECT_EQ(clocks.watermark(wall(-3'595)), event(125));
  EXPECT_EQ(clocks.clock_of("p0", wall(-3'590)), event(130));
}

TEST_F(LiveClocks, AnEmptyPartitionHoldsTheWatermarkUntilItsEndIsSeen) {
  message("p0", 100);
  clocks.saw_partition("p1", std::nullopt, false);
  EXPECT_EQ(clocks.watermark(wall(0)), std::nullopt) << "there may be old events in p1";
  EXPECT_EQ(clocks.as_of(wall(0)), event(100));
  end_of("p1", 5);
  EXPECT_EQ(clocks.watermark(wall(5)), event(100));
}

TEST_F(LiveClocks, ARetiredPartitionHoldsNothingBack) {
  message("old", 10), message("new", 100);
  EXPECT_EQ(clocks.watermark(wall(0)), event(10));
  clocks.retire("old");
  EXPECT_EQ(clocks.watermark(wall(0)), event(100));
}

TEST_F(LiveClocks, ARestartContinuesThem) {
  message("p0", 100);
  end_of("p0", 10);
  Progress progress;
  progress.as_of = clocks.as_of(wall(20));
  progress.watermark = clocks.watermark(wall(20));
  progress.partitions["p0"].clock = clocks.clock_of("p0", wall(20));
  EXPECT_EQ(progress.partitions["p0"].clock, event(110));

  EventClocks after(true);
  after.restore(progress);
  EXPECT_EQ(after.as_of(wall(50)), event(110)) << "the source has not shown the partition yet";
  after.saw_partition("p0", std::nullopt, false);
  EXPECT_EQ(after.as_of(wall(50)), event(110)) << "behind, as far as is known";
  after.saw_partition("p0", wall(60), false);
  EXPECT_EQ(after.as_of(wall(65)), event(115));
  EXPECT_EQ(after.watermark(wall(65)), event(115));
}

TEST(ReplayClocks, AreThoseOfTheEventsAlone) {
  EventClocks clocks(false);
  clocks.saw_event("file", event(100));
  clocks.saw_partition("file", wall(0), true);
  EXPECT_EQ(clocks.as_of(wall(1'000)), event(100));
  EXPECT_EQ(clocks.watermark(wall(1'000)), event(100));
}

}  // namespace
}  // namespace core

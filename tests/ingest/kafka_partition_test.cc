#include "ingest/kafka_partition.h"

#include <gtest/gtest.h>

namespace ingest {
namespace {

constexpr core::WallTime kNow = core::wall_time(1000), kLater = core::wall_time(2000);

KafkaOptions options(KafkaOptions::Start start = KafkaOptions::Start::kEarliest, bool bounded = false) {
  KafkaOptions options;
  options.source = "s";
  options.start = start;
  options.bounded = bounded;
  return options;
}

FoundPartition found() { return {.topic = "t", .partition = 3, .low = 10, .high = 20}; }

TEST(KafkaPartitionTest, BeginsWhereTheOptionsSayInANewTopicOnly) {
  const auto latest = options(KafkaOptions::Start::kLatest);
  EXPECT_EQ(KafkaPartition(options(), found(), {}, true).next(), 10);
  EXPECT_EQ(KafkaPartition(latest, found(), {}, true).next(), 20);
  EXPECT_EQ(KafkaPartition(latest, found(), {}, false).next(), 10);
  EXPECT_EQ(KafkaPartition(latest, found(), {{"kafka:s/t/3", {15, 0}}}, false).next(), 15);
}

TEST(KafkaPartitionTest, DropsWhatLiesBelowAndLeapsOverHoles) {
  KafkaPartition partition(options(), found(), {}, true);
  EXPECT_FALSE(partition.take(9));
  EXPECT_TRUE(partition.take(10));
  EXPECT_FALSE(partition.take(10));
  EXPECT_TRUE(partition.take(15));
  EXPECT_EQ(partition.next(), 16);
  EXPECT_FALSE(partition.take(12));
}

TEST(KafkaPartitionTest, TheEndIsWhenItWasFirstSeenAfterTheLastMessage) {
  KafkaPartition partition(options(), found(), {}, true);
  EXPECT_EQ(partition.state(25).lag, 15);
  EXPECT_FALSE(partition.state(25).end_read);
  EXPECT_TRUE(partition.take(19));
  partition.reached_end(21, kNow);
  partition.reached_end(21, kLater);
  EXPECT_EQ(partition.state(21).end_read, kNow);
  EXPECT_EQ(partition.state(21).lag, 0);
  EXPECT_EQ(partition.next(), 21) << "past a marker at the end";
  EXPECT_TRUE(partition.take(21));
  EXPECT_FALSE(partition.state(22).end_read);
}

TEST(KafkaPartitionTest, OneThatNeverFallsSilentIsAtItsEndWhereNothingIsLeft) {
  KafkaPartition partition(options(), found(), {}, true);
  EXPECT_TRUE(partition.take(24));
  EXPECT_EQ(partition.state(26).lag, 1);
  EXPECT_TRUE(partition.take(25));
  EXPECT_EQ(partition.state(26).lag, 0);
  EXPECT_FALSE(partition.seen_end());
  partition.saw_no_lag();
  EXPECT_TRUE(partition.seen_end());
  EXPECT_FALSE(partition.state(26).end_read)
      << "no moment at which nothing was left: event time has no silence to count";
}

TEST(KafkaPartitionTest, AnEndThatWasSeenBeforeItsBrokerWasAwayIsNoEvidence) {
  KafkaPartition partition(options(), found(), {}, true);
  EXPECT_FALSE(partition.set_reachable(true)) << "it was never away";
  partition.reached_end(20, kNow);
  EXPECT_FALSE(partition.set_reachable(false));
  EXPECT_FALSE(partition.state(20).end_read);
  EXPECT_TRUE(partition.set_reachable(true)) << "to be asked again";
  EXPECT_FALSE(partition.state(20).end_read) << "much may have come meanwhile";
  EXPECT_FALSE(partition.set_reachable(true));
  partition.reached_end(20, kLater);
  EXPECT_EQ(partition.state(20).end_read, kLater);
}

TEST(KafkaPartitionTest, SaysWhereItsLogBegan) {
  KafkaPartition partition(options(), found(), {}, true);
  EXPECT_EQ(partition.state(20).first_offset, 10);
  EXPECT_TRUE(partition.begin_later(12));
  EXPECT_EQ(partition.state(20).first_offset, 12);
}

TEST(KafkaPartitionTest, ABoundedReadingThatMeetsWhatCameSinceIsAtItsEnd) {
  KafkaPartition partition(options(KafkaOptions::Start::kEarliest, true), found(), {}, true);
  EXPECT_TRUE(partition.take(17));
  EXPECT_FALSE(partition.take(20)) << "18 and 19 are markers of transactions";
  EXPECT_TRUE(partition.done());
  EXPECT_EQ(partition.next(), 20);
}

TEST(KafkaPartitionTest, AnOldEndIsNoEvidence) {
  KafkaPartition partition(options(), found(), {}, true);
  EXPECT_TRUE(partition.take(19));
  partition.reached_end(15, kNow);
  EXPECT_FALSE(partition.state(20).end_read);
  EXPECT_EQ(partition.next(), 20);
}

TEST(KafkaPartitionTest, ABoundedReadingOfAnEmptyPartitionIsDone) {
  auto empty = found();
  empty.low = empty.high = 7;
  EXPECT_TRUE(KafkaPartition(options(KafkaOptions::Start::kEarliest, true), empty, {}, true).done());
  EXPECT_FALSE(KafkaPartition(options(), empty, {}, true).done());
}

TEST(KafkaPartitionTest, ABoundedReadingEndsAtTheEvidenceOfTheEndToo) {
  KafkaPartition partition(options(KafkaOptions::Start::kEarliest, true), found(), {}, true);
  EXPECT_TRUE(partition.take(17));
  partition.reached_end(18, kNow);  // 18 and 19 belong to a transaction that is open
  EXPECT_TRUE(partition.done());
}

TEST(KafkaPartitionTest, OnlyAReadingThatHasNotBegunMayBeginLater) {
  KafkaPartition fresh(options(), found(), {}, true);
  EXPECT_TRUE(fresh.begin_later(14));
  EXPECT_EQ(fresh.next(), 14);
  EXPECT_TRUE(fresh.take(14));
  EXPECT_FALSE(fresh.begin_later(17)) << "15 and 16 would be lost";
  EXPECT_FALSE(KafkaPartition(options(), found(), {{"kafka:s/t/3", {12, 0}}}, false).begin_later(14));
}

}  // namespace
}  // namespace ingest

#include "app/lanes.h"

#include <gtest/gtest.h>

namespace app {
namespace {

std::vector<core::PartitionState> topic(std::uint32_t partitions) {
  std::vector<core::PartitionState> all(partitions);
  for (std::uint32_t p = 0; p < partitions; ++p) all[p].number = p, all[p].of_topic = partitions;
  return all;
}

std::vector<core::RawMessage> messages(std::initializer_list<std::uint32_t> partitions) {
  std::vector<core::RawMessage> all;
  for (const std::uint32_t partition : partitions) all.emplace_back().partition = partition;
  return all;
}

std::vector<std::vector<std::uint32_t>> divided(Lanes& lanes, const std::vector<core::RawMessage>& round,
                                                std::size_t first = 0, bool alone = false) {
  lanes.divide(round, first, alone);
  std::vector<std::vector<std::uint32_t>> all;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) all.emplace_back(lanes[lane].begin(), lanes[lane].end());
  return all;
}

using Places = std::vector<std::vector<std::uint32_t>>;

TEST(Lanes, OfAFileAreEquallyLongOneForEachWorker) {
  Lanes lanes(8, 2);
  lanes.begin(std::vector<core::PartitionState>(1));
  EXPECT_EQ(divided(lanes, messages({0, 0, 0, 0, 0}), 10), (Places{{10, 11}, {12, 13, 14}}));
  EXPECT_FALSE(lanes.by_shard());
}

TEST(Lanes, OfATopicThatIsKeyedAsTheShardsAreHoldTheShardsPartitionsInTheirOrder) {
  Lanes lanes(2, 2);
  lanes.begin(topic(4));
  EXPECT_EQ(divided(lanes, messages({3, 0, 2, 1, 2, 3}), 100), (Places{{101, 102, 104}, {100, 103, 105}}));
  EXPECT_TRUE(lanes.by_shard());
}

TEST(Lanes, OfOneWorkerAreShardsHoweverUnevenTheyAre) {
  Lanes lanes(2, 2);
  lanes.begin(topic(2));
  EXPECT_EQ(divided(lanes, messages({1}), 0, true), (Places{{}, {0}}));
  EXPECT_TRUE(lanes.by_shard());
}

TEST(Lanes, AreNoShardsWhereAWorkerWouldHaveMostOfTheRound) {
  Lanes lanes(4, 2);
  lanes.begin(topic(4));
  EXPECT_EQ(divided(lanes, messages({0, 2, 0, 1})), (Places{{0, 2}, {3}, {1}, {}})) << "three and one";
  EXPECT_EQ(divided(lanes, messages({0, 2, 0, 2, 0})), (Places{{0, 1}, {2, 3, 4}})) << "five and none";
  EXPECT_FALSE(lanes.by_shard());
  EXPECT_EQ(divided(lanes, messages({0, 1})), (Places{{0}, {1}, {}, {}})) << "the round after it";
}

TEST(Lanes, AreNoShardsWhereThereAreMoreWorkers) {
  Lanes lanes(2, 4);
  lanes.begin(topic(4));
  EXPECT_EQ(divided(lanes, messages({0, 1, 2, 3})), (Places{{0}, {1}, {2}, {3}}));
  EXPECT_FALSE(lanes.by_shard());
}

TEST(Lanes, AreNoShardsWhereSomePartitionsEventsHaveSeveralHomes) {
  Lanes lanes(2, 1);
  lanes.begin(topic(3));
  lanes.divide(messages({0}), 0, true);
  EXPECT_FALSE(lanes.by_shard()) << "3 partitions, 2 shards";
  auto two_topics = topic(4);
  for (const auto& partition : topic(1)) two_topics.push_back(partition);
  lanes.begin(two_topics);
  lanes.divide(messages({0}), 0, true);
  EXPECT_FALSE(lanes.by_shard()) << "4 partitions and 1 partition, 2 shards";
  lanes.begin(topic(4));
  lanes.divide(messages({0}), 0, true);
  EXPECT_TRUE(lanes.by_shard()) << "the batch after it";
}

TEST(Lanes, OfABatchWithoutPartitionsAreEquallyLong) {
  Lanes lanes(2, 2);
  lanes.begin({});
  EXPECT_EQ(divided(lanes, messages({0, 0})), (Places{{0}, {1}}));
  EXPECT_EQ(divided(lanes, {}), (Places{{}, {}}));
}

}  // namespace
}  // namespace app

// A topic that is keyed as the shards are is applied where it is decoded, by several workers and many events at a time:
// the state is the same as that of one log on one thread.
#include <gtest/gtest.h>

#include "tests/support/engine.h"
#include "tests/support/load.h"

namespace {

using test_support::Engine;

TEST(KeyedTopic, AppliedAtHomeByManyWorkersIsAsOneLogOnOneThread) {
  const core::FigureConfig config;
  const auto lines = test_support::Load(3'000, std::chrono::hours{3}).lines();
  ASSERT_GT(lines.size(), 10 * app::Floor::kWorthWaking);
  Engine one(config);
  one.feed(lines);
  for (const std::size_t threads : {1, 2, 3}) {
    for (const std::size_t awake : {0, 50}) {  // With 50, contacts leave for the archive and are asked for again.
      Engine::Shape shape;
      shape.threads = threads, shape.partitions = 32, shape.awake = awake;
      shape.batch = awake > 0 ? 6'000 : lines.size();
      Engine topic(config, shape);
      topic.feed(lines);
      EXPECT_EQ(topic.digest(), one.digest()) << threads << " threads, " << awake << " awake";
      EXPECT_EQ(topic.counts().received, one.counts().received);
      EXPECT_EQ(topic.counts().applied + topic.counts().duplicate, one.counts().applied + one.counts().duplicate);
    }
  }
}

}  // namespace

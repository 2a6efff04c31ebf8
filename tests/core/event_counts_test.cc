#include "core/event_counts.h"

#include <gtest/gtest.h>

namespace core {
namespace {

EventCounts counts(std::uint64_t n) { return {10 * n, 4 * n, 3 * n, 2 * n, n, 5 * n, 6 * n, {{"not_json", 2 * n}}}; }

TEST(EventCounts, TotalIsTheSumOfAllSources) {
  EXPECT_EQ(total({{"manila", counts(1)}, {"pbx", counts(2)}}), counts(3));
  EXPECT_EQ(total({}), EventCounts{});
}

TEST(EventCounts, AnEarlierCountIsTakenOffEveryColumn) {
  EventCounts now = counts(5);
  now -= counts(2);
  EXPECT_EQ(now, counts(3));
}

TEST(EventCounts, WordsAreThoseOfTheContract) {
  EXPECT_EQ(to_string(counts(1)), "received=10 applied=4 duplicate=3 rejected=2 skipped=1");
}

}  // namespace
}  // namespace core

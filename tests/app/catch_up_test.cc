#include "app/catch_up.h"

#include <gtest/gtest.h>

#include <vector>

namespace app {
namespace {

using Clock = CatchUp::Clock;
using Partitions = std::vector<std::set<std::string>>;

class CatchUpTest : public testing::Test {
 protected:
  bool done(const Partitions& partitions, const std::set<std::string>& at_end, std::chrono::seconds after = {}) {
    return catch_up_.done(partitions, [&](const std::string& p) { return at_end.contains(p); }, start_ + after);
  }
  void SetUp() override { catch_up_.reset(start_); }

  const Clock::time_point start_{};
  CatchUp catch_up_;
};

TEST_F(CatchUpTest, EveryPartitionMustHaveBeenAtItsEndOnce) {
  EXPECT_FALSE(done({{"a", "b"}}, {"a"}));
  EXPECT_TRUE(done({{"a", "b"}}, {"b"}));
  EXPECT_TRUE(done({{"a", "b"}}, {})) << "until the next reset";
  catch_up_.reset(start_);
  EXPECT_FALSE(done({{"a", "b"}}, {"b"}));
}

TEST_F(CatchUpTest, APartitionThatNeverFallsSilentIsAtItsEndWhereNothingIsLeft) {
  EXPECT_FALSE(done({{"a", "b"}}, {}));
  catch_up_.saw_no_lag("a"), catch_up_.saw_no_lag("b");
  EXPECT_TRUE(done({{"a", "b"}}, {}));
}

TEST_F(CatchUpTest, ASourceThatHasShownNothingIsWaitedForButNotForEver) {
  EXPECT_FALSE(done({{"a"}, {}}, {"a"}));
  EXPECT_FALSE(done({{"a"}, {}}, {"a"}, CatchUp::kLongest));
  EXPECT_TRUE(done({{"a"}, {}}, {"a"}, CatchUp::kLongest + std::chrono::seconds(1)));
}

}  // namespace
}  // namespace app

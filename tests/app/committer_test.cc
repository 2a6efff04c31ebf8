#include "app/committer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/scripted_store.h"
#include "tests/support/served_floor.h"

namespace app {
namespace {

using test_support::comes_true;
using Times = std::vector<core::WallTime>;

core::WallTime at(int n) { return core::wall_time(n); }
core::Commit nth(int n) {
  core::Commit commit;
  commit.progress.committed_at = at(n);
  return commit;
}
tl::unexpected<core::Failure> for_a_while(const char* words) { return core::fail(words, core::Millis{1}); }
bool never() { return false; }

class CommitterTest : public testing::Test {
 protected:
  test_support::StoreScript script;
  std::vector<core::WallTime> kept;  ///< Written by the committer's thread; read while it is idle.
  Committer committer{std::make_unique<test_support::ScriptedStore>(script),
                      [this](const core::Commit& commit) { kept.push_back(commit.progress.committed_at); },
                      core::Millis{1}};
};

TEST_F(CommitterTest, BeatsWhileThereIsNothingToCommit) {
  EXPECT_TRUE(comes_true([&] { return script.beats >= 3; }));
  EXPECT_EQ(script.tried(), Times{});
  EXPECT_FALSE(committer.last_commit_age()) << "a heartbeat is no commit";
}

TEST_F(CommitterTest, TriesTheSameCommitUntilItIsKeptAndOnlyThenTellsSo) {
  {
    const auto lent = committer.store();
    script.answer({for_a_while("full"), for_a_while("full"), for_a_while("locked")});
    committer.start(nth(1));
  }
  ASSERT_TRUE(committer.wait(never));
  committer.start(nth(2));
  ASSERT_TRUE(committer.wait(never));
  const Times tried = script.tried();
  EXPECT_GE(tried.size(), 3U) << "one of the faults may have met a heartbeat";
  EXPECT_EQ(std::count(tried.begin(), tried.end(), at(2)), 1);
  EXPECT_EQ(kept, (Times{at(1), at(2)}));
  EXPECT_FALSE(committer.fault());
  EXPECT_TRUE(committer.last_commit_age());
  EXPECT_EQ(committer.last_commit(), at(2));
}

TEST_F(CommitterTest, AHeartbeatThatFailsForAWhileIsAFaultUntilOneSucceeds) {
  script.answer(std::vector<core::Result<void>>(50, for_a_while("locked")));
  EXPECT_TRUE(comes_true([&] { return committer.fault() && committer.fault()->message == "locked"; }));
  EXPECT_TRUE(comes_true([&] { return !committer.fault(); }));
}

TEST_F(CommitterTest, AfterAFinalFailureNothingIsWrittenAnyMore) {
  script.answer({core::fail("taken over")});
  EXPECT_TRUE(comes_true([&] { return committer.fault() && committer.fault()->final; }));
  const int beats = script.beats;
  committer.start(nth(1));
  EXPECT_FALSE(committer.wait(never)) << "it does not wait for what will not come";
  EXPECT_EQ(script.tried(), Times{});
  EXPECT_EQ(script.beats, beats);
  EXPECT_EQ(kept, Times{});
}

TEST_F(CommitterTest, NothingIsWrittenWhileTheStoreIsLent) {
  const auto lent = committer.store();
  const int beats = script.beats;
  committer.start(nth(1));
  EXPECT_FALSE(committer.wait([tries = 0]() mutable { return ++tries > 2; }));
  EXPECT_EQ(script.beats, beats);
  EXPECT_EQ(script.tried(), Times{});
}

TEST_F(CommitterTest, EndsInTheMiddleOfAFaultWhenNoTimeIsLeft) {
  script.answer(std::vector<core::Result<void>>(100'000, core::fail("full", core::Millis{100'000})));
  EXPECT_TRUE(comes_true([&] { return committer.fault().has_value(); }));
  committer.start(nth(1));
  EXPECT_FALSE(committer.wait([] { return true; }));
}

}  // namespace
}  // namespace app

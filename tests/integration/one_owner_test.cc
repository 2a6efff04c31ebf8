// One owner of a store, told of real processes: refused, taken over, paused, killed.
#include <csignal>

#include "tests/support/foreign_tool.h"
#include "tests/support/growing_log.h"

namespace {

using test_support::comes_true;
using test_support::ForeignTool;
using test_support::Ran;
using test_support::ServedFloor;

class OneOwner : public test_support::GrowingLog {
 protected:
  /// Between two commits: in the middle of one it would keep the file locked.
  void pause(ServedFloor& floor) {
    const auto paused = [&] {
      floor.process().signal(SIGSTOP);
      if (ForeignTool(store_file(), core::Millis{0}).allows("BEGIN IMMEDIATE")) return true;
      floor.process().signal(SIGCONT);
      return false;
    };
    ASSERT_TRUE(comes_true(paused));
  }
  Ran replay(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"replay", "--store", service.store(), "--input", service.log(), "--quiet"});
    return service.command(options);
  }
  void expect_refused(const Ran& ran, pid_t owner) {
    EXPECT_EQ(ran.status, 3);
    for (const std::string& word : {"process " + std::to_string(owner) + " on host ", std::string("--take-over")}) {
      EXPECT_NE(ran.err.find(word), std::string::npos) << word << " is not in: " << ran.err;
    }
  }
};

TEST_F(OneOwner, ASecondProcessIsRefusedAndTheFirstGoesOn) {
  grow(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000));
  expect_refused(service.command({"run", "--config", service.config()}), floor.process().id());
  expect_refused(replay(), floor.process().id());
  grow(1000, lines.size());
  EXPECT_TRUE(keeps(lines.size())) << floor.said();
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  expect_as_undisturbed();
}

TEST_F(OneOwner, APausedOwnerThatWakesUpAfterATakeOverChangesNothingAndSaysWhy) {
  grow(0, 1000);
  ServedFloor paused = service.run();
  EXPECT_TRUE(keeps(1000));
  pause(paused);
  ServedFloor next = run_beside({"--take-over"});
  grow(1000, 2000);
  EXPECT_TRUE(keeps(2000)) << next.said();
  paused.process().signal(SIGCONT);
  ASSERT_TRUE(paused.process().ends_within(core::Millis{30'000})) << paused.said();
  EXPECT_EQ(paused.process().wait(), 3);
  EXPECT_TRUE(paused.says("process " + std::to_string(next.process().id()) + " on host ")) << paused.said();
  EXPECT_TRUE(paused.says("took it over at 20")) << paused.said();
  grow(2000, lines.size());
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(next.process().end(SIGTERM), 0) << next.said();
  expect_as_undisturbed();
}

TEST_F(OneOwner, AnOwnerWithoutAHeartbeatForTenSecondsIsSucceededUnasked) {
  grow(0, 1000);
  ServedFloor paused = service.run();
  EXPECT_TRUE(keeps(1000));
  pause(paused);
  ForeignTool(store_file()).execute("UPDATE owner SET uptime = uptime - 10000, heartbeat = heartbeat - 10000");
  ServedFloor next = run_beside();
  paused.process().signal(SIGCONT);
  ASSERT_TRUE(paused.process().ends_within(core::Millis{30'000}));
  EXPECT_EQ(paused.process().wait(), 3);
  grow(1000, lines.size());
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(next.process().end(SIGTERM), 0) << next.said();
  expect_as_undisturbed();
}

TEST_F(OneOwner, AKilledOwnerIsSucceededAtOnce) {
  for (std::size_t round = 0; round < 5; ++round) {
    grow(round * 400, (round + 1) * 400);
    ServedFloor floor = service.run();
    EXPECT_TRUE(keeps((round + 1) * 400)) << floor.said();
    EXPECT_EQ(floor.process().end(SIGKILL), 128 + SIGKILL);
  }
  grow(2000, lines.size());
  EXPECT_EQ(replay({"--config", service.config()}).status, 0);
  expect_as_undisturbed();
}

TEST_F(OneOwner, AnOrderlyEndGivesTheStoreUp) {
  grow(0, lines.size());
  {
    ServedFloor floor = service.run();
    EXPECT_TRUE(keeps(lines.size()));
    EXPECT_EQ(ForeignTool(store_file()).number("SELECT given_up FROM owner"), 0);
    EXPECT_EQ(floor.process().end(SIGTERM), 0);
  }
  EXPECT_EQ(ForeignTool(store_file()).number("SELECT given_up FROM owner"), 1);
  EXPECT_EQ(replay().status, 0);
  EXPECT_EQ(ForeignTool(store_file()).number("SELECT given_up FROM owner"), 1);
}

TEST_F(OneOwner, AHeldReplayWithNothingToCommitWritesHeartbeatsAndYieldsToATakeOver) {
  grow(0, lines.size());
  ServedFloor held({FLOORWATCH_BINARY, "replay", "--config", service.config(), "--store", service.store(), "--input",
                    service.log(), "--listen", "127.0.0.1:0", "--hold"},
                   service.folder() / "said");
  ASSERT_TRUE(held.comes_to_say("received="));
  ForeignTool tool(store_file());
  const auto commits = tool.number("SELECT commits FROM owner"), heartbeat = tool.number("SELECT uptime FROM owner");
  EXPECT_TRUE(comes_true([&] { return tool.number("SELECT uptime FROM owner") >= heartbeat + 3'000; }));
  EXPECT_EQ(tool.number("SELECT commits FROM owner"), commits) << "there was something to commit";
  expect_refused(replay(), held.process().id());
  EXPECT_EQ(replay({"--take-over", "--config", service.config()}).status, 0);
  ASSERT_TRUE(held.process().ends_within(core::Millis{30'000})) << held.said();
  EXPECT_EQ(held.process().wait(), 3);
  EXPECT_TRUE(held.says("took it over at 20")) << held.said();
  expect_as_undisturbed();
}

TEST_F(OneOwner, ATakeOverThatIsRefusedForItsConfigurationTakesNothing) {
  grow(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000));
  service.follow_log("give_up_after: {voice: 2h}\n");
  EXPECT_EQ(service.command({"run", "--config", service.config(), "--take-over"}).status, 2);
  service.follow_log();
  grow(1000, lines.size());
  EXPECT_TRUE(keeps(lines.size())) << floor.said();
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
}

}  // namespace

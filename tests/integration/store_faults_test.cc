// The service while its store cannot be written, and starts that the environment does not allow.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <optional>

#include "tests/support/foreign_tool.h"
#include "tests/support/growing_log.h"
#include "tests/support/sanitized.h"

namespace {

using test_support::comes_true;
using test_support::ForeignTool;
using test_support::http_get;
using test_support::Ran;
using test_support::ServedFloor;

class StoreFaults : public test_support::GrowingLog {
 protected:
  static bool is_unready(const ServedFloor& floor, const std::string& words) {
    const auto ready = http_get(floor.port(), "/readyz");
    return ready.status == 503 && ready.body.find(words) != std::string::npos;
  }
  /// No file of the process may grow beyond it: to the program the same as a disk without room.
  static void limit_files(ServedFloor& floor, rlim_t bytes) {
    rlimit limit{};
    ASSERT_EQ(prlimit(floor.process().id(), RLIMIT_FSIZE, nullptr, &limit), 0);
    limit.rlim_cur = bytes;
    ASSERT_EQ(prlimit(floor.process().id(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  /// A replay that serves, under a limit of the shell.
  Ran limited(const std::string& limit) {
    return test_support::run_command({"/bin/sh", "-c", limit + "; exec \"$@\"", "sh", FLOORWATCH_BINARY, "replay",
                                      "--config", service.config(), "--store", service.store(), "--input",
                                      service.log(), "--listen", "127.0.0.1:0"});
  }
};

TEST_F(StoreFaults, WithoutRoomItServesAndWaitsAndGoesOnByItself) {
  grow(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000));
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); }));
  limit_files(floor, 4096);
  grow(1000, 2000);
  EXPECT_TRUE(comes_true([&] { return is_unready(floor, "floor.db"); })) << http_get(floor.port(), "/readyz").body;
  EXPECT_TRUE(comes_true([&] {
    return test_support::metric(floor.port(), "floorwatch_events_received_total{source=\"log\"}") == 2000;
  })) << "figures go on meanwhile";
  EXPECT_EQ(service.counts("log").received, 1000U);
  limit_files(floor, RLIM_INFINITY);
  EXPECT_TRUE(keeps(2000)) << floor.said();
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); }));
  EXPECT_TRUE(floor.says("the store can be written again")) << floor.said();
  grow(2000, lines.size());
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  expect_as_undisturbed();
}

TEST_F(StoreFaults, KilledWithoutRoomItLosesNothing) {
  grow(0, 1000);
  {
    ServedFloor floor = service.run();
    EXPECT_TRUE(keeps(1000));
    limit_files(floor, 4096);
    grow(1000, 2000);
    EXPECT_TRUE(comes_true([&] { return is_unready(floor, "floor.db"); }));
    EXPECT_EQ(floor.process().end(SIGKILL), 128 + SIGKILL);
  }
  grow(2000, lines.size());
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  expect_as_undisturbed();
}

TEST_F(StoreFaults, AForeignLockIsReportedAndWaitedOut) {
  grow(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000));
  std::optional<ForeignTool> foreign(store_file());
  foreign->execute("BEGIN IMMEDIATE");
  grow(1000, 2000);
  EXPECT_TRUE(comes_true([&] { return is_unready(floor, "another process holds it locked"); }))
      << http_get(floor.port(), "/readyz").body;
  foreign.reset();
  EXPECT_TRUE(keeps(2000)) << floor.said();
  grow(2000, lines.size());
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  expect_as_undisturbed();
}

TEST_F(StoreFaults, ToldToStopInTheMiddleOfACommitItFinishesIt) {
  grow(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000));
  std::optional<ForeignTool> foreign(store_file());
  foreign->execute("BEGIN IMMEDIATE");
  grow(1000, lines.size());
  EXPECT_TRUE(comes_true([&] {
    return test_support::metric(floor.port(), "floorwatch_events_received_total{source=\"log\"}") == lines.size();
  }));
  floor.process().signal(SIGTERM);
  EXPECT_TRUE(floor.comes_to_say("stopping on SIGTERM"));
  foreign.reset();
  ASSERT_TRUE(floor.process().ends_within(core::Millis{30'000})) << floor.said();
  EXPECT_EQ(floor.process().wait(), 0) << floor.said();
  expect_as_undisturbed();
}

TEST_F(StoreFaults, AStoreThatIsMovedAwayEndsItWithClearWords) {
  grow(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000));
  std::filesystem::rename(store_file(), store_file() + ".old");
  ASSERT_TRUE(floor.process().ends_within(core::Millis{30'000})) << floor.said();
  EXPECT_EQ(floor.process().wait(), 3);
  EXPECT_TRUE(floor.says("moved or deleted while in use")) << floor.said();
}

TEST_F(StoreFaults, ADamagedStoreIsRefusedAndTheWordsSayWhatToDo) {
  grow(0, lines.size());
  ASSERT_EQ(
      service.command({"replay", "--config", service.config(), "--store", service.store(), "--input", service.log()})
          .status,
      0);
  std::filesystem::resize_file(store_file(), std::filesystem::file_size(store_file()) / 2);
  for (const char* command : {"run", "digest"}) {
    const Ran ran = std::string(command) == "run" ? service.command({"run", "--config", service.config()})
                                                  : service.command({command, "--store", service.store()});
    EXPECT_EQ(ran.status, 3) << ran.err;
    EXPECT_NE(ran.err.find("restore the store from a backup, or replay the log into a new store"), std::string::npos)
        << ran.err;
  }
}

TEST_F(StoreFaults, TooFewOpenFilesAreNamedAtTheStart) {
  if (test_support::kSanitized) GTEST_SKIP() << "a sanitizer needs open files of its own";
  grow(0, lines.size());
  constexpr int kNoStart = 127;  // Not even the shared libraries can be opened.
  int named = 0;
  for (int files = 4; files <= 24; ++files) {
    const Ran ran = limited("ulimit -n " + std::to_string(files));
    if (ran.status == 0 || ran.status == kNoStart) continue;
    ++named;
    EXPECT_EQ(ran.status, 3) << files << ": " << ran.err;
    EXPECT_TRUE(ran.err.find("open files") != std::string::npos) << files << ": " << ran.err;
  }
  EXPECT_GT(named, 3);
  expect_as_undisturbed();
}

TEST_F(StoreFaults, TooLittleMemoryIsNamedAndLosesNothing) {
  if (test_support::kSanitized) GTEST_SKIP() << "a sanitizer needs more address space than there is memory";
  grow(0, lines.size());
  int named = 0;
  for (int kib = 50'000; kib <= 150'000; kib += 10'000) {
    const Ran ran = limited("ulimit -v " + std::to_string(kib));
    if (ran.err.find("floorwatch: ") == std::string::npos) continue;  // Enough, or too little for the libraries.
    ++named;
    EXPECT_EQ(ran.status, 3) << kib << ": " << ran.err;
    EXPECT_NE(ran.err.find("memory"), std::string::npos) << kib << ": " << ran.err;
  }
  EXPECT_GT(named, 0);
  EXPECT_EQ(limited("true").status, 0);
  expect_as_undisturbed();
}

}  // namespace

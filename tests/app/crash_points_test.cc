// Wherever the process is stopped, the next one goes on so that nothing is lost and nothing is counted twice.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/command.h"
#include "tests/support/crashing_floor.h"
#include "tests/support/random.h"
#include "tests/support/random_log.h"

namespace {

using test_support::CrashingFloor;
using test_support::Random;
using Lines = std::vector<std::string>;

core::FigureConfig config_of(std::uint64_t seed) {
  core::FigureConfig config;
  if (seed % 2 == 0) config.sources_without_wrap.insert("log");
  return config;
}

/// With doubled, late and bad lines.
Lines disturbed(Lines lines, Random& random) {
  const std::size_t size = lines.size();
  for (std::size_t i = 0; i < size; i += 5) lines.push_back(lines[i]);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(size / 2), {"nonsense", "{}"});
  for (int i = 0; i < 10; ++i) std::swap(lines[random.next() % lines.size()], lines[random.next() % lines.size()]);
  return lines;
}

Lines small_log(std::uint64_t seed) {
  Random random(seed);
  Lines lines = test_support::random_case(seed).lines;
  if (lines.size() > 45) lines.resize(45);
  return disturbed(std::move(lines), random);
}

void expect_same(const CrashingFloor::State& stored, const CrashingFloor::State& expected, std::size_t lines) {
  EXPECT_EQ(stored.digest, expected.digest);
  EXPECT_EQ(stored.figures, expected.figures);
  EXPECT_EQ(stored.open_visits, expected.open_visits);
  EXPECT_EQ(stored.counts, expected.counts);
  EXPECT_EQ(stored.dead_letters, expected.dead_letters);
  const auto& c = stored.counts;
  EXPECT_EQ(c.received, lines);
  EXPECT_EQ(c.received, c.applied + c.duplicate + c.rejected + c.skipped);
}

TEST(CrashPoints, AfterAStopAtAnyStepTheEndIsThatOfAnUndisturbedRun) {
  std::int64_t archived = 0, snapshots = 0, intervals = 0;
  std::uint64_t stops = 0;
  for (const std::uint64_t seed : {3U, 8U, 21U}) {
    const Lines lines = small_log(seed);
    CrashingFloor floor(lines, config_of(seed), 7);
    const auto expected = floor.undisturbed();
    for (std::uint64_t step = 1; !floor.run(step); ++step, ++stops) {
      ASSERT_TRUE(floor.run(0));
      expect_same(floor.state(), expected, lines.size());
      ASSERT_FALSE(HasFailure()) << "seed " << seed << ", stopped at step " << step;
      floor.reset();
    }
    expect_same(floor.state(), expected, lines.size());
    archived += floor.rows("archive"), snapshots += floor.rows("pages"), intervals += floor.rows("intervals");
    EXPECT_TRUE(floor.run(0)) << "what is at its end can be started again";
    expect_same(floor.state(), expected, lines.size());
  }
  RecordProperty("stops", static_cast<int>(stops));
  EXPECT_GT(stops, 300U);
  EXPECT_GT(archived, 0) << "no contact ever left";
  EXPECT_GT(snapshots, 0) << "no journal was ever replaced";
  EXPECT_GT(intervals, 0) << "no interval ever left";
}

/// With late, doubled and bad lines.
Lines generated(std::vector<std::string> options) {
  const test_support::TempDir folder;
  const std::string log = folder / "log.ndjson";
  options.insert(options.begin(), {FLOORWATCH_BINARY, "generate", "--disorder", "30s", "--late", "0.02:4h",
                                   "--duplicates", "0.02", "--bad", "0.01", "--output", log, "--quiet"});
  const auto ran = test_support::run_command(options);
  EXPECT_EQ(ran.status, 0) << ran.err;
  Lines lines;
  std::ifstream file(log, std::ios::binary);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST(CrashPoints, StoppedAgainAndAgainALargerLogEndsTheSame) {
  const Lines lines = generated({"--visits", "150", "--seed", "5"});
  int stops = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    Random random(seed);
    CrashingFloor floor(lines, config_of(seed), 40);
    for (;; ++stops) {
      // Now and then at once, so that a start is stopped, too.
      const auto step = static_cast<std::uint64_t>(random.between(1, random.chance(20) ? 40 : 500));
      if (floor.run(step)) break;
    }
    expect_same(floor.state(), floor.undisturbed(), lines.size());
    EXPECT_GT(floor.rows("archive"), 0);
    EXPECT_GT(floor.rows("superseded"), 0) << "no contact came back and changed";
    EXPECT_GT(floor.rows("intervals"), 0) << "no interval ever left";
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  RecordProperty("stops", stops);
  EXPECT_GT(stops, 15);
}

TEST(CrashPoints, StoppedWhileContactsAreDroppedTheEndIsThatOfARunThatKeepsAll) {
  const Lines lines = generated({"--visits", "200", "--seed", "7", "--hours", "96"});
  int stops = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Random random(seed);
    CrashingFloor floor(lines, config_of(seed), 40, core::Millis{24LL * 3'600'000});
    for (;; ++stops) {
      if (floor.run(static_cast<std::uint64_t>(random.between(1, random.chance(20) ? 40 : 800)))) break;
    }
    const auto state = floor.state();
    ASSERT_TRUE(state.retained_since);
    expect_same(state, floor.undisturbed(state.retained_since), lines.size());
    EXPECT_NE(state.digest, floor.undisturbed().digest) << "nothing was dropped";
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  RecordProperty("stops", stops);
  EXPECT_GT(stops, 15);
}

}  // namespace

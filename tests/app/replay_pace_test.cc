// How a log was read leaves no trace in its figures: neither the sizes of batches nor pauses, nor the pace, nor which
// of two sources came first.
#include <gtest/gtest.h>

#include "tests/support/clocked_floor.h"
#include "tests/support/random_log.h"

namespace {

using test_support::ClockedFloor;
using Lines = std::vector<std::string>;

constexpr core::WallTime kBegin = core::wall_time(1'772'445'600'000);

/// How two sources' logs are read.
struct Reading {
  std::size_t batch = 1'000'000;  ///< lines
  bool second_first = false, in_turns = true;
  core::Millis pause{0};  ///< Of the wall clock, between batches.
  double speed = 0;       ///< As `--speed`; 0: max.
};

/// Every figure, status and revision, as `figures --format csv` prints them when the replay is over.
std::string figures_after(const std::map<std::string, Lines>& logs, const Reading& reading) {
  app::PipelineOptions options;
  options.live = false;
  options.speed = reading.speed;
  ClockedFloor floor({{"first"}, {"second"}}, kBegin, options);
  std::map<std::string, std::size_t> next;
  std::vector<std::string> order{"first", "second"};
  if (reading.second_first) std::swap(order[0], order[1]);
  for (bool more = true; more;) {
    more = false;
    for (const std::string& name : order) {
      const Lines& lines = logs.at(name);
      while (next[name] < lines.size()) {
        const std::size_t end = std::min(lines.size(), next[name] + reading.batch);
        floor.give(name, 0,
                   {lines.begin() + static_cast<std::ptrdiff_t>(next[name]),
                    lines.begin() + static_cast<std::ptrdiff_t>(end)});
        next[name] = end;
        if (reading.pause.count() > 0) floor.pass(reading.pause);
        if (reading.in_turns) break;
      }
      more = more || next[name] < lines.size();
    }
  }
  floor.finish();
  std::string all;
  for (const char* by : {"queue", "agent", "lead", "client"}) {
    for (const char* every : {"15m", "day", "total"}) all += floor.csv({{"by", by}, {"every", every}});
  }
  return all;
}

std::map<std::string, Lines> two_logs(std::uint64_t seed) {
  std::map<std::string, Lines> logs;
  for (const std::string& line : test_support::random_case(seed).lines) {
    logs[std::hash<std::string>{}(line) % 2 == 0 ? "first" : "second"].push_back(line);
  }
  return logs;
}

TEST(ReplayPace, FiguresStatusAndRevisionDoNotDependOnHowTheLogWasRead) {
  using std::chrono::hours, std::chrono::milliseconds;
  const Reading readings[] = {
      {.batch = 1},
      {.batch = 7, .second_first = true},
      {.batch = 7, .in_turns = false},
      {.batch = 50, .second_first = true, .in_turns = false},
      {.batch = 20, .pause = hours(30)},
      {.batch = 20, .pause = -hours(1)},
      {.batch = 30, .speed = 1e9},
  };
  for (const std::uint64_t seed : {2U, 5U, 11U, 17U}) {
    const auto logs = two_logs(seed);
    const std::string at_once = figures_after(logs, {});
    EXPECT_EQ(at_once.find(",live,"), std::string::npos);
    EXPECT_EQ(at_once.find(",provisional,"), std::string::npos) << "every interval is final";
    for (const Reading& reading : readings) {
      EXPECT_EQ(figures_after(logs, reading), at_once)
          << "seed " << seed << ", batches of " << reading.batch << ", speed " << reading.speed;
    }
  }
}

}  // namespace

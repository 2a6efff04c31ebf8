// Slices of the rolling windows are filled from the records when a window is first read, whenever that is.
#include <gtest/gtest.h>

#include <algorithm>

#include "config/load.h"
#include "tests/support/engine.h"
#include "tests/support/random_log.h"

namespace {

using test_support::Engine;

constexpr std::uint64_t kCases = 200;

std::string windows_of(Engine& engine) {
  std::string text;
  for (const char* by : {"queue", "client", "agent", "lead"}) {
    for (const char* window : {"5m", "15m", "30m", "1h"}) text += engine.csv({{"by", by}, {"window", window}});
  }
  return text;
}

TEST(Slices, ReadingAWindowEarlyChangesNothingOfALaterOne) {
  std::size_t rows = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    const auto test = test_support::random_case(seed);
    const auto loaded = config::load(test.yaml, "case.yaml");
    ASSERT_TRUE(loaded) << "seed " << seed;
    const auto half = test.lines.begin() + static_cast<std::ptrdiff_t>(test.lines.size() / 2);
    Engine asked_early(loaded->figures), asked_late(loaded->figures);
    asked_early.feed({test.lines.begin(), half});
    windows_of(asked_early);
    asked_early.feed({half, test.lines.end()});
    asked_late.feed(test.lines);
    const std::string expected = windows_of(asked_early);
    ASSERT_EQ(windows_of(asked_late), expected) << "seed " << seed;
    rows += static_cast<std::size_t>(std::count(expected.begin(), expected.end(), '\n')) - 16;
  }
  EXPECT_GT(rows, kCases) << "the logs have hardly anything in a window";
}

}  // namespace

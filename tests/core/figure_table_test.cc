#include "core/figure_table.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace core {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(Ratio, RoundsHalfTowardsPlusInfinity) {
  EXPECT_EQ(ratio(1, 8, 2), (Fixed{13, 2}));    // 0.125
  EXPECT_EQ(ratio(-1, 8, 2), (Fixed{-12, 2}));  // -0.125
  EXPECT_EQ(ratio(1, 3, 6), (Fixed{333'333, 6}));
  EXPECT_EQ(ratio(2, 3, 6), (Fixed{666'667, 6}));
  EXPECT_EQ(ratio(-2, 3, 0), (Fixed{-1, 0}));
  EXPECT_EQ(ratio(-1, 2, 0), (Fixed{0, 0}));
  EXPECT_EQ(ratio(1, 2, 0), (Fixed{1, 0}));
  EXPECT_EQ(ratio(0, 7, 3), (Fixed{0, 3}));
}

TEST(Ratio, IsExactAtTheEndsOfTheRange) {
  EXPECT_EQ(ratio(kMax, kMax, 18), (Fixed{1'000'000'000'000'000'000, 18}));
  EXPECT_EQ(ratio(kMax - 1, kMax, 6), (Fixed{1'000'000, 6}));
  EXPECT_EQ(ratio(kMax, 1, 0), (Fixed{kMax, 0}));
  EXPECT_EQ(ratio(kMin, 1, 0), (Fixed{kMin, 0}));
}

TEST(Ratio, StopsAtTheLargestNumberThatFits) {
  EXPECT_EQ(ratio(kMax, 1, 6), (Fixed{kMax, 6}));
  EXPECT_EQ(ratio(kMin, 1, 6), (Fixed{kMin, 6}));
}

// |2·(result·denominator − numerator·scale)| ≤ denominator, and never rounded down at a half.
TEST(RatioProperty, IsTheNearestNumber) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto numerator = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
    const auto denominator = static_cast<std::int64_t>(random() % 1'000) + 1;
    const std::int64_t twice = 2 * (ratio(numerator, denominator, 3).value * denominator - numerator * 1'000);
    EXPECT_LE(twice, denominator);
    EXPECT_GT(twice, -denominator);
  }
}

TEST(FixedText, HasAllItsDecimals) {
  EXPECT_EQ(to_string(Fixed{523'040, 6}), "0.523040");
  EXPECT_EQ(to_string(Fixed{35'028, 3}), "35.028");
  EXPECT_EQ(to_string(Fixed{-150, 2}), "-1.50");
  EXPECT_EQ(to_string(Fixed{-5, 2}), "-0.05");
  EXPECT_EQ(to_string(Fixed{0, 3}), "0.000");
  EXPECT_EQ(to_string(Fixed{42, 0}), "42");
  EXPECT_EQ(to_string(Fixed{kMin, 2}), "-92233720368547758.08");
}

FigureTable sample() {
  return {{"queue", "offered", "mean_wait_s"},
          {{std::string("sales, \"east\""), std::int64_t{12}, Fixed{35'028, 3}},
           {std::string("café"), std::int64_t{0}, std::monostate{}}}};
}

TEST(FigureTableCsv, QuotesWhatWouldBeReadDifferentlyAndLeavesAbsentValuesEmpty) {
  EXPECT_EQ(to_csv(sample()), "queue,offered,mean_wait_s\n\"sales, \"\"east\"\"\",12,35.028\ncafé,0,\n");
}

TEST(FigureTableCsv, AlwaysHasAHeader) { EXPECT_EQ(to_csv({{"a", "b"}, {}}), "a,b\n"); }

TEST(FigureTableJson, IsAnArrayOfObjectsInTheOrderOfTheColumns) {
  EXPECT_EQ(to_json(sample()),
            "[\n{\"queue\":\"sales, \\\"east\\\"\",\"offered\":12,\"mean_wait_s\":35.028},\n"
            "{\"queue\":\"café\",\"offered\":0,\"mean_wait_s\":null}\n]\n");
  EXPECT_EQ(to_json({{"a"}, {}}), "[]\n");
}

TEST(FigureTableJson, EscapesControlCharacters) {
  EXPECT_EQ(to_json({{"a"}, {{std::string("x\ty\x01\n")}}}), "[\n{\"a\":\"x\\ty\\u0001\\n\"}\n]\n");
}

TEST(FigureTableText, AlignsTextLeftAndNumbersRight) {
  EXPECT_EQ(to_text(sample()),
            "queue          offered  mean_wait_s\n"
            "sales, \"east\"       12       35.028\n"
            "café                 0\n");
}

TEST(FigureTableText, LetsNoControlCharacterReachTheTerminal) {
  EXPECT_EQ(to_text({{"a"}, {{std::string("x\x1b[2J\ny")}}}), "a\nx?[2J?y\n");
}

}  // namespace
}  // namespace core

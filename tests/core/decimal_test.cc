#include "core/decimal.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace core {
namespace {

std::optional<std::int64_t> parsed(std::string_view text) {
  const auto value = parse_decimal(text);
  return value ? std::optional(value->ten_thousandths) : std::nullopt;
}

TEST(Decimal, ReadsJsonNumbersExactly) {
  EXPECT_EQ(parsed("0"), 0);
  EXPECT_EQ(parsed("-0"), 0);
  EXPECT_EQ(parsed("12"), 120'000);
  EXPECT_EQ(parsed("-0.5"), -5'000);
  EXPECT_EQ(parsed("1234.5678"), 12'345'678);
  EXPECT_EQ(parsed("0.0001"), 1);
  EXPECT_EQ(parsed("100.10"), 1'001'000);
  EXPECT_EQ(parsed("10000000000"), 100'000'000'000'000);
  EXPECT_EQ(parsed("0.1"), 1'000);  // has no exact binary form
}

TEST(Decimal, ReadsExponents) {
  EXPECT_EQ(parsed("1e3"), 10'000'000);
  EXPECT_EQ(parsed("1E+3"), 10'000'000);
  EXPECT_EQ(parsed("1e-4"), 1);
  EXPECT_EQ(parsed("15000e-7"), 15);
  EXPECT_EQ(parsed("0.00012e1"), 12);
  EXPECT_EQ(parsed("0e999999999999999999999"), 0);
  EXPECT_EQ(parsed("0.000e-999999999999999999999"), 0);
}

TEST(Decimal, TrailingZerosBeyondFourDecimalsAreExact) {
  EXPECT_EQ(parsed("1.500000000000000000000000000000"), 15'000);
  EXPECT_EQ(parsed("0.00010"), 1);
}

TEST(Decimal, MoreThanFourDecimalsIsNoValue) {
  for (const char* text : {"0.00001", "1.00005", "1e-5", "-3.14159", "1e-999999999999"})
    EXPECT_FALSE(parsed(text)) << text;
}

TEST(Decimal, ReachesBothEndsOf64BitsAndNoFurther) {
  EXPECT_EQ(parsed("922337203685477.5807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parsed("-922337203685477.5808"), std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"922337203685477.5808", "-922337203685477.5809", "1e15", "99999999999999999999",
                           "1e999999999999", "1844674407370955.1616"}) {
    EXPECT_FALSE(parsed(text)) << text;
  }
}

TEST(Decimal, WhatIsNoJsonNumberIsNoValue) {
  for (const char* text : {"",   "-",  "+1",  ".5",   "1.",  "01",       "-01",   "1e",  "1e+",   "1.e1",
                           " 1", "1 ", "1,5", "0x10", "NaN", "Infinity", "1.2.3", "--1", "1e1.5", "٣"}) {
    EXPECT_FALSE(parsed(text)) << text;
  }
}

TEST(Decimal, WritesTwoToFourDecimals) {
  EXPECT_EQ(format_decimal({120'000}), "12.00");
  EXPECT_EQ(format_decimal({5'001}), "0.5001");
  EXPECT_EQ(format_decimal({-31'000}), "-3.10");
  EXPECT_EQ(format_decimal({-1}), "-0.0001");
  EXPECT_EQ(format_decimal({1'230}), "0.123");
  EXPECT_EQ(format_decimal({0}), "0.00");
  EXPECT_EQ(format_decimal({std::numeric_limits<std::int64_t>::min()}), "-922337203685477.5808");
}

TEST(Decimal, ReadsWhatItWrites) {
  std::mt19937_64 random(20260302);
  for (int i = 0; i < 10'000; ++i) {
    const Decimal value{static_cast<std::int64_t>(random() >> (random() % 64)) * (i % 2 == 0 ? 1 : -1)};
    ASSERT_EQ(parse_decimal(format_decimal(value)), value);
  }
}

}  // namespace
}  // namespace core

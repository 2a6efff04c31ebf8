#include "core/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace core {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 40;  // 34 years in milliseconds

TEST(Histogram, BinsCoverEveryValueOnceAndInOrder) {
  for (Bin bin = 0; bin < bin_of(kLargest); ++bin) {
    ASSERT_EQ(bin_of(bin_lowest(bin)), bin);
    ASSERT_EQ(bin_lowest(bin) + bin_width(bin), bin_lowest(static_cast<Bin>(bin + 1)));
    ASSERT_EQ(bin_of(bin_lowest(bin) + bin_width(bin) - 1), bin);
  }
  EXPECT_EQ(bin_of(-5), 0) << "a span below zero counts as none";
}

TEST(Histogram, ABinStandsForItsValuesWithinOneSixtyFourth) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t value = static_cast<std::int64_t>(random() >> (24 + random() % 40));
    const std::int64_t shown = bin_value(bin_of(value));
    ASSERT_LE(std::abs(shown - value) * 64, value) << value;
  }
}

TEST(Histogram, SmallValuesAreExact) {
  for (std::int64_t value = 0; value < 64; ++value) ASSERT_EQ(bin_value(bin_of(value)), value);
}

TEST(Histogram, QuantilesAreTheNearestRankWithinTheError) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> values(1 + random() % 300);
    Histogram histogram;
    for (auto& value : values) histogram.add(bin_of(value = static_cast<std::int64_t>(random() % 600'000)), 1);
    std::sort(values.begin(), values.end());
    for (const int per_mille : {1, 500, 800, 900, 950, 990, 1000}) {
      const std::size_t rank = (values.size() * static_cast<std::size_t>(per_mille) + 999) / 1000;
      const std::int64_t exact = values[rank - 1];
      ASSERT_LE(std::abs(histogram.quantile(per_mille) - exact) * 64, exact) << values.size() << " " << per_mille;
    }
  }
}

TEST(Histogram, EqualMultisetsGiveEqualBinsInAnyOrderAndAfterTakingBack) {
  std::mt19937_64 random(3);
  std::vector<Bin> bins(500);
  for (Bin& bin : bins) bin = static_cast<Bin>(random() % 40);
  Histogram one, other, third;
  for (const Bin bin : bins) one.add(bin, 1);
  std::shuffle(bins.begin(), bins.end(), random);
  other.add(7, 3), other.add(999, 1);
  for (std::size_t i = 0; i < bins.size(); ++i) (i % 2 == 0 ? other : third).add(bins[i], 1);
  other.add_all(third);
  other.add(999, -1), other.add(7, -3);
  EXPECT_EQ(one, other);
  EXPECT_EQ(one.count(), 500);
  for (const auto& entry : one.bins()) EXPECT_NE(entry.count, 0);
  for (const Bin bin : bins) one.add(bin, -1);
  EXPECT_TRUE(one.empty());
}

}  // namespace
}  // namespace core

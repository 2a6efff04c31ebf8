#include "core/hash_filter.h"

#include <gtest/gtest.h>

#include <string>

#include "core/text_hash.h"

namespace core {
namespace {

std::uint64_t id(int number) { return text_hash("contact-" + std::to_string(number)); }

TEST(HashFilter, HoldsNothingAtFirst) {
  const HashFilter filter;
  EXPECT_TRUE(filter.empty());
  EXPECT_FALSE(filter.may_hold(id(1)));
}

TEST(HashFilter, OfAMillionNoneIsForgottenAndFewOthersAreTakenForThem) {
  constexpr int kMillion = 1'000'000;
  HashFilter filter;
  for (int i = 0; i < kMillion; ++i) filter.add(id(i));
  int forgotten = 0, mistaken = 0;
  for (int i = 0; i < kMillion; ++i) forgotten += filter.may_hold(id(i)) ? 0 : 1;
  for (int i = kMillion; i < 2 * kMillion; ++i) mistaken += filter.may_hold(id(i)) ? 1 : 0;
  EXPECT_EQ(forgotten, 0);
  EXPECT_LT(mistaken, kMillion / 50);
  EXPECT_FALSE(filter.empty());
  EXPECT_LT(filter.bytes(), 4u << 20) << "the last layer may be nearly empty: at most some three times 13 bits each";
  RecordProperty("mistaken_of_a_million", mistaken);
}

}  // namespace
}  // namespace core

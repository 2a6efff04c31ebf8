#include "processors/contract_judgement.h"

#include <gtest/gtest.h>

namespace processors {
namespace {

using core::Level;

constexpr Level percent(double value) { return static_cast<Level>(value * 10'000 + 0.5); }

Yardstick at_least(double target) { return {.share = true, .at_most = false, .target = percent(target)}; }
Yardstick at_most_seconds(std::int64_t seconds, std::uint8_t decimals) {
  return {.share = false, .at_most = true, .target = seconds * 1000, .decimals = decimals};
}

core::Credits of_fee(std::int64_t ten_thousandths) {
  core::Credits credits;
  credits.fee.ten_thousandths = ten_thousandths, credits.currency = "USD";
  return credits;
}

TEST(ContractJudgement, ExactlyTheTargetMeetsIt) {
  EXPECT_EQ(meets({800, 1000}, at_least(80)), true);
  EXPECT_EQ(meets({799, 1000}, at_least(80)), false);
  EXPECT_EQ(meets({5, 100}, {.at_most = true, .target = percent(5)}), true);
  EXPECT_EQ(meets({6, 100}, {.at_most = true, .target = percent(5)}), false);
}

TEST(ContractJudgement, WithoutAFigureOrATargetNothingIsMetOrMissed) {
  EXPECT_EQ(meets({0, 0}, at_least(80)), std::nullopt);
  EXPECT_EQ(meets({1, 2}, Yardstick{}), std::nullopt);
  EXPECT_EQ(misses_left({1, 2}, 0, Yardstick{}), std::nullopt);
}

/// 79.995 %: below 80 %, unless two decimals are agreed, which round it half up to 80.00 %.
TEST(ContractJudgement, RoundingComesBeforeTheComparison) {
  const Fraction figure{79'995, 100'000};
  Yardstick by = at_least(80);
  EXPECT_EQ(meets(figure, by), false);
  by.decimals = 2;
  EXPECT_EQ(meets(figure, by), true);
  EXPECT_EQ(rounded(figure, by), percent(80));
  by.decimals = 3;
  EXPECT_EQ(meets(figure, by), false);
  by.decimals = 2;
  EXPECT_EQ(meets({79'994, 100'000}, by), false);
  by.decimals = 0;
  EXPECT_EQ(meets({795, 1000}, by), true);
  EXPECT_EQ(meets({794, 1000}, by), false);
}

/// The insurer: a mean wait of at most 45 s by the year, whole seconds; 46-48 s cost 25 %, 49-51 s 50 %, 52-54 s 75 %,
/// 55 s and more the whole fee.
TEST(ContractJudgement, TheInsurersTiers) {
  core::Credits credits = of_fee(400'000'0000);
  credits.tiers = {{45'000, 250'000}, {48'000, 500'000}, {51'000, 750'000}, {54'000, 1'000'000}};
  Yardstick by = at_most_seconds(45, 0);
  by.credits = &credits;
  const auto credit = [&](std::int64_t mean_ms) { return credit_of({mean_ms * 7, 7}, by) / 10'000; };
  EXPECT_EQ(credit(45'000), 0);
  EXPECT_EQ(credit(45'499), 0);
  EXPECT_EQ(credit(45'500), 25) << "rounded half up to 46 s";
  EXPECT_EQ(credit(48'499), 25);
  EXPECT_EQ(credit(48'500), 50);
  EXPECT_EQ(credit(51'500), 75);
  EXPECT_EQ(credit(54'499), 75);
  EXPECT_EQ(credit(54'500), 100);
  EXPECT_EQ(meets({45'499 * 7, 7}, by), true);
  EXPECT_EQ(meets({45'500 * 7, 7}, by), false);
  EXPECT_EQ(misses_left({45'500 * 7, 7}, 0, by), std::nullopt) << "a span has no number of misses";
}

TEST(ContractJudgement, CreditsAtTheEdgesOfTiersAndTheCap) {
  core::Credits credits = of_fee(100'000'0000);
  credits.cap = percent(4);
  credits.tiers = {{percent(80), percent(2)}, {percent(78), percent(5)}};
  Yardstick by = at_least(80);
  by.credits = &credits;
  EXPECT_EQ(credit_of({800, 1000}, by), 0);
  EXPECT_EQ(credit_of({7999, 10'000}, by), percent(2));
  EXPECT_EQ(credit_of({780, 1000}, by), percent(2)) << "78 % is not below 78 %";
  EXPECT_EQ(credit_of({779, 1000}, by), percent(4)) << "5 %, but the cap is 4 %";
  EXPECT_EQ(credit_of({0, 0}, by), 0);
  EXPECT_EQ(credit_amount(credits, percent(2)), (core::Decimal{2'000'0000}));
  EXPECT_EQ(credit_amount(of_fee(1), percent(50)), (core::Decimal{1})) << "half up";
  EXPECT_EQ(money_value({2'000'0000}), core::Value(core::Fixed{200'000, 2}));
  EXPECT_EQ(money_value({5}), core::Value(core::Fixed{5, 4}));
}

TEST(ContractJudgement, MissesLeftAreThoseWithWhichTheTargetIsStillMet) {
  // 4,000 judged so far, 300 missed, 1,000 to come: of 5,000 a fifth may miss.
  EXPECT_EQ(misses_left({3700, 4000}, 1000, at_least(80)), 700);
  EXPECT_EQ(misses_left({3000, 4000}, 0, at_least(80)), -200);
  EXPECT_EQ(misses({3700, 4000}, at_least(80)), 300);
  const Yardstick abandoned{.at_most = true, .target = percent(5)};
  EXPECT_EQ(misses_left({30, 1000}, 500, abandoned), 45) << "75 of 1,500";
  EXPECT_EQ(misses({30, 1000}, abandoned), 30);
  Yardstick rounded_to_one = at_least(80);
  rounded_to_one.decimals = 0;
  EXPECT_EQ(misses_left({1000, 1000}, 0, rounded_to_one), 205) << "79.5 % counts as 80 %";
  EXPECT_EQ(misses_left({0, 0}, 0, at_least(80)), std::nullopt);
}

TEST(ContractJudgement, IntervalsMetAreJudgedAsAShare) {
  core::Terms terms;
  terms.target = 45'000, terms.at_most = true, terms.aggregate = core::Aggregate::kIntervalsMet;
  terms.intervals_target = percent(90);
  const Yardstick of_interval = yardstick_of(core::Metric::kMeanWait, terms),
                  of_period = period_yardstick(core::Metric::kMeanWait, terms);
  EXPECT_EQ(meets({44'000, 1}, of_interval), true);
  EXPECT_EQ(meets({46'000, 1}, of_interval), false);
  EXPECT_EQ(meets({9, 10}, of_period), true);
  EXPECT_EQ(meets({8, 10}, of_period), false);
}

}  // namespace
}  // namespace processors

#include "processors/alert_states.h"

#include <gtest/gtest.h>

namespace processors {
namespace {

using core::AlertRule;
using std::chrono::seconds;

constexpr core::EventTime at(int second) { return core::event_time(1'772'445'600'000 + 1000LL * second); }

AlertRule level_rule() {
  AlertRule rule;
  rule.client = "acme", rule.profile = "voice", rule.name = "sl";
  rule.below = true, rule.enter = 750'000, rule.leave = 800'000;
  return rule;
}

/// Looks at one figure of one rule, second by second.
class AlertStatesTest : public testing::Test {
 protected:
  AlertTurn look(int second, std::optional<Fraction> value, bool enough = true) {
    std::vector<AlertSight> sights;
    if (value) sights.push_back({&rule, "sales", *value, value->denominator, enough});
    return states.look(at(second), sights);
  }
  /// "+" entered, "-" left, "." neither.
  std::string course(const std::vector<int>& percents) {
    std::string said;
    for (const int percent : percents) {
      const AlertTurn turn = look(second_++, Fraction{percent, 100});
      said += !turn.entered.empty() ? '+' : !turn.left.empty() ? '-' : '.';
    }
    return said;
  }

  AlertRule rule = level_rule();
  AlertStates states;

 private:
  int second_ = 0;
};

TEST_F(AlertStatesTest, EntersBelowOneLevelAndLeavesAboveTheOther) {
  EXPECT_EQ(course({76, 75, 74, 76, 74, 80, 81, 79, 76, 74}), "..+...-..+");
}

TEST_F(AlertStatesTest, WithoutALevelToLeaveItLeavesWhereItWouldNotEnter) {
  rule.leave.reset();
  EXPECT_EQ(course({74, 75, 74, 76}), "+-+-");
}

TEST_F(AlertStatesTest, AboveIsTheOtherWayRound) {
  rule.below = false, rule.enter = 400'000, rule.leave = 200'000;
  EXPECT_EQ(course({40, 41, 30, 20, 19, 41}), ".+..-+");
}

TEST_F(AlertStatesTest, AFigureThatFlapsEntersOnceAndLeavesOnce) {
  EXPECT_EQ(course({74, 76, 74, 79, 74, 76, 74, 80, 74, 81, 80, 76}), "+........-..");
}

TEST_F(AlertStatesTest, ItMustHoldWithoutABreak) {
  rule.hold = seconds(3);
  EXPECT_EQ(course({74, 74, 74, 75, 74, 74, 74, 74, 74}), ".......+.") << "three seconds after the fourth";
}

TEST_F(AlertStatesTest, SaysSinceWhenItHeld) {
  rule.hold = seconds(60);
  look(0, Fraction{1, 2});
  const AlertTurn turn = look(60, Fraction{1, 2});
  ASSERT_EQ(turn.entered.size(), 1U);
  EXPECT_EQ(turn.entered[0].began, at(0));
  EXPECT_EQ(turn.entered[0].key, (core::AlertKey{"acme", "voice", "sl", "sales"}));
}

TEST_F(AlertStatesTest, TooLittleVolumeNeitherEntersNorLeaves) {
  EXPECT_TRUE(look(0, Fraction{0, 3}, false).entered.empty());
  EXPECT_FALSE(look(1, Fraction{0, 12}).entered.empty());
  EXPECT_TRUE(look(2, Fraction{0, 3}, false).left.empty());
  EXPECT_TRUE(look(3, Fraction{3, 3}, false).left.empty()) << "one caller at night says nothing";
  EXPECT_FALSE(look(4, Fraction{13, 13}).left.empty());
}

TEST_F(AlertStatesTest, WhereThereIsNoFigureAnyMoreItLeaves) {
  look(0, Fraction{0, 12});
  const AlertTurn turn = look(1, std::nullopt);
  ASSERT_EQ(turn.left.size(), 1U);
  EXPECT_EQ(turn.left[0].sight, std::nullopt);
  EXPECT_TRUE(look(2, std::nullopt).left.empty()) << "once";
}

TEST_F(AlertStatesTest, GoesOnWhereItWasAfterARestart) {
  rule.hold = seconds(60);
  EXPECT_TRUE(look(0, Fraction{1, 2}).pending_changed);
  EXPECT_FALSE(look(10, Fraction{1, 2}).pending_changed);
  AlertStates again;
  again.restore(states.pending(), {});
  std::swap(states, again);
  EXPECT_TRUE(look(59, Fraction{1, 2}).entered.empty());
  EXPECT_FALSE(look(60, Fraction{1, 2}).entered.empty());
  AlertStates firing;
  firing.restore({}, {{"acme", "voice", "sl", "sales"}});
  std::swap(states, firing);
  EXPECT_TRUE(look(61, Fraction{1, 2}).entered.empty()) << "it was told of before";
  EXPECT_FALSE(look(62, Fraction{9, 10}).left.empty());
}

TEST_F(AlertStatesTest, WhatWasNotSeenForAWhileBeginsAnew) {
  rule.hold = seconds(60);
  look(0, Fraction{1, 2});
  EXPECT_TRUE(states.interrupt());
  EXPECT_FALSE(states.interrupt());
  EXPECT_TRUE(look(70, Fraction{1, 2}).entered.empty());
  EXPECT_EQ(look(130, Fraction{1, 2}).entered.at(0).began, at(70));
}

TEST_F(AlertStatesTest, ComparesExactly) {
  rule.enter = 666'667, rule.leave.reset();
  EXPECT_FALSE(look(0, Fraction{2, 3}).entered.empty()) << "0.666666… is below 0.666667";
  rule.unit = core::AlertUnit::kSpan, rule.below = false, rule.enter = 1'000;
  states = {};
  EXPECT_TRUE(look(1, Fraction{3'000, 3}).entered.empty());
  EXPECT_FALSE(look(2, Fraction{3'001, 3}).entered.empty());
}

TEST_F(AlertStatesTest, EveryQueueHasAStateOfItsOwn) {
  const std::vector<AlertSight> both = {{&rule, "sales", {1, 2}, 2, true}, {&rule, "care", {9, 10}, 10, true}};
  EXPECT_EQ(states.look(at(0), both).entered.size(), 1U);
  const std::vector<AlertSight> turned = {{&rule, "sales", {9, 10}, 10, true}, {&rule, "care", {1, 2}, 2, true}};
  const AlertTurn turn = states.look(at(1), turned);
  ASSERT_EQ(turn.entered.size(), 1U);
  ASSERT_EQ(turn.left.size(), 1U);
  EXPECT_EQ(turn.entered[0].key.queue, "care");
  EXPECT_EQ(turn.left[0].key.queue, "sales");
}

}  // namespace
}  // namespace processors

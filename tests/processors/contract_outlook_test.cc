#include "processors/contract_outlook.h"

#include <gtest/gtest.h>

#include <map>

namespace processors {
namespace {

/// Day 100 runs; the period ends with day 103.
struct Days {
  std::map<core::Slot, Fraction> figures;
  std::map<core::Slot, bool> closed;

  std::optional<Fraction> rest(core::Slot last_day = 103) {
    Outlook outlook;
    outlook.today = 100, outlook.last_day = last_day, outlook.first_known = figures.begin()->first;
    outlook.figure = [&](core::Slot day) { return figures.contains(day) ? figures[day] : Fraction{}; };
    outlook.closed = [&](core::Slot day) { return closed[day]; };
    return expected_rest(outlook);
  }
};

TEST(ContractOutlook, ADayIsLikeTheLastFourOfItsWeekday) {
  Days days;
  for (core::Slot week = 1; week <= 5; ++week) days.figures[101 - 7 * week] = {80 + 10 * week, 100 + 20 * week};
  days.closed[100] = true;
  EXPECT_EQ(days.rest(101), (Fraction{105, 150})) << "the mean of weeks 1 to 4";
}

TEST(ContractOutlook, TodayBringsWhatItLacks) {
  Days days;
  for (core::Slot day = 93; day < 100; ++day) days.figures[day] = {80, 100};
  days.figures[100] = {30, 40};
  EXPECT_EQ(days.rest(100), (Fraction{48, 60}));
  days.figures[100] = {100, 130};
  EXPECT_EQ(days.rest(100), (Fraction{0, 0})) << "it has more than such a day";
  EXPECT_EQ(days.rest(102), (Fraction{160, 200}));
}

TEST(ContractOutlook, ClosedDaysBringNothingAndWithoutAPastThereIsNone) {
  Days days;
  for (core::Slot day = 93; day < 100; ++day) days.figures[day] = {80, 100};
  days.closed[101] = days.closed[102] = true;
  EXPECT_EQ(days.rest(), (Fraction{160, 200})) << "today and day 103";
  Days fresh;
  fresh.figures[100] = {3, 4};
  EXPECT_EQ(fresh.rest(), std::nullopt);
}

}  // namespace
}  // namespace processors

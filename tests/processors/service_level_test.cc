#include "processors/service_level.h"

#include <gtest/gtest.h>

#include "core/figure_table.h"

namespace processors {
namespace {

TEST(ServiceLevel, TheTestDayGivesThePublishedValues) {
  // T = 20 s, S = 5 s, 100 visits, in the order of ServiceClass.
  constexpr std::array kDay = {70, 12, 4, 4, 5, 2, 3};
  constexpr std::array kPercent = {"85.37", "70.00", "72.92", "73.68", "76.92", "80.46",
                                   "77.78", "71.43", "79.59", "80.00", "82.11"};
  for (std::size_t f = 0; f < core::kFormulaWords.size(); ++f) {
    const FormulaParts parts = formula_parts(static_cast<core::Formula>(f));
    std::int64_t numerator = 0, denominator = 0;
    for (std::size_t c = 0; c < kDay.size(); ++c) {
      if (in_part(parts.numerator, static_cast<ServiceClass>(c))) numerator += kDay[c];
      if (in_part(parts.denominator, static_cast<ServiceClass>(c))) denominator += kDay[c];
    }
    EXPECT_EQ(core::to_string(core::ratio(100 * numerator, denominator, 2)), kPercent[f]) << core::kFormulaWords[f];
  }
}

TEST(ServiceLevel, ThresholdsAreClosed) {
  const core::SlaVersion sla;  // T = 20 s, S = 5 s
  using core::LeaveReason;
  using core::Millis;
  EXPECT_EQ(answered_class(Millis{20'000}, sla), ServiceClass::kAnsweredWithin);
  EXPECT_EQ(answered_class(Millis{20'001}, sla), ServiceClass::kAnsweredLate);
  EXPECT_EQ(left_class(Millis{5'000}, LeaveReason::kCaller, sla), ServiceClass::kAbandonedShort);
  EXPECT_EQ(left_class(Millis{5'001}, LeaveReason::kCaller, sla), ServiceClass::kAbandonedWithin);
  EXPECT_EQ(left_class(Millis{20'000}, LeaveReason::kCallerRinging, sla), ServiceClass::kAbandonedWithin);
  EXPECT_EQ(left_class(Millis{20'001}, LeaveReason::kCaller, sla), ServiceClass::kAbandonedLate);
  EXPECT_EQ(left_class(Millis{20'000}, LeaveReason::kTimeout, sla), ServiceClass::kFlowedOutWithin);
  EXPECT_EQ(left_class(Millis{20'001}, LeaveReason::kTimeout, sla), ServiceClass::kFlowedOutLate);
}

TEST(ServiceLevel, AProfilesReasonsMoveVisitsBetweenAbandonedAndFlowedOut) {
  core::SlaVersion sla;
  sla.abandoned.fill(false);
  sla.abandoned[core::index(core::LeaveReason::kTimeout)] = true;
  EXPECT_EQ(left_class(core::Millis{1'000}, core::LeaveReason::kCaller, sla), ServiceClass::kFlowedOutWithin);
  EXPECT_EQ(left_class(core::Millis{1'000}, core::LeaveReason::kTimeout, sla), ServiceClass::kAbandonedShort);
}

}  // namespace
}  // namespace processors

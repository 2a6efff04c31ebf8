#include "core/erlang.h"

#include <gtest/gtest.h>

#include <cmath>

namespace core {
namespace {

constexpr Millis kTwentySeconds{20'000};

/// By the textbook's sums, which overflow early.
double by_sums(double traffic, int agents) {
  double term = 1, sum = 0;
  for (int k = 0; k < agents; ++k) sum += term, term *= traffic / (k + 1);
  const double last = term * agents / (agents - traffic);
  return last / (sum + last);
}

TEST(ErlangC, AgreesWithTheTextbooksSums) {
  for (const double traffic : {0.01, 0.5, 1.0, 3.7, 10.0, 55.5}) {
    for (int agents = static_cast<int>(traffic) + 1; agents < traffic + 40; ++agents) {
      EXPECT_NEAR(erlang_c(traffic, agents), by_sums(traffic, agents), 1e-12) << traffic << " Erlangs, " << agents;
    }
  }
}

TEST(ErlangC, AgreesWithPublishedTables) {
  // One server: the share that waits is the traffic (M/M/1). Two servers: 2a² / (2 + a) / 2.
  for (const double a : {0.1, 0.5, 0.9}) {
    EXPECT_NEAR(erlang_c(a, 1), a, 1e-15);
    EXPECT_NEAR(erlang_c(a, 2), a * a / (2 + a), 1e-15);
  }
  // The example of the trade: 100 calls in half an hour of 180 s each are 10 Erlangs; of 14 agents 17.4 % wait, and
  // 88.8 % are answered within 20 s.
  const Workload load{100 / 1800.0, 180};
  EXPECT_NEAR(load.traffic(), 10, 1e-12);
  EXPECT_NEAR(erlang_c(10, 14), 0.1741, 0.00005);
  EXPECT_NEAR(expected_service_level(load, 14, kTwentySeconds), 0.8884, 0.00005);
  EXPECT_LT(expected_service_level(load, 13, kTwentySeconds), 0.80);
  EXPECT_EQ(agents_needed(load, 0.80, kTwentySeconds), 14);
}

TEST(ErlangC, AgentsNeededAreTheFewestThatReachTheTarget) {
  for (const double per_hour : {1.0, 30.0, 400.0, 5'000.0}) {
    const Workload load{per_hour / 3600, 240};
    for (const double target : {0.5, 0.8, 0.95, 0.999}) {
      const auto agents = agents_needed(load, target, kTwentySeconds);
      ASSERT_TRUE(agents);
      EXPECT_GE(expected_service_level(load, *agents, kTwentySeconds), target);
      EXPECT_LT(expected_service_level(load, *agents - 1, kTwentySeconds), target);
    }
  }
}

TEST(ErlangC, StaysAShareForVeryManyAgents) {
  const Workload load{50'000 / 300.0, 300};  // 50,000 Erlangs
  const auto agents = agents_needed(load, 0.8, kTwentySeconds);
  ASSERT_TRUE(agents);
  EXPECT_GT(*agents, 50'000);
  EXPECT_LT(*agents, 50'600) << "square-root staffing: some 225 agents a standard deviation";
  for (const std::int32_t n : {50'001, 50'100, *agents, 60'000, 100'000}) {
    const double waits = erlang_c(load.traffic(), n);
    EXPECT_TRUE(std::isfinite(waits) && waits >= 0 && waits <= 1) << n;
  }
  EXPECT_EQ(agents_needed(load, 0.8, kTwentySeconds, 50'000), std::nullopt);
}

TEST(ErlangC, NothingToDoAndTooMuchToDo) {
  EXPECT_EQ(agents_needed({}, 0.8, kTwentySeconds), 0);
  EXPECT_EQ(expected_service_level({}, 0, kTwentySeconds), 1);
  EXPECT_EQ(expected_service_level({1, 10}, 10, kTwentySeconds), 0) << "as many agents as Erlangs never catch up";
  EXPECT_EQ(erlang_c(10, 10), 1);
}

}  // namespace
}  // namespace core

#include "app/this_process.h"

#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/process.h"

namespace app {
namespace {

TEST(ThisProcess, StartIsTheTwentySecondFieldWhateverTheProgramIsCalled) {
  const std::string rest = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21";
  const auto plain = parse_process_stat("4711 (floorwatch) S" + rest);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->state, 'S');
  EXPECT_EQ(plain->started, 987654);
  const auto odd = parse_process_stat("4711 (a) Z) 1 ) R" + rest);
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->state, 'R');
  EXPECT_EQ(odd->started, 987654);
}

TEST(ThisProcess, WhatIsNoStatIsNone) {
  for (const char* text : {"", "4711", "4711 (floorwatch)", "4711 (floorwatch) S 1 2 3"}) {
    EXPECT_FALSE(parse_process_stat(text)) << text;
  }
}

TEST(ThisProcess, LivesUntilItHasEnded) {
  const core::ProcessId self = claim_of_this_process(false).process;
  EXPECT_FALSE(has_ended(self, self));
  core::ProcessId child = self;
  test_support::Process process({"tail", "-f", "/dev/null"});
  child.number = process.id();
  child.started = self.started - 1;  // This process and its child may have begun within the same tick.
  EXPECT_TRUE(has_ended(child, self)) << "its number is in use, but it began at another time";
  process.end(SIGKILL);
  EXPECT_TRUE(has_ended(child, self)) << "its number is free";
}

TEST(ThisProcess, OfAnotherBootOrNamespaceNothingIsCertain) {
  const core::ProcessId self = claim_of_this_process(false).process;
  core::ProcessId other = self;
  other.space = "another boot";
  other.started = 1;
  EXPECT_FALSE(has_ended(other, self));
}

TEST(ThisProcess, UptimeAndWallClockGoOn) {
  const core::Claim claim = claim_of_this_process(false);
  const core::Moment first = claim.clock(), second = claim.clock();
  EXPECT_GE(second.uptime, first.uptime);
  EXPECT_GT(first.uptime.count(), 0);
  EXPECT_GT(core::to_ms(first.wall), 1'700'000'000'000);
}

}  // namespace
}  // namespace app

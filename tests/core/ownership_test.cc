#include "core/ownership.h"

#include <gtest/gtest.h>

#include "tests/support/claims.h"

namespace core {
namespace {

class OwnershipTest : public testing::Test {
 protected:
  /// What a store says after process 1 wrote a heartbeat just now.
  Ownership held() {
    Ownership held;
    held.owner = claims.of(1).process;
    held.epoch = 3;
    held.since = held.heartbeat.wall = claims.now().wall;
    held.heartbeat = claims.now();
    held.given_up = false;
    return held;
  }
  bool granted(const Ownership& held, const Claim& claim) { return !refusal(held, claim, claims.now()); }

  test_support::Claims claims;
};

TEST_F(OwnershipTest, AStoreThatNobodyOwnedOrThatWasGivenUpIsFree) {
  EXPECT_TRUE(granted({}, claims.of(2)));
  Ownership ended = held();
  ended.given_up = true;
  EXPECT_TRUE(granted(ended, claims.of(2)));
}

TEST_F(OwnershipTest, AYoungHeartbeatRefusesNamingHostProcessAndWhatToDo) {
  const Ownership owner = held();
  claims.pass(Millis{1'200});
  const auto why = refusal(owner, claims.of(2), claims.now());
  ASSERT_TRUE(why);
  for (const char* word : {"process 1", "host pbx1", "1200ms", "10s", "--take-over"}) {
    EXPECT_NE(why->find(word), std::string::npos) << word << " is not in: " << *why;
  }
}

TEST_F(OwnershipTest, AHeartbeatOfTenSecondsIsThatOfAnOwnerThatHasEnded) {
  const Ownership owner = held();
  claims.pass(Millis{9'999});
  EXPECT_FALSE(granted(owner, claims.of(2)));
  claims.pass(Millis{1});
  EXPECT_TRUE(granted(owner, claims.of(2)));
}

TEST_F(OwnershipTest, AnOwnerThatIsKnownToHaveEndedIsNotWaitedFor) {
  const Ownership owner = held();
  claims.end(1);
  EXPECT_TRUE(granted(owner, claims.of(2)));
}

TEST_F(OwnershipTest, WhoIsToldToTakeOverDoes) { EXPECT_TRUE(granted(held(), claims.of(2, true))); }

TEST_F(OwnershipTest, AProcessDoesNotRefuseItself) { EXPECT_TRUE(granted(held(), claims.of(1))); }

TEST_F(OwnershipTest, AWallClockThatIsSetMakesNoHeartbeatOfThisBootOlderOrYounger) {
  const Ownership owner = held();
  claims.set_wall_clock(Millis{3'600'000});
  EXPECT_FALSE(granted(owner, claims.of(2)));
  claims.set_wall_clock(Millis{-7'200'000});
  EXPECT_FALSE(granted(owner, claims.of(2)));
  claims.pass(kHeartbeatLost);
  EXPECT_TRUE(granted(owner, claims.of(2))) << "and it is not kept for an hour";
}

TEST_F(OwnershipTest, AnotherMachinesHeartbeatIsComparedByWallClocks) {
  Ownership owner = held();
  owner.owner.space = "another boot";
  owner.heartbeat.uptime = Millis{0};
  claims.pass(Millis{9'000});
  EXPECT_FALSE(granted(owner, claims.of(2)));
  claims.pass(Millis{1'000});
  EXPECT_TRUE(granted(owner, claims.of(2)));
  owner.heartbeat.wall = claims.now().wall + Millis{3'600'000};
  EXPECT_TRUE(granted(owner, claims.of(2))) << "a heartbeat from the future does not hold the store until then";
}

TEST_F(OwnershipTest, TheFormerOwnerIsToldByWhomAndWhen) {
  const std::string text = lost_to(held(), claims.of(7).process);
  for (const char* word : {"process 1 on host pbx1", "2026-03-02T09:00:00Z", "7", "nothing is lost"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
  }
}

}  // namespace
}  // namespace core

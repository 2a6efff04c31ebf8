#include "app/recovery.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using core::Window;

core::SlaVersion of_target(core::Level target) {
  core::SlaVersion version;
  version.terms.target = target;
  return version;
}

/// 180 calls in the last half-hour, each of four minutes: 24 Erlangs.
processors::LiveQueue busy() {
  processors::LiveQueue live;
  auto& sums = live.windows[core::index(Window::k30m)];
  sums.offered = 180, sums.completed = 100, sums.handle_ms = 100 * 240'000;
  return live;
}

/// 24 Erlangs of four minutes: 28 agents give 76.1 % within 20 s, 29 give 84.0 %.
TEST(Recovery, SaysHowManyAgentsTheTargetNeeds) {
  const auto recovery = recovery_of(busy(), of_target(800'000), 26);
  ASSERT_TRUE(recovery.has_value());
  EXPECT_EQ(recovery->needed, 29);
  const auto enough = recovery_of(busy(), of_target(800'000), 29);
  EXPECT_NEAR(enough->expected.value(), 0.840, 0.001);
  EXPECT_LT(recovery->expected.value(), 0.8);
  EXPECT_LT(recovery_of(busy(), of_target(800'000), 28)->expected.value(), 0.8) << "one fewer is too few";
  EXPECT_EQ(recovery_of(busy(), of_target(800'000), 24)->expected, 0) << "they cannot keep up";
  EXPECT_EQ(recovery_of(busy(), of_target(800'000), std::nullopt)->expected, std::nullopt);
}

TEST(Recovery, TakesTheHandleTimeOfALongerWindowWhereTheHalfHourHasNone) {
  processors::LiveQueue live = busy();
  auto& half_hour = live.windows[core::index(Window::k30m)];
  half_hour.completed = half_hour.handle_ms = 0;
  EXPECT_FALSE(recovery_of(live, of_target(800'000), 26).has_value());
  live.windows[core::index(Window::kDay)].completed = 7;
  live.windows[core::index(Window::kDay)].handle_ms = 7 * 240'000;
  EXPECT_EQ(recovery_of(live, of_target(800'000), 26)->needed, 29);
}

TEST(Recovery, WithoutATargetOrCallsThereIsNothingToSay) {
  EXPECT_FALSE(recovery_of(busy(), core::SlaVersion{}, 26).has_value());
  processors::LiveQueue quiet = busy();
  quiet.windows[core::index(Window::k30m)].offered = 0;
  EXPECT_FALSE(recovery_of(quiet, of_target(800'000), 26).has_value());
  EXPECT_GT(recovery_of(busy(), of_target(1'000'000), 26)->needed.value(), 30) << "all within T: as good as all";
}

TEST(Recovery, TheProfileIsTheOneThatJudgesInboundVisitsNow) {
  core::FigureConfig config;
  auto& profiles = config.clients["acme"].sla;
  const auto add = [&](const char* name) -> core::SlaProfile& {
    core::SlaProfile& profile = profiles.emplace_back();
    profile.name = name;
    profile.versions.emplace_back();
    return profile;
  };
  add("wait").metric = core::Metric::kMeanWait;
  add("callbacks").entries = {false, false, true, false};
  add("later").versions[0].valid_from = core::event_time(100);
  add("rest");
  const auto named = [&](std::int64_t now) {
    return judging_profile(config, "acme", "q", "voice", core::event_time(now)).profile->name;
  };
  EXPECT_EQ(named(99), "rest");
  EXPECT_EQ(named(100), "later");
  EXPECT_EQ(judging_profile(config, "beta", "q", "voice", core::event_time(0)).profile, nullptr);
}

}  // namespace
}  // namespace app

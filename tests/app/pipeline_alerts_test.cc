// Alerts of a whole pipeline whose wall clock and sources are moved by hand: what is not told while the floor is only
// half read.
#include <gtest/gtest.h>

#include "app/alerting.h"
#include "config/load.h"
#include "tests/support/clocked_floor.h"
#include "tests/support/event_line.h"
#include "tests/support/served_floor.h"
#include "tests/support/told.h"

namespace {

using std::chrono::minutes, std::chrono::seconds;
using test_support::ClockedFloor;
using test_support::comes_true;

constexpr std::int64_t kTenMs = 1'772'445'600'000;  // 2026-03-02T10:00:00Z

std::string event(const std::string& type, const std::string& visit, core::Millis at, const std::string& data) {
  return test_support::event_line(type, visit, core::format_rfc3339(core::event_time(kTenMs) + at), data);
}
std::string queued(const std::string& visit, core::Millis at) {
  return event("contact.queued", visit, at, R"("queue":"sales")");
}
std::string answered(const std::string& visit, core::Millis at) {
  return event("contact.answered", visit, at, R"("agent":"ann")");
}

class PipelineAlerts : public testing::Test {
 protected:
  PipelineAlerts() {
    app::PipelineOptions options;
    options.commit_interval = core::Millis{10};
    floor = std::make_unique<ClockedFloor>(std::vector<ClockedFloor::Source>{{"acd", 2}}, core::wall_time(kTenMs),
                                           options, config.figures, &alerting);
  }
  /// Whether so much is said by and by, and then no more: another alert would have come with one of the next looks.
  bool says(const std::string& words) {
    if (!comes_true([&] { return told.said() == words; }, seconds(10))) return false;
    for (int second = 0; second < 3; ++second) floor->pass(seconds(1)), floor->see_end("acd", 0);
    return told.said() == words;
  }

  const config::Config config = *config::load(
      "clients:\n  acme:\n    queues: [sales]\n    sla:\n      - {name: voice, versions: [{target: 80%}], alerts: [{name: "
      "oldest, metric: oldest_wait, enter_above: 60s}]}\n",
      "c.yaml");
  test_support::Told told;
  app::Alerting alerting{config.alerts, told};
  std::unique_ptr<ClockedFloor> floor;
};

TEST_F(PipelineAlerts, NothingIsJudgedBeforeEveryPartitionHasBeenRead) {
  floor->give("acd", 0, {queued("v1", -minutes(5)), queued("v2", -seconds(1))}, true);
  floor->pass(seconds(1));
  EXPECT_TRUE(says("")) << "the answer may lie in the other one";
  floor->give("acd", 1, {answered("v1", -minutes(4))}, true);
  EXPECT_TRUE(says(""));
  floor->pass(minutes(1));
  EXPECT_TRUE(says("oldest of sales firing")) << "v2";
}

TEST_F(PipelineAlerts, NorAgainAfterDataWasLate) {
  floor->give("acd", 0, {queued("v0", -seconds(9)), answered("v0", -seconds(1))}, true);
  floor->give("acd", 1, {answered("v9", -seconds(1))}, true);
  floor->hold_back("acd", 0, 100), floor->hold_back("acd", 1, 100);
  floor->pass(minutes(30));
  floor->pass(seconds(11));
  ASSERT_TRUE(comes_true([&] { return told.said() == "data-late firing"; }, seconds(10))) << told.said();
  // One partition comes back first, with somebody who was answered long ago by what the other one holds.
  floor->give("acd", 0, {queued("v1", minutes(2)), queued("v2", minutes(30) + seconds(10))}, true);
  EXPECT_TRUE(says("data-late firing, data-late resolved"));
  floor->give("acd", 1, {answered("v1", minutes(3)), answered("v2", minutes(30) + seconds(12))}, true);
  EXPECT_TRUE(says("data-late firing, data-late resolved"));
}

}  // namespace

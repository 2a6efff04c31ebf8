// Alerts over a floor, second by second: what is seen, when it is told, and what a commit keeps of it.
#include "app/alerting.h"

#include <gtest/gtest.h>

#include "config/load.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"
#include "tests/support/told.h"

namespace app {
namespace {

using std::chrono::minutes, std::chrono::seconds;
using test_support::event_line;
using test_support::Told;

constexpr std::int64_t kTenMs = 1'772'445'600'000;  // 2026-03-02T10:00:00Z
constexpr core::EventTime ten(core::Millis after = {}) { return core::event_time(kTenMs) + after; }
constexpr core::WallTime wall(core::Millis after = {}) { return core::wall_time(kTenMs) + after; }

config::Config configured(const std::string& alerts) {
  return config::load(
             "clients:\n  acme:\n    queues: [sales]\n    sla:\n      - {name: voice, versions: [{target: 80%, "
             "min_volume: 2}], alerts: [" +
                 alerts + "]}\n",
             "c.yaml")
      .value();
}

/// One floor whose wall clock is that of its events, unless a test says otherwise.
class AlertingTest : public testing::Test {
 protected:
  void watch(const std::string& alerts) {
    config = configured(alerts);
    engine = std::make_unique<test_support::Engine>(config.figures);
    alerting = std::make_unique<Alerting>(config.alerts, told);
    alerting->restore({}, std::nullopt);
    alerting->start();
  }
  void event(const std::string& type, const std::string& id, core::Millis at, const std::string& data = {}) {
    engine->feed({event_line(type, id, core::format_rfc3339(ten(at)), "\"visit\":\"" + id + "\"" + data)});
  }
  void queued(const std::string& id, core::Millis at) { event("contact.queued", id, at, ",\"queue\":\"sales\""); }
  void answered(const std::string& id, core::Millis at) { event("contact.answered", id, at, ",\"agent\":\"anna\""); }
  void left(const std::string& id, core::Millis at) { event("contact.left_queue", id, at, ",\"reason\":\"caller\""); }

  /// Event time goes on to `to`, and is looked at there.
  void look(core::Millis to, bool caught_up = true) { look_at(to, wall(to), caught_up); }
  void look_at(core::Millis to, core::WallTime now, bool caught_up = true) {
    processors::ReadPoint point;
    point.as_of = ten(to);
    engine->floor().advance(point.as_of);
    for (std::size_t turn = 0; turn < 10; ++turn) alerting->look(engine->floor(), point, now, caught_up);
  }
  /// Second by second.
  void pass(core::Millis from, core::Millis to) {
    for (; from <= to; from += seconds(1)) look(from);
  }
  core::AlertChanges commit() {
    core::Commit commit;
    alerting->gather(commit);
    alerting->kept(commit);
    return commit.alerts;
  }

  Told told;
  config::Config config;
  std::unique_ptr<test_support::Engine> engine;
  std::unique_ptr<Alerting> alerting;
};

TEST_F(AlertingTest, AnOldestWaitIsToldOfOnceItHasLastedAndOnceItIsOver) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 120s, leave_below: 60s, for: 30s, severity: page}");
  queued("v1", seconds(0));
  pass(seconds(1), seconds(149));
  EXPECT_EQ(commit().alerts.size(), 0U);
  EXPECT_FALSE(alerting->urgent());
  pass(seconds(150), seconds(151));
  EXPECT_TRUE(alerting->urgent());
  EXPECT_EQ(told.said(), "") << "not before it is kept";
  commit();
  EXPECT_EQ(told.said(), "oldest of sales firing");
  const core::Alert alert = told.deliveries().at(0).alert;
  EXPECT_EQ(alert.began, ten(seconds(121))) << "above 120 s, on a grid of seconds";
  EXPECT_EQ(alert.started, ten(seconds(151)));
  EXPECT_EQ(alert.summary, "sales of acme: oldest wait is 2m 31s, above 2m 0s");
  EXPECT_NE(alert.action.find("1 wait, the oldest for 2m 31s"), std::string::npos) << alert.action;
  EXPECT_EQ(alert.severity, "page");
  answered("v1", seconds(170));
  pass(seconds(170), seconds(300));
  commit();
  EXPECT_EQ(told.said(), "oldest of sales firing, oldest of sales resolved");
  EXPECT_EQ(told.deliveries().at(1).alert.resolved, ten(seconds(170)));
  EXPECT_EQ(told.deliveries().at(1).message.id, told.deliveries().at(0).message.id);
}

TEST_F(AlertingTest, ALookThatComesLateDoesNotMoveTheStart) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 120s, leave_below: 60s, for: 30s, severity: page}");
  queued("v1", seconds(0));
  pass(seconds(1), seconds(149));
  look(seconds(156));
  commit();
  const core::Alert alert = told.deliveries().at(0).alert;
  EXPECT_EQ(alert.began, ten(seconds(121)));
  EXPECT_EQ(alert.started, ten(seconds(151))) << "it had lasted for 30 s then";
  EXPECT_EQ(alert.id, core::alert_id(alert.key, alert.started));
}

TEST_F(AlertingTest, AServiceLevelSaysItsVolumeItsTargetAndWhatIsLeft) {
  watch("{name: sl, window: 5m, enter_below: 75%, leave_above: 80%}");
  for (const char* id : {"v1", "v2", "v3", "v4"}) queued(id, seconds(0));
  answered("v1", seconds(10)), answered("v2", seconds(10)), answered("v3", seconds(30));
  look(seconds(30));
  commit();
  EXPECT_EQ(told.said(), "sl of sales firing");
  const core::Alert alert = told.deliveries().at(0).alert;
  EXPECT_EQ(alert.summary, "sales of acme: service level in 5m is 50.00 % of 4, below 75.00 %") << "v4 is late, too";
  const auto fact = [&](const std::string& name) {
    for (const auto& f : alert.facts) {
      if (f.name == name) return f.value;
    }
    return std::string();
  };
  EXPECT_EQ(fact("value"), "0.500000");
  EXPECT_EQ(fact("volume"), "4");
  EXPECT_EQ(fact("target"), "0.800000");
  EXPECT_EQ(fact("waiting"), "1");
  EXPECT_EQ(fact("oldest_wait_s"), "30.000");
  EXPECT_EQ(fact("misses_left"), "-2");
}

TEST_F(AlertingTest, TooFewVisitsSayNothing) {
  watch("{name: sl, window: 5m, enter_below: 75%}");
  queued("v1", seconds(0));
  pass(seconds(1), seconds(60));
  commit();
  EXPECT_EQ(told.said(), "") << "the contract asks for two";
}

TEST_F(AlertingTest, DataThatIsLateIsToldOnceAndNothingElse) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 120s}");
  queued("v1", seconds(0));
  look(seconds(100));
  // Event time stands: what waits seems to wait for ever less than it does.
  for (int s = 100; s < 1000; s += 1) look_at(seconds(100), wall(seconds(s)));
  commit();
  EXPECT_EQ(told.said(), "data-late firing");
  EXPECT_EQ(told.deliveries().at(0).alert.summary,
            "data is late: the latest events are of 2026-03-02T10:01:40Z, 2m 11s ago");
  // It comes again, old things first: nobody is told of what has long been over.
  for (int s = 200; s < 860; s += 20) look_at(seconds(s), wall(seconds(1000)));
  commit();
  EXPECT_EQ(told.said(), "data-late firing");
  answered("v1", seconds(940));
  look_at(seconds(950), wall(seconds(1000)));
  commit();
  EXPECT_EQ(told.said(), "data-late firing, data-late resolved");
}

TEST_F(AlertingTest, AHiccupOfAStartIsNotToldOf) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 120s}");
  queued("v1", seconds(0));
  for (int s = 600; s < 609; ++s) look_at(seconds(1), wall(seconds(s)));
  look_at(seconds(609), wall(seconds(609)));
  commit();
  EXPECT_EQ(told.said(), "oldest of sales firing");
}

TEST_F(AlertingTest, WhatWasPendingWhileDataWasLateBeginsAnew) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 60s, for: 2m}");
  queued("v1", seconds(0));
  pass(seconds(61), seconds(100));
  look_at(seconds(101), wall(seconds(300)));
  pass(seconds(300), seconds(419));
  EXPECT_FALSE(alerting->urgent());
  look(seconds(420));
  EXPECT_TRUE(alerting->urgent());
}

TEST_F(AlertingTest, BeforeEverythingHasBeenReadNothingIsJudged) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 60s}");
  queued("v1", seconds(0));
  look(seconds(100), false);
  EXPECT_FALSE(alerting->urgent());
  look(seconds(100), true);
  EXPECT_TRUE(alerting->urgent());
}

TEST_F(AlertingTest, ARestartGoesOnWithStatesIdsAndWhatIsNotSent) {
  watch(
      "{name: oldest, metric: oldest_wait, enter_above: 60s, for: 1m}, {name: many, metric: waiting, enter_above: 0}");
  queued("v1", seconds(0));
  pass(seconds(1), seconds(90));
  const core::AlertChanges kept = commit();
  ASSERT_EQ(told.said(), "many of sales firing");
  const std::string id = told.deliveries().at(0).message.id;

  Told later;
  Alerting again(config.alerts, later);
  again.restore({kept.alerts, *kept.pending, {}, kept.to_send}, ten(seconds(90)));
  again.start();
  EXPECT_EQ(later.said(), "many of sales firing") << "nobody knows whether it was taken";
  EXPECT_EQ(later.deliveries().at(0).message.id, id);
  EXPECT_TRUE(later.firing().empty()) << "what is not told yet is not told again either";
  processors::ReadPoint point;
  for (int s = 91; s <= 121; ++s) {
    point.as_of = ten(seconds(s));
    for (int turn = 0; turn < 10; ++turn) again.look(engine->floor(), point, wall(seconds(s)), true);
    EXPECT_EQ(again.urgent(), s == 121) << "pending since the 61st second: " << s;
  }
}

TEST_F(AlertingTest, AReceiverThatForgetsIsToldOfWhatItWasToldBefore) {
  watch("{name: many, metric: waiting, enter_above: 0}");
  queued("v1", seconds(0));
  look(seconds(1));
  const core::AlertChanges kept = commit();
  Told later;
  Alerting again(config.alerts, later);
  again.restore({kept.alerts, {}, {}, {}}, ten(seconds(1)));
  again.start();
  ASSERT_EQ(later.firing().size(), 1U);
  EXPECT_EQ(later.firing()[0].id, told.deliveries().at(0).message.id);
}

TEST_F(AlertingTest, WhatWasPendingOverANightWithoutALookBeginsAnew) {
  watch("{name: oldest, metric: oldest_wait, enter_above: 60s, for: 10m}");
  queued("v1", seconds(0));
  pass(seconds(61), seconds(70));
  const core::AlertChanges kept = commit();
  Told later;
  Alerting again(config.alerts, later);
  again.restore({{}, *kept.pending, {}, {}}, ten(seconds(70)));
  processors::ReadPoint point;
  point.as_of = ten(std::chrono::hours(3));
  again.look(engine->floor(), point, wall(std::chrono::hours(3)), true);
  EXPECT_FALSE(again.urgent()) << "nobody knows whether it was so for ten minutes";
}

TEST_F(AlertingTest, OnlyWhatThereIsCanBeMuted) {
  watch("{name: many, metric: waiting, enter_above: 0}");
  EXPECT_TRUE(alerting->knows({}));
  EXPECT_TRUE(alerting->knows({"acme", "", "many", "no matter"}));
  EXPECT_FALSE(alerting->knows({"acmee", "", "", ""}));
}

TEST_F(AlertingTest, WhatWasTakenIsInTheNextCommit) {
  watch("{name: many, metric: waiting, enter_above: 0}");
  queued("v1", seconds(0));
  look(seconds(1));
  const auto first = commit();
  EXPECT_EQ(first.to_send.size(), 1U);
  EXPECT_TRUE(alerting->changed());
  EXPECT_EQ(commit().sent, first.to_send);
  EXPECT_FALSE(alerting->changed());
  EXPECT_EQ(alerting->counts().sent.at("told"), 1U);
  EXPECT_EQ(alerting->counts().waiting.at("told"), 0U);
}

TEST_F(AlertingTest, ARuleThatIsGoneEndsItsAlert) {
  watch("{name: many, metric: waiting, enter_above: 0}");
  queued("v1", seconds(0));
  look(seconds(1));
  alerting->set_rules({});
  look(seconds(2));
  commit();
  EXPECT_EQ(told.said(), "many of sales firing, many of sales resolved");
  EXPECT_EQ(told.deliveries().at(1).alert.outcome, "its rule is gone");
}

TEST_F(AlertingTest, ALeadAboutToMissItsFiveMinutes) {
  watch("{name: lead, metric: lead_due, enter_above: 4m}, {name: missed, metric: leads_overdue, enter_above: 0}");
  engine->feed({event_line("lead.created", "l1", core::format_rfc3339(ten()), "\"client\":\"acme\"")});
  pass(seconds(1), seconds(240));
  EXPECT_FALSE(alerting->urgent());
  pass(seconds(241), seconds(301));
  commit();
  EXPECT_EQ(told.said(), "lead firing, lead resolved, missed firing") << "five minutes are within, and more are not";
  engine->feed({event_line("contact.dialled", "call", core::format_rfc3339(ten(seconds(310))),
                           "\"agent\":\"anna\",\"lead\":\"l1\"")});
  look(seconds(311));
  commit();
  EXPECT_EQ(told.said(), "lead firing, lead resolved, missed firing, missed resolved");
}

TEST_F(AlertingTest, AContractsMissesAndAgentsAreWatchedToo) {
  watch(
      "{name: budget, metric: misses_left, enter_below: 0}, {name: nobody, metric: agents_available, enter_below: 1}, "
      "{name: period, metric: period, enter_below: 60%}");
  const auto state = [&](const std::string& word, core::Millis at) {
    engine->feed({event_line("agent.state", "anna", core::format_rfc3339(ten(at)),
                             "\"state\":\"" + word + "\",\"client\":\"acme\",\"queues\":[\"sales\"]")});
  };
  state("available", seconds(0));
  queued("v1", seconds(0)), answered("v1", seconds(1)), queued("v2", seconds(1)), queued("v3", seconds(1));
  left("v2", seconds(50));
  look(seconds(51));
  commit();
  EXPECT_EQ(told.said(), "budget firing, period firing") << "one of three, and the target is 80 %";
  state("away", seconds(60));
  look(seconds(61));
  commit();
  EXPECT_EQ(told.said(), "budget firing, period firing, nobody of sales firing");
}

}  // namespace
}  // namespace app

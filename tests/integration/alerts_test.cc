// Alerts of a running service: who is told what, once, in order, over receivers that are away, kills and late data.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <set>

#include "tests/support/alert_receiver.h"
#include "tests/support/alertmanager.h"
#include "tests/support/event_line.h"
#include "tests/support/service.h"

namespace {

using std::chrono::seconds;
using test_support::AlertReceiver;
using test_support::comes_true;
using test_support::http_get;
using test_support::http_post;
using test_support::ServedFloor;

core::EventTime now() {
  return core::EventTime{std::chrono::floor<core::Millis>(std::chrono::system_clock::now().time_since_epoch())};
}

const char* const kClient =
    "clients:\n  acme:\n    queues: [sales]\n    sla:\n      - name: voice\n        versions: [{target: 80%}]\n"
    "        alerts:\n          - {name: many, metric: waiting, enter_above: 0, severity: page}\n";

/// A service over a log that the test writes as things happen.
class Alerts : public testing::Test {
 protected:
  void configure(const std::string& alerting, const std::string& commits = "50ms") {
    service.folder().write(
        "config.yaml", "sources:\n  - name: log\n    file: {path: \"" + service.log() +
                           "\", follow: true}\nstore: {url: \"" + service.store() + "\", commit_interval: " + commits +
                           "}\nhttp: {listen: \"127.0.0.1:0\"}\nalerting: {" + alerting + "}\n" + kClient);
    std::ofstream(service.log(), std::ios::app);
  }
  void write(const std::string& line) { std::ofstream(service.log(), std::ios::app) << line << "\n"; }
  /// Somebody waits from now on, or does not any more.
  void queue(const std::string& visit, core::EventTime at = now()) {
    write(test_support::event_line("contact.queued", visit, core::format_rfc3339(at), "\"queue\":\"sales\""));
  }
  void answer(const std::string& visit, core::EventTime at = now()) {
    write(test_support::event_line("contact.answered", visit, core::format_rfc3339(at), "\"agent\":\"ann\""));
  }
  std::vector<core::Alert> kept() const {
    const auto store = sinks::open_sqlite_store(service.folder() / "floor.db", sinks::OpenMode::kRead, {});
    return store ? (*store)->alerts({}).value() : std::vector<core::Alert>{};
  }
  std::vector<core::AlertMessage> not_sent() const {
    const auto store = sinks::open_sqlite_store(service.folder() / "floor.db", sinks::OpenMode::kRead, {});
    return (*store)->alert_state().value().to_send;
  }
  static std::string hook(const AlertReceiver& receiver) { return "webhook: [\"" + receiver.url("/hook") + "\"]"; }

  test_support::Service service{FLOORWATCH_BINARY};
};

using Words = std::vector<std::string>;

TEST_F(Alerts, AreToldListedShownAndEnd) {
  AlertReceiver receiver;
  configure(hook(receiver));
  ServedFloor floor = service.run();
  queue("v1");
  ASSERT_TRUE(comes_true([&] { return receiver.taken("\"status\":\"") == Words{"firing"}; })) << floor.said();
  const std::string series =
      "floorwatch_alerts_firing{client=\"acme\",queue=\"sales\",profile=\"voice\",alert=\"many\",severity=\"page\"}";
  EXPECT_EQ(test_support::metric(floor.port(), series), 1);
  const std::string id = receiver.taken("\"id\":\"").at(0);
  const auto taken = http_post(floor.port(), "/api/v1/alerts/acknowledge",
                               "{\"id\":\"" + id + "\",\"by\":\"ann\",\"reason\":\"on it\"}");
  EXPECT_EQ(taken.status, 200U) << taken.body;
  EXPECT_TRUE(comes_true([&] {
    return http_get(floor.port(), "/api/v1/alerts").body.find("\"acknowledged_because\":\"on it\"") !=
           std::string::npos;
  }));
  answer("v1");
  EXPECT_TRUE(comes_true([&] { return receiver.taken("\"status\":\"") == Words{"firing", "resolved"}; }))
      << floor.said();
  EXPECT_EQ(test_support::metric(floor.port(), series), -1);
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  EXPECT_TRUE(not_sent().empty());
  const std::string listed = service.command({"alerts", "--store", service.store()}).out;
  EXPECT_NE(listed.find("sales of acme: waiting is 1, above 0"), std::string::npos) << listed;
  EXPECT_EQ(
      service.command({"alerts", "--store", service.store(), "--state", "firing", "--format", "csv"}).out.find(id),
      std::string::npos);
  EXPECT_EQ(service.command({"alerts", "--store", service.store(), "--state", "on"}).status, 2);
}

TEST_F(Alerts, AMutedOneIsKeptAndNotTold) {
  AlertReceiver receiver;
  configure(hook(receiver));
  ServedFloor floor = service.run();
  queue("v0"), answer("v0");
  ASSERT_TRUE(comes_true([&] { return service.counts("log").received == 2 && not_sent().empty(); }));
  EXPECT_EQ(http_post(floor.port(), "/api/v1/alerts/mute",
                      "{\"client\":\"acme\",\"for\":\"1h\",\"by\":\"ann\",\"reason\":\"rehearsal\"}")
                .status,
            200U);
  const std::size_t before = receiver.posted().size();
  queue("v1");
  ASSERT_TRUE(comes_true([&] { return !kept().empty() && !kept().front().resolved; })) << floor.said();
  EXPECT_FALSE(kept().front().announced);
  const std::string mutes = http_get(floor.port(), "/api/v1/alerts/mutes").body;
  const auto at = mutes.find("\"id\":\"") + 6;
  // Over a restart, and its end.
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
  ServedFloor again = service.run();
  EXPECT_EQ(receiver.posted().size(), before);
  EXPECT_EQ(http_post(again.port(), "/api/v1/alerts/unmute", "{\"id\":\"" + mutes.substr(at, 16) + "\"}").status, 200U);
  EXPECT_TRUE(comes_true([&] { return receiver.posted().size() == before + 1; })) << "it still fires";
}

TEST_F(Alerts, AWebhookThatRefusesHearsOfEachStageOnceInOrder) {
  AlertReceiver refusing, taking;
  refusing.answer(500);
  configure("webhook: [\"" + refusing.url("/hook") + "\", \"" + taking.url("/hook") + "\"]");
  ServedFloor floor = service.run();
  queue("v1");
  EXPECT_TRUE(comes_true([&] { return taking.posted().size() == 1; })) << "the other one waits for nobody";
  answer("v1");
  EXPECT_TRUE(comes_true([&] { return taking.posted().size() == 2; }));
  EXPECT_TRUE(comes_true([&] { return refusing.posted().size() >= 3; })) << "it is tried again";
  EXPECT_TRUE(refusing.taken("\"status\":\"").empty());
  refusing.answer(200);
  EXPECT_TRUE(comes_true([&] { return refusing.taken("\"status\":\"") == Words{"firing", "resolved"}; }));
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
  EXPECT_TRUE(not_sent().empty());
  EXPECT_TRUE(floor.says("answered 500; trying again") && floor.says("takes them again")) << floor.said();
}

TEST_F(Alerts, KilledBetweenSendingAndCommitTheSameIdComesAgainAndNeverASecondOne) {
  AlertReceiver receiver;
  configure(hook(receiver), "10s");  // What was taken is kept with the next commit only.
  queue("v1");
  for (std::size_t kills = 1; kills <= 3; ++kills) {
    ServedFloor floor = service.run();
    ASSERT_TRUE(comes_true([&] { return receiver.posted().size() == kills; })) << floor.said();
    floor.process().end(SIGKILL);
  }
  answer("v1");
  ServedFloor floor = service.run();
  EXPECT_TRUE(comes_true([&] { return receiver.taken("\"status\":\"").back() == "resolved"; })) << floor.said();
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
  const Words ids = receiver.taken("\"id\":\"");
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 1U);
  EXPECT_EQ(kept().size(), 1U);
  // In order: nothing after the end.
  Words stages = receiver.taken("\"status\":\"");
  EXPECT_EQ(std::ranges::count(stages, "resolved"), 1);
  EXPECT_TRUE(not_sent().empty());
}

TEST_F(Alerts, KilledAnyTimeNothingIsLostAndNoIdIsNew) {
  AlertReceiver receiver;
  configure(hook(receiver));
  for (int round = 0; round < 8; ++round) {
    ServedFloor floor = service.run();
    const std::string visit = "v" + std::to_string(round);
    queue(visit);
    EXPECT_TRUE(comes_true([&] { return service.counts("log").received > 2U * static_cast<unsigned>(round); }));
    floor.process().end(SIGKILL);
    ServedFloor next = service.run();
    EXPECT_TRUE(comes_true([&] { return !kept().empty() && !kept().front().resolved; })) << next.said();
    answer(visit);
    EXPECT_TRUE(comes_true([&] { return kept().front().resolved.has_value(); })) << next.said();
    next.process().end(SIGKILL);
  }
  ServedFloor floor = service.run();
  EXPECT_TRUE(comes_true([&] { return not_sent().empty(); })) << floor.said();
  const Words ids = receiver.taken("\"id\":\""), stages = receiver.taken("\"status\":\"");
  std::map<std::string, Words> by_id;
  for (std::size_t i = 0; i < ids.size(); ++i) by_id[ids[i]].push_back(stages[i]);
  EXPECT_EQ(by_id.size(), 8U);
  EXPECT_EQ(kept().size(), 8U);
  for (auto& [id, of] : by_id) {
    of.erase(std::unique(of.begin(), of.end()), of.end());
    EXPECT_EQ(of, (Words{"firing", "resolved"})) << id;
  }
}

TEST_F(Alerts, AFeedThatLagsGivesOneDataLateAndNoFalseOnes) {
  AlertReceiver receiver;
  configure(hook(receiver));
  queue("old", now() - std::chrono::hours(1));
  ServedFloor floor = service.run();
  ASSERT_TRUE(comes_true([&] { return receiver.taken("\"alert\":\"") == Words{"data-late"}; })) << floor.said();
  answer("old", now() - std::chrono::minutes(50));
  queue("new", now() - seconds(1)), answer("new");
  EXPECT_TRUE(comes_true([&] { return receiver.taken("\"status\":\"") == Words{"firing", "resolved"}; }))
      << floor.said();
  EXPECT_EQ(receiver.taken("\"alert\":\""), (Words{"data-late", "data-late"}));
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(Alerts, AReloadTakesNewRules) {
  AlertReceiver receiver;
  configure(hook(receiver));
  ServedFloor floor = service.run();
  queue("v1");
  ASSERT_TRUE(comes_true([&] { return receiver.taken("\"status\":\"") == Words{"firing"}; })) << floor.said();
  std::string config = service.folder().read("config.yaml");
  config.replace(config.find("name: many"), 10, "name: some");
  service.folder().write("config.yaml", config);
  floor.process().signal(SIGHUP);
  ASSERT_TRUE(comes_true([&] { return receiver.taken("\"status\":\"").size() == 3; })) << floor.said();
  EXPECT_EQ(receiver.taken("\"outcome\":\"").at(1), "its rule is gone");
  EXPECT_EQ(receiver.taken("\"alert\":\"").at(2), "some");
}

TEST_F(Alerts, AlertmanagerShowsThemWithLabelsAndAnnotationsAndResolvesThem) {
  if (!test_support::Alertmanager::installed()) GTEST_SKIP() << "prometheus-alertmanager is not installed";
  AlertReceiver pager;
  test_support::Alertmanager alertmanager(pager.url("/hook"));
  configure("alertmanager: [\"" + alertmanager.url() + "\"]");
  ServedFloor floor = service.run();
  queue("v1");
  ASSERT_TRUE(comes_true([&] { return alertmanager.alerts().find("\"alertname\":\"many\"") != std::string::npos; }))
      << floor.said();
  const std::string shown = alertmanager.alerts();
  for (const char* part :
       {"\"client\":\"acme\"", "\"queue\":\"sales\"", "\"severity\":\"page\"",
        "\"summary\":\"sales of acme: waiting is 1, above 0\"", "\"action\":\"1 wait, ", "\"target\":"}) {
    EXPECT_NE(shown.find(part), std::string::npos) << part << " in " << shown;
  }
  EXPECT_TRUE(comes_true([&] { return pager.taken("\"status\":\"").size() == 1; }));
  // It forgets everything: at its next minute it is told again, and after a restart of the service at once.
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
  ServedFloor again = service.run();
  answer("v1");
  EXPECT_TRUE(comes_true([&] { return alertmanager.alerts() == "[]\n"; })) << alertmanager.alerts() << again.said();
  EXPECT_TRUE(comes_true([&] {
    const Words said = pager.taken("\"status\":\"");
    return said.size() == 2 && said.back() == "resolved";
  }));
}

TEST_F(Alerts, AnAlertmanagerThatWasAwayHearsOfBothStagesInOrder) {
  AlertReceiver alertmanager;
  const std::string url = alertmanager.url();
  alertmanager.stop();
  configure("alertmanager: [\"" + url + "\"]");
  ServedFloor floor = service.run();
  queue("v1");
  EXPECT_TRUE(comes_true([&] { return kept().size() == 1; }));
  answer("v1");
  EXPECT_TRUE(comes_true([&] { return kept().front().resolved.has_value(); }));
  EXPECT_TRUE(floor.comes_to_say("Connection refused")) << floor.said();
  alertmanager.start();
  ASSERT_TRUE(comes_true([&] { return alertmanager.posted().size() == 2; })) << floor.said();
  const auto ends = alertmanager.taken("\"endsAt\":\"");
  EXPECT_GT(core::parse_rfc3339(ends.at(0)).value(), now()) << "it fires";
  EXPECT_LT(core::parse_rfc3339(ends.at(1)).value(), now()) << "it is over";
}

TEST_F(Alerts, WhatCannotBeToldOfIsSaidAtTheStart) {
  configure("kafka: {brokers: \"localhost:1\", topic: alerts, properties: {no.such.property: x}}");
  const auto ran = service.command({"run", "--config", service.config()});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("alerting.kafka: No such configuration property"), std::string::npos) << ran.err;
}

}  // namespace

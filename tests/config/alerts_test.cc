// Alerts and their receivers in a configuration.
#include <gtest/gtest.h>

#include "config/load.h"
#include "config/print.h"
#include "tests/config/messages.h"

namespace config {
namespace {

using core::AlertFigure;

std::string with_alert(const std::string& alert, const std::string& profile = "versions: [{target: 80%}]") {
  return "clients:\n  acme:\n    sla:\n      - {name: voice, " + profile + ", alerts: [\n" + alert + "\n]}\n";
}

TEST(Alerts, AreReadAsTheyAreWritten) {
  const std::string text = with_alert(
      "{name: sl-30m, window: 30m, enter_below: 75%, leave_above: 80%, for: 2m, severity: warning},\n"
      "{name: oldest, metric: oldest_wait, enter_above: 120s, leave_below: 60s, severity: page},\n"
      "{name: nobody, metric: agents_available, enter_below: 1},\n"
      "{name: budget, metric: misses_left, enter_below: \"-10.5\", min_volume: 3}");
  const auto config = load(text, "c.yaml");
  ASSERT_TRUE(config.has_value()) << messages(text);
  ASSERT_EQ(config->alerts.size(), 4U);
  const core::AlertRule& level = config->alerts[0];
  EXPECT_EQ(level.client, "acme");
  EXPECT_EQ(level.profile, "voice");
  EXPECT_EQ(level.figure, AlertFigure::kServiceLevel) << "the profile's metric";
  EXPECT_EQ(level.enter, 750'000);
  EXPECT_EQ(level.leave, 800'000);
  EXPECT_EQ(level.hold, std::chrono::minutes(2));
  EXPECT_TRUE(level.below);
  const core::AlertRule& oldest = config->alerts[1];
  EXPECT_FALSE(oldest.below);
  EXPECT_EQ(oldest.enter, 120'000);
  EXPECT_EQ(oldest.severity, "page");
  EXPECT_EQ(config->alerts[2].enter, core::kWhole);
  EXPECT_EQ(config->alerts[2].leave, std::nullopt);
  EXPECT_EQ(config->alerts[3].enter, -10'500'000);
  EXPECT_EQ(config->alerts[3].min_volume, 3);
}

TEST(Alerts, WhatIsWrongIsSaidWithItsLine) {
  const std::string of = "clients.acme.sla[].alerts[].";
  const auto error = [&](const std::string& alert) { return messages(with_alert(alert)); };
  EXPECT_EQ(error("{name: a}"), "c.yaml:5: " + of + "enter_below is missing, allowed: enter_below or enter_above\n");
  EXPECT_EQ(
      error("{name: a, enter_below: 75%, leave_above: 70%}"),
      "c.yaml:5: " + of +
          "leave_above is below enter_below, allowed: at least it, so that an alert does not begin and end at once\n");
  EXPECT_EQ(error("{name: a, enter_below: 75%, leave_below: 70%}"),
            "c.yaml:5: " + of + "leave_below stands beside enter_below, allowed: leave_above\n");
  EXPECT_EQ(error("{name: a, enter_below: 75s}"),
            "c.yaml:5: " + of +
                "enter_below is \"75s\", allowed: a percentage where the figure is a "
                "share, a duration where it is a span, else a number\n");
  EXPECT_EQ(error("{name: a, metric: waiting, window: 5m, enter_above: 3}"),
            "c.yaml:5: " + of + "window is of waiting, which has none, allowed: to leave it out\n");
  EXPECT_EQ(error("{name: a, enter_below: 75%},\n{name: a, enter_below: 70%}"),
            "c.yaml:6: " + of + "name is a of two alerts, allowed: a name of its own for each\n");
  EXPECT_EQ(messages(with_alert("{name: a, metric: misses_left, enter_below: 5}", "versions: [{threshold: 20s}]")),
            "c.yaml:5: profile voice asks for no share of things, of which misses_left would be, allowed: with target, "
            "at_least or "
            "at_most\n");
}

TEST(Alerting, ReceiversAreReadAndTheirSecretsMasked) {
  const std::string text =
      "alerting:\n"
      "  link: https://floor.example\n"
      "  alertmanager: [{url: \"http://localhost:9093\"}, \"http://other:9093/prefix\"]\n"
      "  webhook: [{url: \"https://pager.example/hook\", secret: hush}]\n"
      "  kafka: {brokers: \"localhost:9092\", topic: alerts, properties: {sasl.password: quiet}}\n";
  const auto config = load(text, "c.yaml");
  ASSERT_TRUE(config.has_value()) << messages(text);
  EXPECT_EQ(config->alerting.alertmanagers,
            (std::vector<std::string>{"http://localhost:9093", "http://other:9093/prefix"}));
  ASSERT_EQ(config->alerting.webhooks.size(), 1U);
  EXPECT_EQ(config->alerting.webhooks[0].secret->value, "hush");
  EXPECT_EQ(config->alerting.webhooks[0].name, "pager.example");
  EXPECT_EQ(config->alerting.kafka->topic, "alerts");
  const std::string printed = print(*config);
  EXPECT_EQ(printed.find("hush"), std::string::npos) << printed;
  EXPECT_EQ(printed.find("quiet"), std::string::npos) << printed;
  EXPECT_EQ(printed.find("/hook"), std::string::npos) << "who knows it may post there";
}

TEST(Alerts, ALeadThatCanNotBeInTimeIsNeverDue) {
  EXPECT_EQ(messages(with_alert("{name: a, metric: lead_due, enter_above: 5m}")),
            "c.yaml:5: clients.acme.sla[].alerts[].enter_above is 5m, which no lead that can still be in time reaches, "
            "allowed: less than leads.target, which is 5m\n");
}

TEST(Alerting, TwoWebhooksOfOneHostNeedNames) {
  EXPECT_EQ(messages("alerting:\n  webhook: [\"http://a/x\", \"http://a/y\"]\n"),
            "c.yaml:2: alerting.webhook[].url names a twice, allowed: once\n");
  EXPECT_EQ(messages("alerting:\n  webhook: [\"http://a/x\", {url: \"http://a/y\", name: other}]\n"), "");
  EXPECT_EQ(messages("alerting:\n  webhook: [{name: other}]\n"),
            "c.yaml:2: alerting.webhook[].url is missing, allowed: an address\n");
}

TEST(Alerting, AnAddressWithAPasswordIsRefused) {
  EXPECT_EQ(
      messages("alerting:\n  alertmanager: [\"http://a\", \"http://a\"]\n  webhook: [\"http://me:secret@x\"]\n"),
      "c.yaml:2: alerting.alertmanager[].url names http://a twice, allowed: once\n"
      "c.yaml:3: alerting.webhook[].url is no address, allowed: http://HOST[:PORT][/PATH] or https://…, without a user "
      "or password\n");
}

TEST(Alerts, WhatIsPrintedIsReadAsTheSame) {
  const std::string text =
      with_alert(
          "{name: a, enter_below: 75%, leave_above: 80%, for: 2m}, {name: b, metric: oldest_wait, enter_above: 2m}, "
          "{name: c, metric: waiting, enter_above: 12.5}") +
      "alerting: {alertmanager: [\"http://a:9093\"], webhook: [{url: \"http://b\", secret: {env: PATH}}]}\n";
  const auto config = load(text, "c.yaml");
  ASSERT_TRUE(config.has_value()) << messages(text);
  const std::string printed = print(*config);
  const auto again = load(printed, "c.yaml");
  ASSERT_TRUE(again.has_value()) << printed;
  EXPECT_EQ(again->alerts, config->alerts) << printed;
  EXPECT_EQ(again->alerting, config->alerting) << printed;
}

}  // namespace
}  // namespace config

#include "config/print.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "config/load.h"

namespace config {
namespace {

Config good(const std::string& text) {
  auto config = load(text, "c.yaml");
  if (!config) ADD_FAILURE() << to_string(config.error().front()) << '\n' << text;
  return config ? *config : Config{};
}

void expect_same(const Config& again, const Config& config) {
  EXPECT_EQ(again.sources, config.sources);
  EXPECT_EQ(again.store, config.store);
  EXPECT_EQ(again.dead_letters, config.dead_letters);
  EXPECT_EQ(again.memory, config.memory);
  EXPECT_EQ(again.http, config.http);
  EXPECT_EQ(again.metrics, config.metrics);
  EXPECT_EQ(again.logging, config.logging);
  EXPECT_EQ(again.threads, config.threads);
  EXPECT_EQ(again.figures, config.figures);
}

void expect_round_trip(const std::string& text) {
  const Config config = good(text);
  const std::string printed = print(config);
  const Config again = good(printed);
  expect_same(again, config);
  EXPECT_EQ(print(again), printed);
}

TEST(Print, DefaultsAreWrittenOut) {
  const std::string printed = print(good(""));
  for (const char* line :
       {"sources: []", "url: sqlite:floorwatch.db", "commit_interval: 500ms", "records: 200MiB", "agent_state: 16h",
        "listen: 127.0.0.1:9464", "max_series: 200000", "level: info", "threads: 0"}) {
    EXPECT_NE(printed.find(line), std::string::npos) << line << '\n' << printed;
  }
}

TEST(Print, WhatWasPrintedIsReadToTheSame) {
  expect_round_trip("");
  expect_round_trip("clients: {a: , default: {queues: [q]}}");
  expect_round_trip(
      "clients: {a: {timezone: Asia/Beirut, sla: ["
      "{name: v, applies_to: {entries: callback}, versions: [{}, {valid_from: 2024-03-31, threshold: 30s}]},"
      "{name: w, versions: [{valid_from: 2024-01-01}, {valid_from: 2024-02-01, formula: answered}]}]}}");
  expect_round_trip(R"(
sources:
  - {name: k, kafka: {brokers: "a:1,b:2", topics: [t, u], group: g, properties: {linger.ms: "5"}},
     start: latest, clock_skew: 0s}
  - {name: f, file: {path: "/a b/c: #d", follow: false}, format: asterisk-queue-log,
     timezone: Europe/Kyiv, sends_wrap: true}
store: {url: "sqlite:x y.db", commit_interval: 10ms, keep_contacts: 1d, shards: 64}
dead_letters: {max_size: 1536KiB, max_age: 1h}
http: {listen: "[::1]:80"}
logging: {level: trace, format: json}
clients:
  acme:
    timezone: Asia/Beirut
    queues: [a, b]
    leads: {target: 1s, redial_gap: 0s}
    deals: {required_costs: [x]}
    sla:
      - name: v
        applies_to: {channels: [voice, chat], queues: a, entries: [transfer]}
        versions:
          - {valid_from: 2024-03-31, formula: answered, threshold: 4999ms, short_abandon: 0s,
             abandoned_reasons: closed, basis: event}
)");
}

TEST(Print, NamesThatLookLikeSomethingElseStayNames) {
  expect_round_trip(R"(clients:
  "null": {queues: ["true", "~", "12", "a: b", "[x]", "#", "\"", "é", " ", "- x", "{env: A}", "\u0085", "\ufeff"]}
  "1":
  "a.b":
)");
}

TEST(Print, EveryZoneKeepsTheFirstDayOfAVersion) {
  for (const char* zone :
       {"UTC", "Pacific/Kiritimati", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "America/Santiago"}) {
    for (const char* day : {"1970-01-01", "2011-12-31", "2024-09-08", "2026-03-29", "1955-06-07"}) {
      expect_round_trip(std::string("clients: {a: {timezone: ") + zone +
                        ", sla: [{name: v, versions: [{valid_from: " + day + "}]}]}}");
    }
  }
}

TEST(Print, SecretsAreMasked) {
  ::setenv("FLOORWATCH_TEST_SECRET", "hunter2", 1);
  const std::string printed = print(good(
      "sources: [{name: a, kafka: {brokers: b, topics: t, properties: {sasl.password: {env: FLOORWATCH_TEST_SECRET}, "
      "ssl.key.password: hunter2, sasl.username: ann}}}]"));
  EXPECT_EQ(printed.find("hunter2"), std::string::npos) << printed;
  EXPECT_NE(printed.find("sasl.password: {env: FLOORWATCH_TEST_SECRET}"), std::string::npos) << printed;
  EXPECT_NE(printed.find("ssl.key.password: \"********\""), std::string::npos) << printed;
  EXPECT_NE(printed.find("sasl.username: ann"), std::string::npos) << printed;
  good(printed);
}

}  // namespace
}  // namespace config

// What is said about wrong configurations: lines, words, all at once.
#include <gtest/gtest.h>

#include "tests/config/messages.h"

namespace config {
namespace {

std::string source(const std::string& keys) { return "sources: [{name: a, file: {path: p}, " + keys + "}]"; }

TEST(ConfigurationErrors, AllComeAtOnceInTheOrderOfTheirLines) {
  EXPECT_EQ(
      messages("store:\n"
               "  commit_interval: 5ms\n"
               "  shards: 65\n"
               "sources:\n"
               "  - name: a b\n"
               "    format: canonicle\n"
               "  - kafka: {}\n"
               "    timezone: Europe/Kyjiv\n"
               "colour: blue\n"),
      "c.yaml:2: store.commit_interval is \"5ms\", allowed: a duration from 10ms to 1m, such as 20s\n"
      "c.yaml:3: store.shards is \"65\", allowed: a whole number from 1 to 64\n"
      "c.yaml:5: sources[].name is \"a b\", allowed: 1 to 64 letters, digits, \"-\", \"_\" or \".\"\n"
      "c.yaml:5: source has neither kafka nor file, allowed: exactly one of them\n"
      "c.yaml:6: sources[].format \"canonicle\" is unknown, did you mean canonical? allowed: canonical, "
      "asterisk-queue-log\n"
      "c.yaml:7: sources[].name is missing, allowed: 1 to 64 letters, digits, \"-\", \"_\" or \".\"\n"
      "c.yaml:7: sources[].kafka.brokers is missing, allowed: text of 1 to 4096 bytes without control characters\n"
      "c.yaml:7: sources[].kafka.topics is missing, allowed: a list of names of 1 to 128 bytes without control "
      "characters, at least one\n"
      "c.yaml:8: sources[].timezone is \"Europe/Kyjiv\", allowed: an IANA time zone such as Europe/Kyiv\n"
      "c.yaml:9: unknown key \"colour\", allowed: alerting, calendars, clients, dead_letters, give_up_after, http, logging, "
      "memory, metrics, sources, store, threads\n");
}

TEST(ConfigurationErrors, UnknownKeyIsMetWithTheNearestOne) {
  EXPECT_EQ(messages("stor: {}"), "c.yaml:1: unknown key \"stor\", did you mean store?\n");
  EXPECT_EQ(messages("http:\n  liste: x"), "c.yaml:2: unknown key \"liste\" in http, did you mean listen?\n");
  EXPECT_EQ(messages("commit_interval: 1s"),
            "c.yaml:1: unknown key \"commit_interval\", did you mean store.commit_interval?\n");
  EXPECT_EQ(messages("clients: {acme: {que: []}}"),
            "c.yaml:1: unknown key \"que\" in clients.acme, allowed: deals, leads, queues, sla, timezone\n");
}

TEST(ConfigurationErrors, RepeatedKeysNameTheFormerLine) {
  EXPECT_EQ(messages("threads: 1\nthreads: 2"), "c.yaml:2: threads stands here again after line 1, allowed: once\n");
  EXPECT_EQ(messages("clients:\n  a:\n  a:\n"), "c.yaml:3: clients.a stands here again after line 2, allowed: once\n");
  EXPECT_EQ(messages(source("kafka: {brokers: b, topics: [t, t]}")).substr(0, 9), "c.yaml:1:");
}

TEST(ConfigurationErrors, SourceHasExactlyOneInput) {
  EXPECT_EQ(messages(source("kafka: {brokers: b, topics: t}")),
            "c.yaml:1: source has both kafka and file, allowed: exactly one of them\n");
}

TEST(ConfigurationErrors, NamesOfSourcesAreUnique) {
  EXPECT_EQ(messages("sources:\n  - {name: a, file: {path: p}}\n  - {name: a, file: {path: q}}\n"),
            "c.yaml:3: source a has the name of the one on line 2, allowed: a name of its own\n");
}

TEST(ConfigurationErrors, QueueOfTwoClientsNamesBothLines) {
  EXPECT_EQ(messages("clients:\n  acme:\n    queues: [x]\n  beta:\n    queues:\n      - y\n      - x\n"),
            "c.yaml:7: queue x of client beta belongs to client acme on line 3 already, allowed: one client a queue\n");
  EXPECT_EQ(messages("clients: {acme: {queues: [x, x]}}"),
            "c.yaml:1: clients.acme.queues holds \"x\" twice, allowed: once\n");
}

TEST(ConfigurationErrors, ShortAbandonIsAtMostTheThreshold) {
  const auto version = [](const std::string& keys) {
    return "clients: {a: {sla: [{name: v, versions: [{" + keys + "}]}]}}";
  };
  EXPECT_EQ(messages(version("threshold: 5s, short_abandon: 5s")), "");
  EXPECT_EQ(
      messages(version("threshold: 5s, short_abandon: 5001ms")),
      "c.yaml:1: clients.a.sla[].versions[].short_abandon is 5001ms and more than threshold, which is 5s, allowed: at "
      "most threshold\n");
  EXPECT_NE(messages(version("threshold: 4s")), "") << "the default of short_abandon is 5s";
}

TEST(ConfigurationErrors, ProfilesHaveNamesOfTheirOwn) {
  EXPECT_EQ(
      messages("clients:\n  a:\n    sla:\n      - {name: v, versions: [{}]}\n      - {name: v, versions: [{}]}\n"),
      "c.yaml:5: clients.a.sla[].name is v of two profiles, allowed: a name of its own for each\n");
  EXPECT_EQ(messages("clients: {a: {sla: [{name: v, versions: [{}]}]}, b: {sla: [{name: v, versions: [{}]}]}}"), "");
  EXPECT_EQ(messages("clients: {a: {sla: [{versions: [{}]}, {versions: [{}]}]}}").find("of two profiles"),
            std::string::npos);
  EXPECT_NE(messages("clients: {a: {sla: [{name: v}]}}"), "");
  EXPECT_NE(messages("clients: {a: {sla: [{name: v, versions: []}]}}"), "");
}

TEST(ConfigurationErrors, EachVersionBeginsAfterTheOneBefore) {
  const auto versions = [](const std::string& list) {
    return messages("clients:\n  a:\n    sla:\n      - name: v\n        versions:\n" + list);
  };
  EXPECT_EQ(versions("          - {}\n          - {valid_from: 2026-03-01}\n"), "");
  EXPECT_EQ(versions("          - {valid_from: 2026-03-01}\n          - valid_from: 2026-03-01\n"),
            "c.yaml:7: clients.a.sla[].versions[].valid_from is not later, allowed: a date after the one of the "
            "version before\n");
  EXPECT_EQ(versions("          - {valid_from: 2026-03-01}\n          - {threshold: 30s}\n"),
            "c.yaml:7: clients.a.sla[].versions[].valid_from is missing, allowed: a date after the one of the version "
            "before\n");
  EXPECT_EQ(versions("          - {valid_from: 2026-03-01}\n          - {valid_from: 2026-02-30}\n").find("not later"),
            std::string::npos);
}

TEST(ConfigurationErrors, WhatLaterVersionsReadIsNotYetSupported) {
  for (const char* format : {"amazon-connect-contact-events", "amazon-connect-agent-events", "amazon-connect-ctr",
                             "twilio-taskrouter", "genesys-cloud", "freeswitch-callcenter", "chatwoot"}) {
    EXPECT_EQ(messages(source(std::string("format: ") + format)),
              std::string("c.yaml:1: sources[].format ") + format +
                  " is not yet supported in this version, allowed: canonical, asterisk-queue-log\n");
  }
  EXPECT_EQ(messages("store: {url: 'postgresql://h/d'}"),
            "c.yaml:1: store.url is PostgreSQL, which is not yet supported in this version, allowed: sqlite:PATH\n");
}

TEST(ConfigurationErrors, StoreIsASqliteFile) {
  EXPECT_EQ(messages("store: {url: 'mysql:x'}"), "c.yaml:1: store.url is \"mysql:x\", allowed: sqlite:PATH\n");
  EXPECT_EQ(messages("store: {url: 'sqlite:'}"), "c.yaml:1: store.url is \"sqlite:\", allowed: sqlite:PATH\n");
}

TEST(ConfigurationErrors, PropertiesThatFloorwatchSetsAreRefused) {
  EXPECT_EQ(messages("sources: [{name: a, kafka: {brokers: b, topics: t, properties: {group.id: g}}}]"),
            "c.yaml:1: sources[].kafka.properties.group.id is set by floorwatch, allowed: kafka.group\n");
}

TEST(ConfigurationErrors, SecretIsOneOfTwoForms) {
  for (const char* value : {"{env: A, file: B}", "{vault: x}", "{env: }", "[a]", "{}", ""}) {
    const std::string text =
        std::string("sources: [{name: a, kafka: {brokers: b, topics: t, properties: {p: ") + value + "}}}]";
    EXPECT_EQ(messages(text),
              "c.yaml:1: sources[].kafka.properties.p is neither text nor a secret, allowed: a value, {env: "
              "NAME} or {file: PATH}\n")
        << value;
  }
}

TEST(ConfigurationErrors, TextThatBeginsWithACommaIsRefusedAndDoesNotHang) {
  EXPECT_EQ(messages(", threads: 1\n").substr(0, 9), "c.yaml:1:");
}

TEST(ConfigurationErrors, WhatIsNoYamlIsNamedByItsLine) {
  EXPECT_EQ(messages("threads: 1\nstore: [\n").substr(0, 18), "c.yaml:3: not YAML");
  EXPECT_EQ(messages("- a\n"), "c.yaml:1: the configuration is a list, allowed: a mapping of keys\n");
  EXPECT_EQ(messages("threads: 1\n---\nthreads: 2\n"), "c.yaml:2: a second document begins, allowed: one\n");
  EXPECT_EQ(messages("threads: 1\n# \xff\n"), "c.yaml:2: a byte is not UTF-8, allowed: a YAML mapping in UTF-8\n");
}

// Regression, found by fuzzing: yaml-cpp makes one byte of these, which came out of the printed configuration as
// another.
TEST(ConfigurationErrors, EscapesThatYieldNoUtf8AreRefused) {
  for (const char* escape : {"\\_", "\\N"}) {
    EXPECT_EQ(messages("threads: 1\nclients: {a: {queues: [\"x" + std::string(escape) + "\"]}}"),
              "c.yaml:2: \\_ or \\N is used, allowed: \\u00a0 and \\u0085 for them\n");
  }
  EXPECT_EQ(messages(R"(clients: {a: {queues: ["x\u00a0\u0085"]}})"), "");
}

// Regression, found by fuzzing: yaml-cpp took what follows a NUL for escaped, and a message held the end of its line.
TEST(ConfigurationErrors, AControlCharacterIsRefused) {
  EXPECT_EQ(messages(std::string("threads: 1\nstore: b\0\n  c", 24)),
            "c.yaml:2: a control character, allowed: a YAML mapping in UTF-8\n");
  EXPECT_EQ(messages("threads:\t1 # a\x7f\r\n"), "c.yaml:1: a control character, allowed: a YAML mapping in UTF-8\n");
  EXPECT_EQ(messages("threads: 1 # a tab\t and both ends of a line\r\n"), "");
}

}  // namespace
}  // namespace config

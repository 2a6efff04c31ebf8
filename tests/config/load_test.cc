#include "config/load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/config/messages.h"

namespace config {
namespace {

constexpr const char* kExample = R"(
sources:
  - name: manila
    kafka: {brokers: "localhost:9092", topics: [contact-events], group: floorwatch,
            properties: {security.protocol: PLAINTEXT}}
    format: canonical                 # or asterisk-queue-log, …
    start: latest
    allowed_lateness: 31s
    clock_skew: 6m
  - name: pbx
    file: {path: /var/log/asterisk/queue_log, follow: false}
    format: asterisk-queue-log
    timezone: Europe/Kyiv
    sends_wrap: false
store: {url: "sqlite:other.db", commit_interval: 250ms, keep_contacts: 100d, shards: 4}
memory: {records: 64MiB}
give_up_after: {voice: 1h, chat: 2h, email: 3d, segment: 4h, agent_state: 5h}
http: {listen: "[::1]:0"}
metrics: {agents: true, max_series: 1000}
clients:
  acme:
    timezone: America/New_York
    queues: [acme-sales, acme-care]
    leads: {target: 6m, redial_gap: 31s}
    deals: {required_costs: [delivery, commission]}
    sla:
      - name: voice
        applies_to: {channels: voice, queues: [acme-sales], entries: [inbound, callback]}
        versions:
          - valid_from: 2026-01-01
            formula: offered_less_short
            threshold: 30s
            short_abandon: 4.999s
            abandoned_reasons: [caller, timeout]
            basis: event
logging: {level: debug, format: json}
threads: 3
)";

Config good(const std::string& text) {
  auto config = load(text, "c.yaml");
  EXPECT_TRUE(config.has_value()) << messages(text);
  return config ? *config : Config{};
}

TEST(Load, EmptyFileIsAConfigurationOfDefaults) {
  for (const char* text : {"", "\n# nothing\n", "---\n", "sources:\nclients:\nstore:\n"}) {
    const Config config = good(text);
    EXPECT_TRUE(config.sources.empty());
    EXPECT_EQ(config.store.url, "sqlite:floorwatch.db");
    EXPECT_EQ(config.store.commit_interval, core::Millis{500});
    EXPECT_EQ(config.store.keep_contacts, core::Millis{92LL * 86'400'000});
    EXPECT_EQ(config.store.shards, 8u);
    EXPECT_EQ(config.dead_letters, (DeadLettersConfig{64U << 20U, core::Millis{92LL * 86'400'000}}));
    EXPECT_EQ(config.memory.records, 200u << 20);
    EXPECT_EQ(config.http, (HttpConfig{"127.0.0.1", 9464}));
    EXPECT_EQ(config.metrics, (MetricsConfig{false, 200'000}));
    EXPECT_EQ(config.logging, (LoggingConfig{LogLevel::kInfo, LogFormat::kText}));
    EXPECT_EQ(config.threads, 0u);
    EXPECT_EQ(config.figures, core::FigureConfig{}) << "the table and core::FigureConfig disagree about a default";
  }
}

TEST(Load, ClientAndProfileHaveTheDefaultsOfTheCore) {
  const Config config = good("clients: {acme: {sla: [{name: voice, versions: [{}]}]}, beta: }");
  core::ClientConfig expected;
  expected.sla.emplace_back().name = "voice";
  expected.sla[0].versions.emplace_back();
  EXPECT_EQ(config.figures.client("acme"), expected);
  EXPECT_EQ(config.figures.client("beta"), core::ClientConfig{});
}

TEST(Load, EveryKeyOfTheExampleArrives) {
  const Config config = good(kExample);
  ASSERT_EQ(config.sources.size(), 2u);
  const SourceConfig manila{
      .name = "manila",
      .input = KafkaSettings{"localhost:9092",
                             {"contact-events"},
                             "floorwatch",
                             {{"security.protocol", {SecretText::From::kConfiguration, "", "PLAINTEXT"}}}},
      .format = "canonical",
      .start = Start::kLatest,
      .allowed_lateness = core::Millis{31'000},
      .clock_skew = core::Millis{360'000},
      .timezone = "UTC",
      .sends_wrap = true};
  EXPECT_EQ(config.sources[0], manila);
  EXPECT_EQ(std::get<FileSettings>(config.sources[1].input), (FileSettings{"/var/log/asterisk/queue_log", false}));
  EXPECT_EQ(config.sources[1].timezone, "Europe/Kyiv");
  EXPECT_EQ(config.store, (StoreConfig{"sqlite:other.db", core::Millis{250}, core::Millis{100LL * 86'400'000}, 4}));
  EXPECT_EQ(config.memory.records, 64u << 20);
  EXPECT_EQ(config.http, (HttpConfig{"::1", 0}));
  EXPECT_EQ(config.metrics, (MetricsConfig{true, 1000}));
  EXPECT_EQ(config.logging, (LoggingConfig{LogLevel::kDebug, LogFormat::kJson}));
  EXPECT_EQ(config.threads, 3u);
  EXPECT_EQ(config.text, kExample);
}

TEST(Load, EveryKeyThatEntersFactsArrives) {
  const core::FigureConfig figures = good(kExample).figures;
  const core::Millis hour{3'600'000};
  EXPECT_EQ(figures.give_up_after, (core::GiveUp{hour, 2 * hour, 72 * hour, 4 * hour, 5 * hour}));
  EXPECT_EQ(figures.sources_without_wrap, (std::set<std::string, std::less<>>{"pbx"}));
  EXPECT_EQ(figures.client_of_queue("acme-care"), "acme");
  const core::ClientConfig& acme = figures.client("acme");
  EXPECT_EQ(acme.lead_target, core::Millis{360'000});
  EXPECT_EQ(acme.redial_gap, core::Millis{31'000});
  EXPECT_EQ(acme.required_costs, (std::vector<std::string>{"delivery", "commission"}));
  ASSERT_EQ(acme.sla.size(), 1u);
  const core::SlaProfile& profile = acme.sla[0];
  EXPECT_EQ(profile.channels, std::set<std::string>{"voice"});
  EXPECT_EQ(profile.queues, std::set<std::string>{"acme-sales"});
  EXPECT_EQ(profile.entries, (std::array<bool, 4>{true, false, true, false}));
  core::SlaVersion version{.formula = core::Formula::kOfferedLessShort,
                           .threshold = core::Millis{30'000},
                           .short_abandon = core::Millis{4'999},
                           .abandoned = {true, false, true},
                           .basis = core::Basis::kEvent,
                           .valid_from = core::parse_rfc3339("2026-01-01T00:00:00-05:00").value()};
  EXPECT_EQ(profile.versions, std::vector{version});
}

TEST(Load, ProfilesAndVersionsKeepTheirOrder) {
  const Config config = good(
      "clients:\n  c:\n    timezone: Europe/Kyiv\n    sla:\n"
      "      - {name: b, applies_to: {entries: callback}, versions: [{}, {valid_from: 2026-03-01, threshold: 30s}]}\n"
      "      - {name: a, versions: [{valid_from: 2026-01-01, formula: answered}]}\n");
  const auto& profiles = config.figures.client("c").sla;
  ASSERT_EQ(profiles.size(), 2u);
  EXPECT_EQ(profiles[0].name, "b");
  ASSERT_EQ(profiles[0].versions.size(), 2u);
  EXPECT_EQ(profiles[0].versions[0], core::SlaVersion{});
  EXPECT_EQ(profiles[0].versions[1].threshold, core::Millis{30'000});
  EXPECT_EQ(profiles[0].versions[1].valid_from, core::parse_rfc3339("2026-03-01T00:00:00+02:00"));
  EXPECT_EQ(profiles[1].name, "a");
}

TEST(Load, DayThatBeginsWithoutMidnightBeginsAtTheChangeOfTheClock) {
  // Beirut's clocks went from 00:00 to 01:00 on 2024-03-31.
  const Config config =
      good("clients: {c: {timezone: Asia/Beirut, sla: [{name: v, versions: [{valid_from: 2024-03-31}]}]}}");
  EXPECT_EQ(config.figures.client("c").sla.at(0).versions.at(0).valid_from,
            core::parse_rfc3339("2024-03-31T01:00:00+03:00"));
}

TEST(Load, AsteriskSendsNoWrapUnlessItIsSaid) {
  const std::string source = "sources: [{name: pbx, file: {path: q}, format: asterisk-queue-log";
  EXPECT_FALSE(good(source + "}]").sources[0].sends_wrap);
  EXPECT_TRUE(good(source + ", sends_wrap: true}]").sources[0].sends_wrap);
  EXPECT_TRUE(good("sources: [{name: pbx, file: {path: q}}]").sources[0].sends_wrap);
}

TEST(Load, SecretsComeFromTheEnvironmentOrAFile) {
  const auto file = std::filesystem::temp_directory_path() / ("floorwatch_secret_" + std::to_string(::getpid()));
  std::ofstream(file) << "from-file\n";
  ::setenv("FLOORWATCH_TEST_SECRET", "from-environment", 1);
  const Config config = good(
      "sources: [{name: a, kafka: {brokers: b, topics: t, properties: {sasl.username: {env: "
      "FLOORWATCH_TEST_SECRET}, sasl.password: {file: '" +
      file.string() + "'}}}}]");
  const auto& properties = std::get<KafkaSettings>(config.sources.at(0).input).properties;
  EXPECT_EQ(properties.at("sasl.username").value, "from-environment");
  EXPECT_EQ(properties.at("sasl.password").value, "from-file");
  std::filesystem::remove(file);
}

TEST(Load, MissingSecretIsAnErrorUnlessNobodyNeedsIt) {
  ::unsetenv("FLOORWATCH_NO_SUCH_SECRET");
  const std::string text =
      "sources: [{name: a, kafka: {brokers: b, topics: t, properties: {\n"
      "sasl.password: {env: FLOORWATCH_NO_SUCH_SECRET},\nssl.key.password: {file: /no/such/file}}}}]";
  EXPECT_EQ(
      messages(text),
      "c.yaml:2: sources[].kafka.properties.sasl.password names environment variable FLOORWATCH_NO_SUCH_SECRET, which "
      "is not set\n"
      "c.yaml:3: sources[].kafka.properties.ssl.key.password names file /no/such/file, which cannot be read\n");
  EXPECT_TRUE(load(text, "c.yaml", {.resolve_secrets = false}).has_value());
}

TEST(Load, RunNeedsASourceAndReplayDoesNot) {
  EXPECT_EQ(require_sources(good(kExample)).size(), 0u);
  const ConfigErrors errors = require_sources(good("store: {}"));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(to_string(errors[0]), "c.yaml:1: sources is empty, allowed: at least one source with kafka or file");
}

TEST(Load, FileThatCannotBeReadIsAnErrorWithoutLine) {
  EXPECT_EQ(to_string(load_file("/no/such/file").error().at(0)), "/no/such/file: cannot be read, allowed: a YAML file");
  EXPECT_EQ(to_string(load_file("/").error().at(0)), "/: is a directory, allowed: a YAML file");
}

}  // namespace
}  // namespace config

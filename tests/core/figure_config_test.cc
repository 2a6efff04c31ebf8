#include "core/figure_config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/packed.h"
#include "core/timezone_data.h"

namespace core {
namespace {

using Keys = std::vector<std::string>;

FigureConfig sample() {
  FigureConfig config;
  config.queue_client = {{"acme-sales", "acme"}, {"acme-care", "acme"}};
  ClientConfig& acme = config.clients["acme"];
  acme.timezone = "America/New_York";
  SlaProfile& voice = acme.sla.emplace_back();
  voice.name = "voice";
  voice.channels = {"voice"};
  voice.versions.emplace_back().formula = Formula::kAnswered;
  return config;
}

Keys changed_keys(const FigureConfig& before, const FigureConfig& now) {
  return differing_keys(before.canonical_text(), now.canonical_text());
}

TEST(FigureConfig, QueueThatNoClientListsBelongsToDefault) {
  EXPECT_EQ(sample().client_of_queue("acme-sales"), "acme");
  EXPECT_EQ(sample().client_of_queue("other"), "default");
}

TEST(FigureConfig, ClientThatIsNotListedHasDefaults) {
  const FigureConfig config = sample();
  EXPECT_EQ(config.client("acme").timezone, "America/New_York");
  EXPECT_EQ(config.client("unknown"), ClientConfig{});
}

TEST(FigureConfig, CanonicalTextNamesEveryDefault) {
  const std::string text = FigureConfig{}.canonical_text();
  EXPECT_EQ(text,
            "client_defaults.deals.required_costs = []\n"
            "client_defaults.leads.redial_gap = 30000 ms\n"
            "client_defaults.leads.target = 300000 ms\n"
            "client_defaults.sla.abandoned_reasons = [caller, caller_ringing]\n"
            "client_defaults.sla.basis = arrival\n"
            "client_defaults.sla.formula = offered\n"
            "client_defaults.sla.short_abandon = 5000 ms\n"
            "client_defaults.sla.threshold = 20000 ms\n"
            "client_defaults.timezone = UTC\n"
            "give_up_after.agent_state = 57600000 ms\n"
            "give_up_after.chat = 86400000 ms\n"
            "give_up_after.email = 1209600000 ms\n"
            "give_up_after.segment = 28800000 ms\n"
            "give_up_after.voice = 14400000 ms\n"
            "timezone_data = " +
                timezone_data_version() + "\n");
}

TEST(FigureConfig, ClientWrittenOutWithDefaultsMeansTheSame) {
  FigureConfig written = sample();
  written.clients["plain"] = ClientConfig{};
  written.queue_client["q"] = "default";
  EXPECT_EQ(written.canonical_text(), sample().canonical_text());
  EXPECT_EQ(written.fingerprint(), sample().fingerprint());
}

TEST(FigureConfig, QueueOfAClientWithDefaultsStillCounts) {
  FigureConfig mapped = sample();
  mapped.queue_client["q"] = "plain";
  EXPECT_EQ(changed_keys(sample(), mapped), Keys{"queues.\"q\".client"});
}

TEST(FigureConfig, WhoExcludedWhatAndTheOrderOfCostsEnterNoFact) {
  FigureConfig one = sample(), other = sample();
  one.clients["acme"].sla[0].exclusions = {{event_time(1), event_time(2), "network down", "shift lead"}};
  other.clients["acme"].sla[0].exclusions = {{event_time(1), event_time(2), "the client's network", ""}};
  one.clients["acme"].required_costs = {"delivery", "commission"};
  other.clients["acme"].required_costs = {"commission", "delivery"};
  EXPECT_EQ(one.fingerprint(), other.fingerprint());
}

TEST(FigureConfig, EverySettingChangesTheFingerprintAndIsNamed) {
  const auto changes = [](auto change) {
    FigureConfig config = sample();
    change(config);
    EXPECT_NE(config.fingerprint(), sample().fingerprint());
    return changed_keys(sample(), config);
  };
  const auto acme = [&](auto change) { return changes([&](FigureConfig& config) { change(config.clients["acme"]); }); };
  const auto key = [](const std::string& name) { return Keys{"clients.\"acme\"." + name}; };

  EXPECT_EQ(acme([](auto& c) { c.timezone = "Europe/Kyiv"; }), key("timezone"));
  EXPECT_EQ(acme([](auto& c) { c.lead_target = Millis{1}; }), key("leads.target"));
  EXPECT_EQ(acme([](auto& c) { c.redial_gap = Millis{1}; }), key("leads.redial_gap"));
  EXPECT_EQ(acme([](auto& c) { c.required_costs = {"delivery"}; }), key("deals.required_costs"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].name = "telephone"; }), key("sla.name"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].metric = Metric::kMeanWait; }), key("sla.metric"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].exclusions = {{event_time(0), event_time(1), {}, {}}}; }),
            key("sla.exclusions.1970-01-01T00:00:00Z"));
  const auto terms = [&](auto change) { return acme([&](auto& c) { change(c.sla[0].versions[0].terms); }); };
  EXPECT_EQ(terms([](Terms& t) { t.target = 800'000; }), key("sla.target"));
  EXPECT_EQ(terms([](Terms& t) { t.period = Every::kYear; }), key("sla.period"));
  EXPECT_EQ(terms([](Terms& t) { t.aggregate = Aggregate::kIntervalsMet; }),
            (Keys{"clients.\"acme\".sla.aggregate", "clients.\"acme\".sla.intervals_target"}));
  EXPECT_EQ(terms([](Terms& t) { t.interval = Every::k1h; }), key("sla.interval"));
  EXPECT_EQ(terms([](Terms& t) { t.min_volume = 10; }), key("sla.min_volume"));
  EXPECT_EQ(terms([](Terms& t) { t.decimals = 0; }), key("sla.rounding"));
  EXPECT_EQ(terms([](Terms& t) { t.calendar = "hours"; }), key("sla.calendar"));
  EXPECT_EQ(terms([](Terms& t) { t.credits.emplace(); }),
            (Keys{"clients.\"acme\".sla.credits.cap", "clients.\"acme\".sla.credits.fee",
                  "clients.\"acme\".sla.credits.tiers"}));
  EXPECT_EQ(terms([](Terms& t) { t.band.emplace(); }),
            (Keys{"clients.\"acme\".sla.volume_band.forecast", "clients.\"acme\".sla.volume_band.up_to"}));
  EXPECT_EQ(
      changes([](auto& c) { c.calendars["h"].week[6] = {{std::chrono::hours{8}, std::chrono::hours{20}}}; }).size(), 8u)
      << "its zone and its days";
  EXPECT_EQ(acme([](auto& c) { c.sla[0].channels = {}; }), key("sla.applies_to.channels"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].queues = {"q"}; }), key("sla.applies_to.queues"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].entries[1] = false; }), key("sla.applies_to.entries"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].versions[0].valid_from = event_time(1); }), key("sla.valid_from"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].versions[0].formula = Formula::kLateAbandonsOnly; }), key("sla.formula"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].versions[0].threshold = Millis{30'000}; }), key("sla.threshold"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].versions[0].short_abandon = Millis{4'999}; }), key("sla.short_abandon"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].versions[0].abandoned[2] = true; }), key("sla.abandoned_reasons"));
  EXPECT_EQ(acme([](auto& c) { c.sla[0].versions[0].basis = Basis::kEvent; }), key("sla.basis"));
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.voice += Millis{1}; }), Keys{"give_up_after.voice"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.chat += Millis{1}; }), Keys{"give_up_after.chat"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.email += Millis{1}; }), Keys{"give_up_after.email"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.segment += Millis{1}; }), Keys{"give_up_after.segment"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.agent_state += Millis{1}; }), Keys{"give_up_after.agent_state"});
  EXPECT_EQ(changes([](auto& c) { c.queue_client.erase("acme-care"); }), Keys{"queues.\"acme-care\".client"});
  EXPECT_EQ(changes([](auto& c) { c.sources_without_wrap.insert("pbx"); }), Keys{"sources.\"pbx\".sends_wrap"});
}

TEST(FigureConfig, FurtherProfilesAndVersionsAreNamedByTheirPlace) {
  FigureConfig more = sample();
  SlaProfile& voice = more.clients["acme"].sla[0];
  voice.versions.push_back({.formula = Formula::kOffered, .valid_from = event_time(1'772'442'000'000)});
  const std::string second = "clients.\"acme\".sla.versions[1].";
  EXPECT_EQ(changed_keys(sample(), more),
            (Keys{second + "abandoned_reasons", second + "basis", second + "formula", second + "short_abandon",
                  second + "threshold", second + "valid_from"}));
  FigureConfig longer = more;
  longer.clients["acme"].sla[0].versions[1].threshold = Millis{30'000};
  EXPECT_EQ(changed_keys(more, longer), Keys{second + "threshold"});

  // One that judges as the default does has a contract of its own all the same.
  FigureConfig three = sample();
  SlaProfile& plain = three.clients["acme"].sla.emplace_back();
  plain.versions.emplace_back();
  SlaProfile& last = three.clients["acme"].sla.emplace_back();
  last.versions.emplace_back().formula = Formula::kAnswered;
  const Keys keys = changed_keys(sample(), three);
  EXPECT_EQ(keys.size(), 2 * 10u);
  EXPECT_TRUE(std::ranges::count(keys, "clients.\"acme\".sla[1].formula") == 1);
  EXPECT_TRUE(std::ranges::count(keys, "clients.\"acme\".sla[2].formula") == 1);
}

TEST(FigureConfig, ComesBackFromItsPackedForm) {
  FigureConfig config = sample();
  config.clients["acme"].sla[0].versions.push_back({.basis = Basis::kEvent, .valid_from = event_time(7)});
  config.clients["acme"].sla.push_back(config.clients["acme"].sla[0]);
  config.clients["acme"].sla[1].name = "all";
  config.clients["plain"] = {};
  SlaProfile& contract = config.clients["acme"].sla[1];
  contract.metric = Metric::kAbandonmentRate;
  contract.exclusions = {{event_time(1), event_time(2), "network down", "shift lead"}};
  Terms& terms = contract.versions[0].terms;
  terms.target = 50'000, terms.at_most = true, terms.period = Every::kQuarter, terms.interval = Every::k15m;
  terms.aggregate = Aggregate::kIntervalsMet, terms.intervals_target = 900'000, terms.min_volume = 3,
  terms.decimals = 2;
  terms.band = {1'100'000, {{event_time(5), 7}, {event_time(900'005), 0}}, "forecast.csv"};
  terms.credits = {{100}, "USD", 100'000, {{50'000, 10'000}, {60'000, 20'000}}};
  terms.calendar = "hours";
  CalendarConfig& hours = config.calendars["hours"];
  hours.timezone = "Europe/Kyiv";
  hours.week[0] = {{std::chrono::hours{22}, std::chrono::hours{30}}};
  hours.days[20'000] = {}, hours.days[20'001] = {{std::chrono::hours{8}, std::chrono::hours{12}}};
  EXPECT_EQ(unpack_figure_config(pack(config)), config);
  config.calendars["hours"].timezone = "Europe/Atlantis";
  EXPECT_THROW(unpack_figure_config(pack(config)), CorruptState);
}

TEST(FigureConfig, WhatBeginsLaterIsNoPartOfThePast) {
  const EventTime now = event_time(1'772'442'000'000);  // 2 March 2026, 09:00 UTC
  FigureConfig config = sample();
  config.clients["acme"].sla[0].versions[0].terms.calendar = "hours";
  config.calendars["hours"].days[20'514] = {};
  FigureConfig changed = config;
  SlaProfile& voice = changed.clients["acme"].sla[0];
  voice.versions.push_back({.formula = Formula::kOffered, .valid_from = now + Millis{1}});
  voice.exclusions.push_back({now + Millis{1}, now + Millis{2}, "maintenance", ""});
  changed.calendars["hours"].days[20'515] = {};
  changed.calendars["next-year"].week[0] = {{std::chrono::hours{8}, std::chrono::hours{12}}};
  voice.versions.back().terms.calendar = "next-year";
  changed.clients["beta"].sla.emplace_back().versions.push_back({.valid_from = now + Millis{1}});
  EXPECT_NE(changed.fingerprint(), config.fingerprint());
  EXPECT_EQ(changed.as_of(now).canonical_text(), config.as_of(now).canonical_text());
  EXPECT_NE(changed.as_of(now + Millis{1}).canonical_text(), config.as_of(now + Millis{1}).canonical_text());
  changed.calendars["hours"].days[20'514] = {{std::chrono::hours{8}, std::chrono::hours{12}}};
  EXPECT_NE(changed.as_of(now).canonical_text(), config.as_of(now).canonical_text()) << "today's hours are the past's";
}

/// As version 0.1.0 of before several profiles packed it.
TEST(FigureConfig, OneProfileOfAnOlderStoreIsRead) {
  FigureConfig config = sample();
  std::string bytes;
  PackedWriter out(bytes);
  out.number(2), out.text("acme-care"), out.text("acme"), out.text("acme-sales"), out.text("acme");
  out.number(1), out.text("acme"), out.text("America/New_York");
  out.byte(1), out.text("voice"), out.number(1), out.text("voice"), out.number(0);
  for (std::size_t i = 0; i < kEntries; ++i) out.byte(1);
  out.signed_number(0), out.byte(static_cast<std::uint8_t>(Formula::kAnswered));
  out.signed_number(20'000), out.signed_number(5'000);
  for (std::size_t i = 0; i < kLeaveReasons; ++i) out.byte(i < 2 ? 1 : 0);
  out.byte(0);
  out.signed_number(300'000), out.signed_number(30'000), out.number(0);
  out.number(0);
  for (const Millis span : {config.give_up_after.voice, config.give_up_after.chat, config.give_up_after.email,
                            config.give_up_after.segment, config.give_up_after.agent_state}) {
    out.signed_number(span.count());
  }
  EXPECT_EQ(unpack_figure_config(bytes), config);
}

TEST(FigureConfig, TheVersionInForceIsTheLastThatHasBegun) {
  SlaProfile profile;
  profile.versions = {{.valid_from = event_time(10)}, {.valid_from = event_time(20)}, {.valid_from = event_time(30)}};
  EXPECT_EQ(profile.in_force(event_time(9)), nullptr);
  EXPECT_EQ(profile.in_force(event_time(10)), &profile.versions[0]);
  EXPECT_EQ(profile.in_force(event_time(19)), &profile.versions[0]);
  EXPECT_EQ(profile.in_force(event_time(20)), &profile.versions[1]);
  EXPECT_EQ(profile.in_force(event_time(1'000)), &profile.versions[2]);
}

TEST(FigureConfig, HostileNamesCannotForgeALine) {
  FigureConfig hostile;
  hostile.queue_client["q\".client = \"x\"\nqueues.\"r"] = "acme";
  const std::string text = hostile.canonical_text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 16);  // 15 defaults and the queue
  EXPECT_EQ(changed_keys(FigureConfig{}, hostile),
            Keys{"queues.\"q\\\".client \\u003d \\\"x\\\"\\u000aqueues.\\\"r\".client"});
}

TEST(FigureConfig, TextsThatAgreeHaveNoDifferingKeys) {
  EXPECT_EQ(changed_keys(sample(), sample()), Keys{});
  EXPECT_EQ(differing_keys("a = 1\nb = 2\n", "b = 2\nc = 3\n"), (Keys{"a", "c"}));
}

}  // namespace
}  // namespace core

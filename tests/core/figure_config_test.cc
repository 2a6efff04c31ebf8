#include "core/figure_config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/timezone_data.h"

namespace core {
namespace {

using Keys = std::vector<std::string>;

FigureConfig sample() {
  FigureConfig config;
  config.queue_client = {{"acme-sales", "acme"}, {"acme-care", "acme"}};
  ClientConfig& acme = config.clients["acme"];
  acme.timezone = "America/New_York";
  SlaProfile& voice = acme.sla.emplace();
  voice.name = "voice";
  voice.channels = {"voice"};
  voice.version.formula = Formula::kAnswered;
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
  written.clients["named-profile"].sla.emplace().queues = {"q"};
  written.queue_client["q"] = "default";
  EXPECT_EQ(written.canonical_text(), sample().canonical_text());
  EXPECT_EQ(written.fingerprint(), sample().fingerprint());
}

TEST(FigureConfig, QueueOfAClientWithDefaultsStillCounts) {
  FigureConfig mapped = sample();
  mapped.queue_client["q"] = "plain";
  EXPECT_EQ(changed_keys(sample(), mapped), Keys{"queues.\"q\".client"});
}

TEST(FigureConfig, ProfileNameAndOrderOfCostsEnterNoFact) {
  FigureConfig one = sample(), other = sample();
  other.clients["acme"].sla->name = "telephone";
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
  EXPECT_EQ(acme([](auto& c) { c.sla->channels = {}; }), key("sla.applies_to.channels"));
  EXPECT_EQ(acme([](auto& c) { c.sla->queues = {"q"}; }), key("sla.applies_to.queues"));
  EXPECT_EQ(acme([](auto& c) { c.sla->entries[1] = false; }), key("sla.applies_to.entries"));
  EXPECT_EQ(acme([](auto& c) { c.sla->valid_from = event_time(1); }), key("sla.valid_from"));
  EXPECT_EQ(acme([](auto& c) { c.sla->version.formula = Formula::kLateAbandonsOnly; }), key("sla.formula"));
  EXPECT_EQ(acme([](auto& c) { c.sla->version.threshold = Millis{30'000}; }), key("sla.threshold"));
  EXPECT_EQ(acme([](auto& c) { c.sla->version.short_abandon = Millis{4'999}; }), key("sla.short_abandon"));
  EXPECT_EQ(acme([](auto& c) { c.sla->version.abandoned[2] = true; }), key("sla.abandoned_reasons"));
  EXPECT_EQ(acme([](auto& c) { c.sla->version.basis = Basis::kEvent; }), key("sla.basis"));
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.voice += Millis{1}; }), Keys{"give_up_after.voice"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.chat += Millis{1}; }), Keys{"give_up_after.chat"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.email += Millis{1}; }), Keys{"give_up_after.email"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.segment += Millis{1}; }), Keys{"give_up_after.segment"});
  EXPECT_EQ(changes([](auto& c) { c.give_up_after.agent_state += Millis{1}; }), Keys{"give_up_after.agent_state"});
  EXPECT_EQ(changes([](auto& c) { c.queue_client.erase("acme-care"); }), Keys{"queues.\"acme-care\".client"});
  EXPECT_EQ(changes([](auto& c) { c.sources_without_wrap.insert("pbx"); }), Keys{"sources.\"pbx\".sends_wrap"});
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

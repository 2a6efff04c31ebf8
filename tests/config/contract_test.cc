// Contracts and calendars in a configuration: what is read, what is refused with which words, and what is printed.
#include <gtest/gtest.h>

#include <fstream>

#include "config/load.h"
#include "config/print.h"
#include "tests/config/messages.h"
#include "tests/support/temp_dir.h"

namespace config {
namespace {

using core::Every;

const char* const kExample =
    "store: {keep_contacts: 160d}\n"
    "calendars:\n"
    "  acme-hours:\n"
    "    timezone: America/New_York\n"
    "    week: {mon-fri: [\"08:00-20:00\"], sat: [\"09:00-13:00\"]}\n"
    "    holidays: [2026-12-25, {date: 2026-12-24, hours: [\"08:00-12:00\"]}]\n"
    "clients:\n"
    "  acme:\n"
    "    timezone: America/New_York\n"
    "    queues: [acme-sales, acme-care]\n"
    "    sla:\n"
    "      - name: voice\n"
    "        applies_to: {channels: [voice]}\n"
    "        versions:\n"
    "          - valid_from: 2026-01-01\n"
    "            formula: offered_less_short\n"
    "            threshold: 20s\n"
    "            short_abandon: 5s\n"
    "            calendar: acme-hours\n"
    "            target: 80%\n"
    "            period: quarter\n"
    "            aggregate: ratio_of_sums\n"
    "            interval: 1h\n"
    "            min_volume: 10\n"
    "            rounding: 2\n"
    "            credits: {fee: 100000 USD, cap: 10%, tiers: [{below: 80%, credit: 2%}, {below: 77.5%, credit: 5%}]}\n"
    "        exclusions: [{from: 2026-03-03T10:00-05:00, to: \"2026-03-03T11:30:00-05:00\", reason: \"client's network "
    "down\", by: \"shift lead\"}]\n"
    "      - name: lost\n"
    "        metric: abandonment_rate\n"
    "        versions: [{at_most: 5%}]\n"
    "      - name: leads\n"
    "        metric: lead_response\n"
    "        versions: [{target: 90%}]\n";

TEST(Contract, IsReadAsItIsWritten) {
  const auto config = load(kExample, "c.yaml");
  ASSERT_TRUE(config.has_value()) << messages(kExample);
  const auto& acme = config->figures.client("acme");
  const core::SlaVersion& version = acme.sla.at(0).versions.at(0);
  const core::Terms& terms = version.terms;
  EXPECT_EQ(terms.target, 800'000);
  EXPECT_FALSE(terms.at_most);
  EXPECT_EQ(terms.period, Every::kQuarter);
  EXPECT_EQ(terms.interval, Every::k1h);
  EXPECT_EQ(terms.min_volume, 10);
  EXPECT_EQ(terms.decimals, 2);
  EXPECT_EQ(terms.calendar, "acme-hours");
  ASSERT_TRUE(terms.credits.has_value());
  EXPECT_EQ(terms.credits->fee.ten_thousandths, 1'000'000'000);
  EXPECT_EQ(terms.credits->currency, "USD");
  EXPECT_EQ(terms.credits->cap, 100'000);
  EXPECT_EQ(terms.credits->tiers, (std::vector<core::CreditTier>{{800'000, 20'000}, {775'000, 50'000}}));
  const core::Exclusion& exclusion = acme.sla.at(0).exclusions.at(0);
  EXPECT_EQ(core::format_rfc3339(exclusion.from), "2026-03-03T15:00:00Z");
  EXPECT_EQ(core::format_rfc3339(exclusion.to), "2026-03-03T16:30:00Z");
  EXPECT_EQ(exclusion.reason, "client's network down");
  EXPECT_EQ(exclusion.by, "shift lead");

  const core::SlaVersion& lost = acme.sla.at(1).versions.at(0);
  EXPECT_TRUE(lost.terms.at_most);
  EXPECT_EQ(lost.terms.target, 50'000);
  EXPECT_EQ(lost.short_abandon, core::SlaVersion::kNoneShort);
  EXPECT_EQ(acme.sla.at(2).versions.at(0).threshold, core::Millis{300'000}) << "the client's leads.target";

  const core::CalendarConfig& hours = config->figures.calendars.at("acme-hours");
  EXPECT_EQ(hours.week[0], hours.week[4]);
  EXPECT_EQ(hours.week[5].size(), 1u);
  EXPECT_TRUE(hours.week[6].empty());
  EXPECT_EQ(hours.days.size(), 2u);
}

TEST(Contract, WhatIsPrintedIsReadAsTheSame) {
  const auto config = load(kExample, "c.yaml");
  ASSERT_TRUE(config.has_value());
  const std::string printed = print(*config);
  const auto again = load(printed, "printed");
  ASSERT_TRUE(again.has_value()) << messages(printed);
  EXPECT_EQ(print(*again), printed);
  EXPECT_EQ(again->figures, config->figures) << printed;
}

/// One version of a profile of `metric`, on line 7.
std::string version(const std::string& keys, const std::string& metric = "service_level") {
  return messages("clients:\n  a:\n    sla:\n      - name: p\n        metric: " + metric +
                  "\n        versions:\n          - {" + keys + "}\n");
}

TEST(Contract, SaysWhatIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(
      version("target: 45s"),
      "c.yaml:7: clients.a.sla[].versions[].target is \"45s\", allowed: a percentage such as 80% where the metric "
      "is a share, else a duration such as 45s\n");
  EXPECT_EQ(
      version("at_most: 80%", "mean_wait"),
      "c.yaml:7: clients.a.sla[].versions[].at_most is \"80%\", allowed: a percentage such as 80% where the metric "
      "is a share, else a duration such as 45s\n");
  EXPECT_NE(version("target: 101%").find("is \"101%\""), std::string::npos);
  EXPECT_EQ(version("target: 80%, at_least: 80%"),
            "c.yaml:7: clients.a.sla[].versions[].at_least stands beside target, allowed: one of target, at_least, "
            "at_most\n");
  EXPECT_EQ(version("calendar: hours"),
            "c.yaml:7: clients.a.sla[].versions[].calendar is \"hours\", allowed: a name among `calendars`\n");
  EXPECT_EQ(
      version("rounding: 5"),
      "c.yaml:7: clients.a.sla[].versions[].rounding is \"5\", allowed: none, or a number of decimals from 0 to 4 "
      "(spans: to 3)\n");
  EXPECT_EQ(version("aggregate: intervals_met"),
            "c.yaml:7: clients.a.sla[].versions[].aggregate is intervals_met without a target, allowed: with target, "
            "at_least or at_most\n");
  EXPECT_EQ(version("target: 80%, intervals_target: 90%"),
            "c.yaml:7: clients.a.sla[].versions[].intervals_target is of aggregate intervals_met, allowed: with it\n");
  EXPECT_EQ(version("target: 80%, credits: {fee: 12, tiers: [{below: 80%, credit: 2%}]}"),
            "c.yaml:7: clients.a.sla[].versions[].credits.fee is \"12\", allowed: an amount of at most 4 decimals with "
            "its currency, such as 100000 USD\n");
  EXPECT_EQ(version("target: 80%, credits: {fee: 12 USD, tiers: [{above: 80%, credit: 2%}]}"),
            "c.yaml:7: clients.a.sla[].versions[].credits.tiers[].above is of a figure that is to be at least the "
            "target, allowed: below\n");
  EXPECT_EQ(version("target: 80%, credits: {fee: 12 USD, tiers: [{credit: 2%}]}"),
            "c.yaml:7: clients.a.sla[].versions[].credits.tiers[].below is missing, allowed: a percentage\n");
  EXPECT_EQ(version("target: 80%, credits: {fee: 12 USD}"),
            "c.yaml:7: clients.a.sla[].versions[].credits.tiers is missing, allowed: a list of at least one tier\n");
  EXPECT_EQ(version("volume_band: {forecast: none.csv}"),
            "c.yaml:7: clients.a.sla[].versions[].volume_band.forecast none.csv: there is no such file, allowed: a CSV "
            "file with the columns start,offered\n");
  EXPECT_EQ(version("period: year"), "") << "nothing is owed";
  EXPECT_EQ(
      version("target: 80%, period: year"),
      "c.yaml:1: store.keep_contacts is 92d, allowed: at least 426d, since profile p of client a is judged by the "
      "year\n");
}

TEST(Contract, ASelectionThatAMetricDoesNotKnowIsRefused) {
  const auto applies = [](const std::string& metric, const std::string& keys) {
    return messages("clients:\n  a:\n    sla:\n      - name: p\n        metric: " + metric + "\n        applies_to: {" +
                    keys + "}\n        versions: [{target: 50%}]\n");
  };
  EXPECT_EQ(applies("lead_response", "queues: q"),
            "c.yaml:6: clients.a.sla[].applies_to.queues is of a profile of lead_response, allowed: nothing, it is of "
            "the whole client\n");
  EXPECT_NE(applies("mean_handle", "entries: inbound").find("allowed: nothing, they are of visits"), std::string::npos);
  EXPECT_NE(applies("occupancy", "channels: voice").find("allowed: nothing, it is of the whole client"),
            std::string::npos);
}

TEST(Contract, OccupancyHasNoBasisAndNoVolume) {
  const auto version = [](const std::string& keys) {
    return messages("clients:\n  a:\n    sla:\n      - name: p\n        metric: occupancy\n        versions: [{" +
                    keys + "}]\n        alerts: [{name: x, enter_above: 90%}]\n");
  };
  EXPECT_EQ(version("at_most: 85%"), "");
  EXPECT_EQ(
      version("at_most: 85%, basis: event"),
      "c.yaml:6: clients.a.sla[].versions[].basis is of a profile of occupancy, allowed: to leave it out, it is of "
      "time and not of visits\n");
  EXPECT_NE(version("at_most: 85%, min_volume: 5").find("versions[].min_volume is of a profile of occupancy"),
            std::string::npos);
}

TEST(Contract, ExclusionsHaveABeginAndALaterEnd) {
  const auto exclusion = [](const std::string& keys) {
    return messages(
        "clients:\n  a:\n    sla:\n      - name: p\n        versions: [{target: 50%}]\n        exclusions: [{" + keys +
        "}]\n");
  };
  EXPECT_EQ(exclusion("from: 2026-03-03T10:00Z, to: 2026-03-03T10:00Z, reason: x"),
            "c.yaml:6: clients.a.sla[].exclusions[].to is not after from, allowed: a later time\n");
  EXPECT_EQ(exclusion("from: 2026-03-03, to: 2026-03-03T10:00Z, reason: x"),
            "c.yaml:6: clients.a.sla[].exclusions[].from is \"2026-03-03\", allowed: a time with an offset such as "
            "2026-03-03T10:00-05:00\n");
  EXPECT_EQ(
      exclusion("to: 2026-03-03T10:00Z, from: 2026-03-02T10:00Z"),
      "c.yaml:6: clients.a.sla[].exclusions[].reason is missing, allowed: text of 1 to 4096 bytes without control "
      "characters\n");
}

TEST(Calendars, SayWhatIsWrong) {
  const auto calendar = [](const std::string& lines) { return messages("calendars:\n  h:\n" + lines); };
  EXPECT_EQ(calendar("    timezone: UTC\n"),
            "c.yaml:2: calendars.h.week is missing, allowed: a mapping from days or ranges of days to lists of hours, "
            "such as mon-fri: [\"08:00-20:00\"]\n");
  EXPECT_EQ(calendar("    week: {mon-fri: [\"08:00-20:00\"], fri: [\"08:00-12:00\"]}\n"),
            "c.yaml:3: calendars.h.week gives fri again, allowed: once\n");
  EXPECT_EQ(calendar("    week: {monday: [\"08:00-20:00\"]}\n"),
            "c.yaml:3: calendars.h.week names \"monday\", allowed: mon to sun, or a range such as mon-fri\n");
  EXPECT_EQ(calendar("    week: {mon: [\"8-20\"]}\n"),
            "c.yaml:3: calendars.h.week holds \"8-20\", allowed: hours such as 08:00-20:00\n");
  EXPECT_EQ(calendar("    week: {sat-mon: \"00:00-24:00\"}\n    holidays:\n      - 2026-12-25\n      - 2026-12-25\n"),
            "c.yaml:6: calendars.h.holidays[].date stands in two holidays, allowed: once\n");
  EXPECT_EQ(calendar("    week: {sun: \"10:00-24:00\"}\n    holidays: [2026-02-30]\n"),
            "c.yaml:4: calendars.h.holidays[].date is \"2026-02-30\", allowed: a date such as 2026-01-01\n");
}

TEST(Forecast, SaysWhichLineIsWrong) {
  const test_support::TempDir folder;
  const auto forecast = [&](const std::string& csv) {
    std::ofstream(folder.path() / "f.csv") << csv;
    const std::string text =
        "clients: {a: {sla: [{name: p, versions: [{target: 80%, volume_band: {forecast: f.csv}}]}]}}\n";
    const auto config = load(text, (folder.path() / "c.yaml").string());
    if (config) return std::to_string(config->figures.client("a").sla[0].versions[0].terms.band->forecast.size());
    return config.error().front().message;
  };
  EXPECT_EQ(forecast("start,offered\n2026-03-02T09:30Z,12\n2026-03-02T09:00:00Z,7\r\n\n"), "2");
  EXPECT_EQ(forecast("start,offered\n2026-03-02T09:30Z,12\n"), "1");
  EXPECT_NE(forecast("start,offered\n2026-03-02T09:15Z,12\n").find("is not the begin of an interval of 30m"),
            std::string::npos);
  EXPECT_NE(forecast("start,offered\n2026-03-02T09:00Z,1\n2026-03-02T10:00Z,1\n").find("no two rows are 30m apart"),
            std::string::npos);
  EXPECT_NE(forecast("start;offered\n").find("line 1: is not the header start,offered"), std::string::npos);
  EXPECT_NE(forecast("start,offered\n2026-03-02T09:30,12\n").find("line 2: does not begin with a time"),
            std::string::npos);
  EXPECT_NE(forecast("start,offered\n2026-03-02T09:30Z,many\n").find("line 2: has no whole number"), std::string::npos);
  EXPECT_NE(forecast("start,offered\n").find("there is no interval"), std::string::npos);
  EXPECT_NE(forecast("start,offered\n2026-03-02T09:30Z,1\n2026-03-02T10:30+01:00,1\n").find("stands there twice"),
            std::string::npos);
}

}  // namespace
}  // namespace config

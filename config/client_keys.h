// The keys of what is agreed with clients: profiles, contracts, calendars, alerts and their receivers. Internal to
// config.
#pragma once

#include <array>
#include <string_view>

#include "config/key_makers.h"
#include "core/alert.h"
#include "core/figure_config.h"

namespace config {

inline constexpr std::array<std::string_view, 5> kPeriods = {"day", "week", "month", "quarter", "year"};
inline constexpr std::array<std::string_view, 3> kIntervals = {"15m", "30m", "1h"};
inline constexpr std::string_view kPercent = "a percentage from 0% to 100% with at most 4 decimals, such as 79.5%";
inline constexpr std::string_view kLevel =
    "a percentage such as 80% where the metric is a share, else a duration such as 45s";
inline constexpr std::string_view kAlertLevel =
    "a percentage where the figure is a share, a duration where it is a span, else a number";
inline constexpr std::string_view kUrl = "http://HOST[:PORT][/PATH] or https://…, without a user or password";
inline constexpr std::string_view kInstant = "a time with an offset such as 2026-03-03T10:00-05:00";

inline constexpr std::array kClientKeys = {
    Key{.path = "clients",
        .kind = Kind::kNamedSections,
        .meaning = "The companies for which the centre works, by name. A queue that none lists belongs to `default`.",
        .allowed = "a mapping from clients' names to their settings"},
    other(Kind::kZone, "clients.*.timezone", "UTC", "Days, weeks and months of the client's figures."),
    texts("clients.*.queues", "[]", 0, "The client's queues. A queue has one client."),
    section("clients.*.leads", "How leads are judged."),
    duration("clients.*.leads.target", "5m", kSecond, kYear, "A first attempt within this is in time."),
    duration("clients.*.leads.redial_gap", "30s", 0, kDay,
             "An attempt at most this long after the one before it does not count again."),
    section("clients.*.deals", "How deals are judged."),
    texts("clients.*.deals.required_costs", "[]", 0,
          "Costs that a deal must state before its profit is known; none named: any cost at all."),
    list("clients.*.sla",
         "Service level profiles: of those that apply to a visit the first with a version in force judges it.",
         "a list of profiles"),
    required_text("clients.*.sla[].name", kNameBytes, "Names the profile."),
    word("clients.*.sla[].metric", "service_level", core::kMetricWords,
         "What it judges. mean_wait and abandonment_rate are of visits, mean_handle of segments; lead_response is the "
         "share of leads with a first attempt within `threshold`, first_response that of chats with an agent's first "
         "message within it; occupancy is that of the agents whose home is the "
         "client."),
    section("clients.*.sla[].applies_to", "Which visits it judges; a key that is left out restricts nothing."),
    texts("clients.*.sla[].applies_to.channels", "all", 1, "Only visits of these channels."),
    texts("clients.*.sla[].applies_to.queues", "all", 1, "Only visits of these queues."),
    words("clients.*.sla[].applies_to.entries", "all", core::kEntryWords, "Only visits that began like this."),
    Key{.path = "clients.*.sla[].versions",
        .kind = Kind::kSections,
        .meaning = "How visits are judged, from which day on: each begins later than the one before, and ends it.",
        .required = true,
        .allowed = "a list of at least one version"},
    other(Kind::kDate, "clients.*.sla[].versions[].valid_from", "",
          "First day of the version, in the client's time zone; without it, from 1970 on."),
    word("clients.*.sla[].versions[].formula", "offered", core::kFormulaWords, "The service level's formula."),
    duration("clients.*.sla[].versions[].threshold", "20s", 0, kYear,
             "T: a wait of exactly T is within. Of lead_response the default is the client's leads.target."),
    duration("clients.*.sla[].versions[].short_abandon", "5s", 0, kYear,
             "S, at most T: who gives up after at most S is a short abandon. Of abandonment_rate those are neither "
             "abandoned nor offered; there the default is none."),
    words("clients.*.sla[].versions[].abandoned_reasons", "[caller, caller_ringing]", core::kLeaveReasonWords,
          "Which reasons of leaving the queue are abandons; all others flowed out."),
    word("clients.*.sla[].versions[].basis", "arrival", core::kBasisWords,
         "Whether a visit counts in the interval of its begin or of its end."),
    formed("clients.*.sla[].versions[].calendar", "",
           "Business hours: visits that begin outside count in figures, not in the contract.",
           "a name among `calendars`"),
    formed("clients.*.sla[].versions[].target", "",
           "What the contract asks for: at least this, at most where less is better.", kLevel),
    formed("clients.*.sla[].versions[].at_least", "", "The same, where the figure must not be below it.", kLevel),
    formed("clients.*.sla[].versions[].at_most", "", "The same, where the figure must not be above it.", kLevel),
    word("clients.*.sla[].versions[].period", "month", kPeriods, "For how long a figure is judged."),
    word("clients.*.sla[].versions[].aggregate", "ratio_of_sums", core::kAggregateWords,
         "How a period is judged: as one, or by the share of its intervals that meet the target."),
    word("clients.*.sla[].versions[].interval", "30m", kIntervals, "Intervals of the contract."),
    formed("clients.*.sla[].versions[].intervals_target", "",
           "intervals_met: which share of the intervals must meet the target; without it the target itself, or 100% "
           "where that is a span.",
           kPercent),
    ranged(Kind::kWhole, "clients.*.sla[].versions[].min_volume", "0", 0, 1'000'000'000,
           "An interval with fewer offered neither alerts nor counts in intervals_met."),
    formed("clients.*.sla[].versions[].rounding", "none",
           "Decimals of per cent or seconds to which the figure is rounded, half up, before it is compared.",
           "none, or a number of decimals from 0 to 4 (spans: to 3)"),
    section("clients.*.sla[].versions[].volume_band", "Only the volume below a band around a forecast is judged."),
    required_text("clients.*.sla[].versions[].volume_band.forecast", kTextBytes,
                  "A CSV file with the columns start,offered, one line an interval; its path begins at this file."),
    formed("clients.*.sla[].versions[].volume_band.up_to", "100%",
           "Of an interval the first so many of the forecast's visits are judged.",
           "a percentage from 0% to 1000% with at most 4 decimals, such as 110%"),
    section("clients.*.sla[].versions[].credits", "Money that is given back where the target is missed."),
    formed("clients.*.sla[].versions[].credits.fee", "", "The period's fee.",
           "an amount of at most 4 decimals with its currency, such as 100000 USD", true),
    formed("clients.*.sla[].versions[].credits.cap", "100%", "The most that is given back, of the fee.", kPercent),
    Key{.path = "clients.*.sla[].versions[].credits.tiers",
        .kind = Kind::kSections,
        .meaning = "What is given back beyond which level: of those reached the largest.",
        .required = true,
        .allowed = "a list of at least one tier"},
    formed("clients.*.sla[].versions[].credits.tiers[].below", "", "Figures below it.", kLevel),
    formed("clients.*.sla[].versions[].credits.tiers[].above", "", "Figures above it (at_most).", kLevel),
    formed("clients.*.sla[].versions[].credits.tiers[].credit", "", "What is given back, of the fee.", kPercent, true),
    list("clients.*.sla[].exclusions", "Times that the contract does not judge.", "a list of exclusions"),
    formed("clients.*.sla[].exclusions[].from", "", "Visits that begin at or after it are not judged.", kInstant, true),
    formed("clients.*.sla[].exclusions[].to", "", "Visits that begin at or after it are judged again.", kInstant, true),
    required_text("clients.*.sla[].exclusions[].reason", kTextBytes, "Why, for the report."),
    text("clients.*.sla[].exclusions[].by", "", kNameBytes, "Who decided it."),
    list("clients.*.sla[].alerts", "What is told before the contract is broken.", "a list of alerts"),
    required_text("clients.*.sla[].alerts[].name", kNameBytes, "Names the alert in the profile."),
    word("clients.*.sla[].alerts[].metric", "", core::kAlertFigureWords,
         "What it watches; without it the profile's metric. Those from service_level to agents_staffed are of each "
         "queue "
         "that the profile applies to, those to leads_overdue of the client, the others of the contract's period. "
         "lead_due is the age of the oldest lead without an attempt that can still be in time, leads_overdue how many "
         "cannot."),
    word("clients.*.sla[].alerts[].window", "30m", core::kWindowWords,
         "Of a share, a mean or a count: the time that it is of, up to now."),
    formed("clients.*.sla[].alerts[].enter_below", "", "It begins where the figure is below it.", kAlertLevel),
    formed("clients.*.sla[].alerts[].enter_above", "", "It begins where the figure is above it.", kAlertLevel),
    formed("clients.*.sla[].alerts[].leave_above", "",
           "It ends where the figure is above it; without it, where it would not begin.", kAlertLevel),
    formed("clients.*.sla[].alerts[].leave_below", "", "The same of an alert that enters above.", kAlertLevel),
    duration("clients.*.sla[].alerts[].for", "0s", 0, kDay, "How long the figure must have been beyond the level."),
    ranged(Kind::kWhole, "clients.*.sla[].alerts[].min_volume", "", 0, 1'000'000'000,
           "A share or mean of fewer does not begin an alert; without it, min_volume of the profile's version."),
    text("clients.*.sla[].alerts[].severity", "warning", kNameBytes, "A word for the receivers."),
    Key{.path = "calendars",
        .kind = Kind::kNamedSections,
        .meaning = "Business hours, by name.",
        .allowed = "a mapping from calendars' names to their settings"},
    other(Kind::kZone, "calendars.*.timezone", "UTC", "Whose clock the hours go by."),
    Key{.path = "calendars.*.week",
        .kind = Kind::kHours,
        .meaning = "Opening hours by day; a day that is left out is closed. Hours may reach into the next day: "
                   "22:00-06:00.",
        .required = true},
    Key{.path = "calendars.*.holidays",
        .kind = Kind::kSections,
        .meaning = "Days with hours of their own. A date alone is a closed day.",
        .allowed = "a list of dates, or of mappings with date and hours",
        .shorthand = "date"},
    Key{.path = "calendars.*.holidays[].date", .kind = Kind::kDate, .meaning = "The day.", .required = true},
    texts("calendars.*.holidays[].hours", "[]", 0, "Its hours, such as 08:00-12:00."),
    section("alerting", "Where alerts are sent; the store always has them."),
    formed("alerting.link", "",
           "Where this floorwatch is to be found by who reads an alert; without it the address that it listens on.",
           kUrl),
    Key{.path = "alerting.alertmanager",
        .kind = Kind::kSections,
        .meaning = "Alertmanagers (API v2). Each is told of every alert.",
        .allowed = "a list of URLs, or of mappings with url",
        .shorthand = "url"},
    formed("alerting.alertmanager[].url", "", "Its address; /api/v2/alerts is added.", kUrl, true),
    Key{.path = "alerting.webhook",
        .kind = Kind::kSections,
        .meaning = "Where each alert is posted as JSON when it begins and when it ends, until it is taken.",
        .allowed = "a list of URLs, or of mappings with url, name and secret",
        .shorthand = "url"},
    other(Kind::kSecret, "alerting.webhook[].url", "",
          "The address, http://HOST[:PORT][/PATH] or https://…: a secret where it has one in it."),
    text("alerting.webhook[].name", "", kNameBytes,
         "What it is called in logs and metrics; without it the address' host."),
    other(Kind::kSecret, "alerting.webhook[].secret", "",
          "Key of the HMAC-SHA256 in the header Floorwatch-Signature; without it there is none."),
    section("alerting.kafka", "A topic to which alerts are written as CloudEvents."),
    required_text("alerting.kafka.brokers", kTextBytes, "host:port, several with commas between."),
    required_text("alerting.kafka.topic", kNameBytes, "The topic."),
    Key{.path = "alerting.kafka.properties",
        .kind = Kind::kProperties,
        .meaning = "Further properties of librdkafka.",
        .allowed = "a mapping from property names to a value or a secret, {env: NAME} or {file: PATH}"},

};

}  // namespace config

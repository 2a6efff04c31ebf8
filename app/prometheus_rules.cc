#include "app/prometheus_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/json_text.h"

namespace app {
namespace {

/// A time series of a test, as promtool writes them: values a minute apart.
struct Series {
  std::string name, values;
};

struct Alert {
  std::string name, expression, hold, severity, summary, action;
  std::vector<Series> fires, quiet;  ///< Of half an hour, at whose end it fires, or does not.
  std::string labels;                ///< Beside alertname and severity, as YAML.
  std::string said;                  ///< The summary where it fires.
  std::string fixed = {};            ///< Labels that tell it from the same alert of another contract, as YAML.
};
struct Group {
  std::string name;
  std::vector<Alert> alerts;
};

/// A string of JSON is one of YAML, and of PromQL.
std::string quoted(const std::string& text) {
  std::string out;
  core::append_json_string(out, text);
  return out;
}

/// With the volume below it a share says little.
std::int64_t volume_guard(const core::Terms& terms) { return std::max<std::int64_t>(terms.min_volume, 5); }

std::string with_labels(const std::string& metric, const std::string& labels) { return metric + "{" + labels + "}"; }

/// The level of the window and of its last minutes is below the target, and something was offered: neither a burst that
/// is over nor a single caller alerts.
Alert level_alert(const std::string& client, const core::SlaProfile& profile, const core::Terms& terms) {
  const std::string of = fmt::format("client={},profile={}", quoted(client), quoted(profile.name));
  const auto window = [&](const char* length) {
    return fmt::format("floorwatch_service_level_ratio{{{},window=\"{}\"}}", of, length);
  };
  const std::string target = with_labels("floorwatch_sla_target_ratio", of);
  const auto below = [&](const char* length) {
    return fmt::format("{} < on(client, profile) group_left() {}", window(length), target);
  };
  const std::string volume =
      fmt::format("floorwatch:contacts_offered:increase30m{{client={}}} >= {}", quoted(client), volume_guard(terms));
  Alert alert;
  alert.name = "FloorwatchServiceLevelLow";
  alert.expression = fmt::format("({}) and on(client, queue, channel) ({}) and on(client, queue, channel) ({})",
                                 below("30m"), below("5m"), volume);
  alert.hold = "2m", alert.severity = "warning";
  alert.summary =
      "{{ $labels.client }}: the service level of {{ $labels.queue }} is {{ $value | humanizePercentage }} in 30 "
      "minutes, below the target of {{ $labels.profile }}";
  alert.action =
      "Look at the queue's oldest wait and at the agents available; move agents, or call them back from pauses.";
  const std::string queue = fmt::format("client={},queue=\"sales\",channel=\"voice\"", quoted(client));
  const auto level = [&](const char* length, const char* value) {
    return Series{fmt::format("floorwatch_service_level_ratio{{{},profile={},window=\"{}\"}}", queue,
                              quoted(profile.name), length),
                  fmt::format("{}x40", value)};
  };
  const Series wanted{target, "0.8x40"}, busy{with_labels("floorwatch_contacts_offered_total", queue), "0+10x40"},
      calm{with_labels("floorwatch_contacts_offered_total", queue), "0+0x40"};
  alert.fires = {level("30m", "0.7"), level("5m", "0.6"), wanted, busy};
  alert.quiet = {level("30m", "0.7"), level("5m", "0.6"), wanted, calm};
  alert.labels = fmt::format("client: {}, queue: sales, channel: voice, profile: {}, window: 30m", quoted(client),
                             quoted(profile.name));
  alert.said =
      fmt::format("{}: the service level of sales is 70% in 30 minutes, below the target of {}", client, profile.name);
  return alert;
}

Alert budget_alert(const std::string& client, const core::SlaProfile& profile) {
  const std::string of = fmt::format("client={},profile={}", quoted(client), quoted(profile.name));
  Alert alert;
  alert.name = "FloorwatchContractBudgetSpent";
  alert.expression = with_labels("floorwatch_sla_misses_left", of) + " < 0";
  alert.hold = "5m", alert.severity = "critical";
  alert.summary =
      "{{ $labels.client }}: more have missed {{ $labels.profile }} than its period allows, even if the rest is like "
      "the "
      "last comparable days ({{ $value }} left)";
  alert.action = "Tell who owns the contract; floorwatch report shows the days and the credit.";
  alert.fires = {{with_labels("floorwatch_sla_misses_left", of), "-3x40"}};
  alert.quiet = {{with_labels("floorwatch_sla_misses_left", of), "0x40"}};
  alert.labels = fmt::format("client: {}, profile: {}", quoted(client), quoted(profile.name));
  alert.said = fmt::format(
      "{}: more have missed {} than its period allows, even if the rest is like the last comparable "
      "days (-3 left)",
      client, profile.name);
  return alert;
}

/// The running period's figure is on the wrong side: of a share where it is projected to end, of a span so far.
Alert contract_alert(const std::string& client, const core::SlaProfile& profile, const core::Terms& terms) {
  const std::string of = fmt::format("client={},profile={}", quoted(client), quoted(profile.name));
  const bool intervals = terms.aggregate == core::Aggregate::kIntervalsMet;
  const bool share = intervals || core::is_share(profile.metric), at_most = !intervals && terms.at_most;
  const std::string figure = share ? "floorwatch_sla_projection_ratio" : "floorwatch_sla_period_seconds",
                    target = share ? "floorwatch_sla_target_ratio" : "floorwatch_sla_target_seconds";
  Alert alert;
  alert.name = "FloorwatchContractAtRisk";
  alert.expression = fmt::format("{} {} {}", with_labels(figure, of), at_most ? ">" : "<", with_labels(target, of));
  alert.hold = "15m", alert.severity = "warning";
  const char* const shown = share ? "{{ $value | humanizePercentage }}" : "{{ $value | humanizeDuration }}";
  alert.summary = fmt::format("{{{{ $labels.client }}}}: the period of {{{{ $labels.profile }}}} {} {}, {} its target",
                              share ? "is projected to end at" : "is at", shown, at_most ? "above" : "below");
  alert.action = "Compare the days in floorwatch report with the plan for the rest of the period.";
  const char* const bad = share ? (at_most ? "0.9" : "0.7") : (at_most ? "60" : "20");
  const char* const level = share ? "0.8" : "45";
  alert.fires = {{with_labels(figure, of), fmt::format("{}x40", bad)},
                 {with_labels(target, of), fmt::format("{}x40", level)}};
  alert.quiet = {{with_labels(figure, of), fmt::format("{}x40", level)},
                 {with_labels(target, of), fmt::format("{}x40", level)}};
  alert.labels = fmt::format("client: {}, profile: {}", quoted(client), quoted(profile.name));
  const char* const said = share ? (at_most ? "90%" : "70%") : (at_most ? "1m 0s" : "20s");
  alert.said = fmt::format("{}: the period of {} {} {}, {} its target", client, profile.name,
                           share ? "is projected to end at" : "is at", said, at_most ? "above" : "below");
  return alert;
}

/// Two rules of one name and the same labels would be taken for one that stands twice.
void tell_apart(Group& group, const std::string& client, const core::SlaProfile& profile, std::size_t first) {
  for (std::size_t i = first; i < group.alerts.size(); ++i) {
    group.alerts[i].fixed = fmt::format(", client: {}, profile: {}", quoted(client), quoted(profile.name));
  }
}

Group contracts_of(const std::string& client, const core::ClientConfig& settings) {
  Group group{"floorwatch-contracts-" + client, {}};
  for (const core::SlaProfile& profile : settings.sla) {
    const core::Terms& terms = profile.versions.back().terms;
    if (!terms.target) continue;
    const std::size_t first = group.alerts.size();
    const bool level = profile.metric == core::Metric::kServiceLevel && !terms.at_most &&
                       terms.aggregate == core::Aggregate::kRatioOfSums;
    if (level) group.alerts.push_back(level_alert(client, profile, terms));
    if (core::counts_misses(profile.metric)) group.alerts.push_back(budget_alert(client, profile));
    group.alerts.push_back(contract_alert(client, profile, terms));
    tell_apart(group, client, profile, first);
  }
  return group;
}

Group health() {
  Group group{"floorwatch-health", {}};
  const auto add = [&](Alert alert) { group.alerts.push_back(std::move(alert)); };
  add({"FloorwatchDown",
       "absent(floorwatch_build_info)",
       "1m",
       "critical",
       "floorwatch is not scraped: no figures, no alerts",
       "Look at its log; a start goes on where it stopped.",
       {},
       {{"floorwatch_build_info", "1x40"}},
       "",
       "floorwatch is not scraped: no figures, no alerts"});
  add({"FloorwatchDataLate",
       "time() - floorwatch_as_of_timestamp_seconds > 120",
       "1m",
       "critical",
       "figures are of {{ $value | humanizeDuration }} ago: every other alert may be late",
       "Look at /readyz and floorwatch_consumer_lag_events: is the source silent, or floorwatch behind?",
       {{"floorwatch_as_of_timestamp_seconds", "0x40"}},
       {{"floorwatch_as_of_timestamp_seconds", "0+60x40"}},
       "",
       "figures are of 30m 0s ago: every other alert may be late"});
  add({"FloorwatchBehind",
       "floorwatch_consumer_lag_events > 10000 and deriv(floorwatch_consumer_lag_events[5m]) > 0",
       "5m",
       "warning",
       "{{ $labels.source }}: {{ $value }} events are not read yet, and it grows",
       "Look at the CPU of floorwatch and of the broker.",
       {{"floorwatch_consumer_lag_events{source=\"manila\"}", "0+1000x40"}},
       {{"floorwatch_consumer_lag_events{source=\"manila\"}", "40000-1000x40"}},
       "source: manila",
       "manila: 30000 events are not read yet, and it grows"});
  add({"FloorwatchRejectsEvents",
       "sum by (source, reason) (increase(floorwatch_events_rejected_total[10m])) > 0",
       "0m",
       "warning",
       "{{ $labels.source }}: events are rejected as {{ $labels.reason }}",
       "floorwatch dead-letters shows them with their positions.",
       {{"floorwatch_events_rejected_total{source=\"manila\",reason=\"json\"}", "0+1x40"}},
       {{"floorwatch_events_rejected_total{source=\"manila\",reason=\"json\"}", "7x40"}},
       "source: manila, reason: json",
       "manila: events are rejected as json"});
  add({"FloorwatchCommitsStand",
       "time() - floorwatch_last_commit_timestamp_seconds > 30",
       "1m",
       "critical",
       "nothing was committed for {{ $value | humanizeDuration }}",
       "Look at /readyz: disk full, store locked by another program?",
       {{"floorwatch_last_commit_timestamp_seconds", "0x40"}},
       {{"floorwatch_last_commit_timestamp_seconds", "0+60x40"}},
       "",
       "nothing was committed for 30m 0s"});
  add({"FloorwatchAlertsNotSent",
       "floorwatch_alert_messages_waiting > 0",
       "5m",
       "critical",
       "{{ $labels.channel }} has not taken {{ $value }} alerts for five minutes",
       "Look at floorwatch's log: what does the receiver answer?",
       {{"floorwatch_alert_messages_waiting{channel=\"webhook x\"}", "2x40"}},
       {{"floorwatch_alert_messages_waiting{channel=\"webhook x\"}", "0x40"}},
       "channel: webhook x",
       "webhook x has not taken 2 alerts for five minutes"});
  return group;
}

std::vector<Group> groups_of(const core::FigureConfig& config, bool contracts) {
  std::vector<Group> groups;
  for (const auto& [client, settings] : config.clients) {
    if (!contracts) break;
    Group group = contracts_of(client, settings);
    if (!group.alerts.empty()) groups.push_back(std::move(group));
  }
  groups.push_back(health());
  return groups;
}

void write_test(std::string& out, const Alert& alert, const std::vector<Series>& series, bool fires) {
  out += "  - interval: 1m\n";
  out += series.empty() ? "    input_series: []\n" : "    input_series:\n";
  for (const Series& one : series) {
    out += fmt::format("      - series: {}\n        values: {}\n", quoted(one.name), quoted(one.values));
  }
  out += fmt::format("    alert_rule_test:\n      - eval_time: 30m\n        alertname: {}\n", alert.name);
  if (!fires) {
    out += "        exp_alerts: []\n";
    return;
  }
  out += fmt::format(
      "        exp_alerts:\n          - exp_labels: {{severity: {}{}}}\n"
      "            exp_annotations: {{summary: {}, action: {}}}\n",
      alert.severity, alert.labels.empty() ? "" : ", " + alert.labels, quoted(alert.said), quoted(alert.action));
}

}  // namespace

std::string prometheus_rules(const core::FigureConfig& config, bool contracts) {
  std::string out =
      "# Written by `floorwatch rules`. Every alert says what is wrong (summary) and what to do first (action).\n"
      "groups:\n"
      "  - name: floorwatch-recording\n    rules:\n"
      "      - record: floorwatch:contacts_offered:increase30m\n"
      "        expr: sum by (client, queue, channel) (increase(floorwatch_contacts_offered_total[30m]))\n";
  for (const Group& group : groups_of(config, contracts)) {
    out += fmt::format("  - name: {}\n    rules:\n", quoted(group.name));
    for (const Alert& alert : group.alerts) {
      out += fmt::format(
          "      - alert: {}\n        expr: {}\n        for: {}\n        labels: {{severity: {}{}}}\n"
          "        annotations:\n          summary: {}\n          action: {}\n",
          alert.name, quoted(alert.expression), alert.hold, alert.severity, alert.fixed, quoted(alert.summary),
          quoted(alert.action));
    }
  }
  return out;
}

std::string prometheus_rule_tests(const core::FigureConfig& config, bool contracts, const std::string& rules_file) {
  std::string out = fmt::format(
      "# Written by `floorwatch rules --tests`; run: promtool test rules THIS_FILE\n"
      "rule_files: [{}]\nevaluation_interval: 1m\ntests:\n",
      quoted(rules_file));
  for (const Group& group : groups_of(config, contracts)) {
    for (const Alert& alert : group.alerts) {
      write_test(out, alert, alert.fires, true), write_test(out, alert, alert.quiet, false);
    }
  }
  return out;
}

}  // namespace app

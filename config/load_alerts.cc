// Alerts of a profile, and where they are sent.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/parts.h"
#include "config/values.h"
#include "core/decimal.h"
#include "core/url.h"

namespace config {
namespace {

using core::AlertFigure;
using core::AlertUnit;

/// "80%", "120s" or "3", by what the figure is.
auto level_of(AlertUnit unit) {
  return [unit](std::string_view text) -> std::optional<core::Level> {
    if (unit == AlertUnit::kShare) return parse_percent(text);
    if (unit == AlertUnit::kNumber) {
      const auto number = core::parse_decimal(text);
      constexpr std::int64_t kMost = 1'000'000'000'000LL * 10'000, kPerDecimal = core::kWhole / 10'000;
      const bool fits = number && std::max(number->ten_thousandths, -number->ten_thousandths) <= kMost;
      return fits ? std::optional(number->ten_thousandths * kPerDecimal) : std::nullopt;
    }
    const auto span = core::parse_duration(text);
    return span ? std::optional(span->count()) : std::nullopt;
  };
}

/// Which of two keys that exclude each other is there; nullptr where neither is.
const char* one_of(const Section& section, const char* first, const char* second) {
  if (section.has(first) && section.has(second)) {
    section.report(second, fmt::format("stands beside {}, allowed: one of them", first));
  }
  return section.has(first) ? first : section.has(second) ? second : nullptr;
}

void load_levels(const Section& section, core::AlertRule& rule) {
  std::map<std::string_view, std::optional<core::Level>> levels;
  for (const char* key : {"enter_below", "enter_above", "leave_above", "leave_below"}) {
    levels[key] = formed_value(section, key, level_of(rule.unit));
  }
  const char* const enter = one_of(section, "enter_below", "enter_above");
  if (enter == nullptr) {
    section.report(section.line(),
                   fmt::format("{} is missing, allowed: enter_below or enter_above", section.shown("enter_below")));
    return;
  }
  rule.below = std::string_view(enter) == "enter_below";
  const char* const side = rule.below ? "leave_above" : "leave_below";
  const char* const other = rule.below ? "leave_below" : "leave_above";
  if (section.has(other)) section.report(other, fmt::format("stands beside {}, allowed: {}", enter, side));
  rule.enter = levels[enter].value_or(0);
  rule.leave = levels[side];
  if (!levels[enter] || !rule.leave) return;
  if (rule.below ? *rule.leave < rule.enter : *rule.leave > rule.enter) {
    section.report(side, fmt::format("is {} {}, allowed: at {} it, so that an alert does not begin and end at once",
                                     rule.below ? "below" : "above", enter, rule.below ? "least" : "most"));
  }
}

bool judges_intervals(const core::SlaProfile& profile) {
  return !profile.versions.empty() && profile.versions.back().terms.aggregate == core::Aggregate::kIntervalsMet;
}
bool judges_share(const core::SlaProfile& profile) {
  return core::is_share(profile.metric) || judges_intervals(profile);
}

/// What a figure does not have would have to be passed over silently.
void check_figure(const Section& section, const core::SlaProfile& profile, const core::AlertRule& rule) {
  const auto of = core::kAlertFigureWords[core::index(rule.figure)];
  if (section.has("window") && !core::has_window(rule.figure)) {
    section.report("window", fmt::format("is of {}, which has none, allowed: to leave it out", of));
  }
  if (rule.figure != AlertFigure::kMissesLeft) return;
  const auto owes = [](const core::SlaVersion& version) { return version.terms.target.has_value(); };
  const bool counted = judges_share(profile) && (core::counts_misses(profile.metric) || judges_intervals(profile));
  if (counted && std::ranges::any_of(profile.versions, owes)) return;
  section.report(
      section.line("metric"),
      fmt::format(
          "profile {} asks for no share of things, of which misses_left would be, allowed: with target, at_least "
          "or at_most",
          profile.name));
}

core::AlertRule load_alert(const Section& section, const std::string& client, const core::SlaProfile& profile,
                           core::Millis lead_target) {
  core::AlertRule rule;
  rule.client = client, rule.profile = profile.name;
  rule.name = section.text("name");
  rule.figure = core::alert_figure_of(profile.metric);
  if (section.has("metric")) {
    const std::size_t word = section.word("metric");
    if (word < core::kAlertFigureWords.size()) rule.figure = static_cast<AlertFigure>(word);
  }
  rule.unit = core::unit_of(rule.figure, judges_share(profile) ? AlertUnit::kShare : AlertUnit::kSpan);
  rule.window = static_cast<core::Window>(section.word("window"));
  load_levels(section, rule);
  rule.hold = section.duration("for");
  if (section.has("min_volume")) rule.min_volume = section.whole("min_volume");
  rule.severity = section.text("severity");
  check_figure(section, profile, rule);
  if (rule.figure == AlertFigure::kLeadDue && !rule.below && core::Millis{rule.enter} >= lead_target) {
    section.report(
        "enter_above",
        fmt::format("is {}, which no lead that can still be in time reaches, allowed: less than leads.target, "
                    "which is {}",
                    core::format_duration(core::Millis{rule.enter}), core::format_duration(lead_target)));
  }
  return rule;
}

/// Shown in logs and metrics as it is written.
std::string load_url(const Section& section, std::string_view name) {
  const auto checked = [](std::string_view text) {
    return core::parse_url(text) ? std::optional(std::string(text)) : std::nullopt;
  };
  return formed_value(section, name, checked).value_or("");
}

std::optional<AlertingConfig::Webhook> load_webhook(const Section& section, bool resolve_secrets) {
  AlertingConfig::Webhook webhook;
  webhook.secret = section.secret("secret", resolve_secrets);
  webhook.name = section.has("name") ? section.text("name") : "";
  auto url = section.secret("url", resolve_secrets);
  if (!section.has("url")) section.report("url", "is missing, allowed: an address");
  if (!url) return std::nullopt;
  webhook.url = std::move(*url);
  const auto parsed = core::parse_url(webhook.url.value);
  const bool known = resolve_secrets || webhook.url.from == SecretText::From::kConfiguration;
  if (known && !parsed) {
    section.report("url", "is no address, allowed: http://HOST[:PORT][/PATH] or https://…, without a user or password");
    return std::nullopt;
  }
  if (webhook.name.empty()) webhook.name = parsed ? core::host_header(*parsed) : webhook.url.reference;
  return webhook;
}

}  // namespace

void load_alerts(const Section& profile_section, const std::string& client, const core::SlaProfile& profile,
                 core::Millis lead_target, std::vector<core::AlertRule>& alerts) {
  const std::size_t first = alerts.size();
  for (const Section& section : profile_section.sections("alerts")) {
    core::AlertRule rule = load_alert(section, client, profile, lead_target);
    const auto begin = alerts.begin() + static_cast<std::ptrdiff_t>(first);
    const auto same_name = [&](const core::AlertRule& other) { return other.name == rule.name; };
    if (!rule.name.empty() && std::any_of(begin, alerts.end(), same_name)) {
      section.report("name", fmt::format("is {} of two alerts, allowed: a name of its own for each", rule.name));
    }
    alerts.push_back(std::move(rule));
  }
}

AlertingConfig load_alerting(const Section& alerting, bool resolve_secrets) {
  AlertingConfig config;
  if (alerting.has("link")) config.link = load_url(alerting, "link");
  const auto add_once = [](std::set<std::string>& seen, const Section& section, const std::string& url) {
    if (!url.empty() && !seen.insert(url).second)
      section.report(section.has("name") ? "name" : "url", fmt::format("names {} twice, allowed: once", url));
  };
  std::set<std::string> alertmanagers, webhooks;
  for (const Section& one : alerting.sections("alertmanager")) {
    config.alertmanagers.push_back(load_url(one, "url"));
    add_once(alertmanagers, one, config.alertmanagers.back());
  }
  for (const Section& one : alerting.sections("webhook")) {
    if (auto webhook = load_webhook(one, resolve_secrets)) {
      add_once(webhooks, one, webhook->name);
      config.webhooks.push_back(std::move(*webhook));
    }
  }
  if (alerting.has("kafka")) {
    const Section kafka = alerting.section("kafka");
    config.kafka = AlertingConfig::Kafka{kafka.text("brokers"), kafka.text("topic"),
                                         kafka.properties("properties", resolve_secrets)};
  }
  return config;
}

}  // namespace config

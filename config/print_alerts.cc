// Alerts and secrets, as a configuration writes them.
#include "config/print_parts.h"
#include "config/secret.h"
#include "config/values.h"
#include "core/url.h"

namespace config {
namespace {

constexpr const char* kMask = "********";

std::string level_text(core::AlertUnit unit, core::Level level) {
  if (unit == core::AlertUnit::kShare) return format_percent(level);
  if (unit == core::AlertUnit::kSpan) return core::format_duration(core::Millis{level});
  return core::format_decimal({level / (core::kWhole / 10'000)});
}

void put_alert(Out& out, const core::AlertRule& rule) {
  out << YAML::BeginMap;
  put(out, "name", rule.name);
  put(out, "metric", std::string(core::kAlertFigureWords[core::index(rule.figure)]));
  if (core::has_window(rule.figure)) put(out, "window", std::string(core::kWindowWords[core::index(rule.window)]));
  put(out, rule.below ? "enter_below" : "enter_above", level_text(rule.unit, rule.enter));
  if (rule.leave) put(out, rule.below ? "leave_above" : "leave_below", level_text(rule.unit, *rule.leave));
  put(out, "for", rule.hold);
  if (rule.min_volume) put(out, "min_volume", *rule.min_volume);
  put(out, "severity", rule.severity);
  out << YAML::EndMap;
}

/// More than a host: a path or a query may let in who knows it.
bool holds_secret(const std::string& url) {
  const auto parsed = core::parse_url(url);
  return !parsed || parsed->target != "/";
}

}  // namespace

void put_secret(Out& out, const std::string& name, const SecretText& text, bool masked) {
  out << YAML::Key << name << YAML::Value;
  if (text.from == SecretText::From::kConfiguration) {
    out << (masked ? kMask : text.value);
    return;
  }
  out << YAML::Flow << YAML::BeginMap;
  put(out, text.from == SecretText::From::kEnvironment ? "env" : "file", text.reference);
  out << YAML::EndMap;
}

void put_properties(Out& out, const std::map<std::string, SecretText>& properties) {
  if (properties.empty()) return;
  put_section(out, "properties", [&] {
    for (const auto& [name, text] : properties) put_secret(out, name, text, is_secret_property(name));
  });
}

void print_alerts(Out& out, const std::vector<core::AlertRule>& alerts) {
  if (alerts.empty()) return;
  out << YAML::Key << "alerts" << YAML::Value << YAML::BeginSeq;
  for (const core::AlertRule& rule : alerts) put_alert(out, rule);
  out << YAML::EndSeq;
}

void print_alerting(Out& out, const AlertingConfig& alerting) {
  if (alerting == AlertingConfig{}) return;
  const auto each = [&](const char* name, const auto& all, const auto& write) {
    if (all.empty()) return;
    out << YAML::Key << name << YAML::Value << YAML::BeginSeq;
    for (const auto& one : all) {
      out << YAML::BeginMap;
      write(one);
      out << YAML::EndMap;
    }
    out << YAML::EndSeq;
  };
  put_section(out, "alerting", [&] {
    if (!alerting.link.empty()) put(out, "link", alerting.link);
    each("alertmanager", alerting.alertmanagers, [&](const std::string& url) { put(out, "url", url); });
    each("webhook", alerting.webhooks, [&](const AlertingConfig::Webhook& webhook) {
      put_secret(out, "url", webhook.url, holds_secret(webhook.url.value));
      put(out, "name", webhook.name);
      if (webhook.secret) put_secret(out, "secret", *webhook.secret, true);
    });
    if (!alerting.kafka) return;
    put_section(out, "kafka", [&] {
      put(out, "brokers", alerting.kafka->brokers);
      put(out, "topic", alerting.kafka->topic);
      put_properties(out, alerting.kafka->properties);
    });
  });
}

}  // namespace config

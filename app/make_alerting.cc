#include "app/make_alerting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sinks/alerts/alert_senders.h"
#include "sinks/alerts/receivers.h"

namespace app {

core::Result<std::unique_ptr<core::AlertSender>> make_alert_sender(const config::AlertingConfig& config,
                                                                   const std::string& address) {
  const std::string base = config.link.empty() ? address : config.link;
  const std::string link = base + (base.ends_with('/') ? "" : "/") + "api/v1/alerts";
  std::vector<std::unique_ptr<sinks::AlertChannel>> channels;
  for (const std::string& url : config.alertmanagers) channels.push_back(sinks::make_alertmanager(url, link));
  for (const config::AlertingConfig::Webhook& webhook : config.webhooks) {
    channels.push_back(
        sinks::make_webhook(webhook.name, webhook.url.value, webhook.secret ? webhook.secret->value : "", link));
  }
  if (config.kafka) {
    std::map<std::string, std::string> properties;
    for (const auto& [name, value] : config.kafka->properties) properties[name] = value.value;
    auto topic = sinks::make_alert_topic(config.kafka->brokers, config.kafka->topic, properties, link);
    if (!topic) return core::fail("alerting.kafka: " + topic.error().message);
    channels.push_back(std::move(*topic));
  }
  return std::make_unique<sinks::AlertSenders>(std::move(channels));
}

std::string describe_alerts(const std::vector<core::AlertRule>& rules, const core::AlertSender& sender) {
  const auto channels = sender.channels();
  return fmt::format("  alerts: {} rules, to the store{}{}\n", rules.size(), channels.empty() ? "" : ", ",
                     fmt::join(channels, ", "));
}

}  // namespace app

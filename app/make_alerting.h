// The receivers of alerts that a configuration names.
#pragma once

#include <memory>
#include <string>

#include "config/config.h"
#include "core/alert_channel.h"
#include "core/result.h"

namespace app {

/// `address`: where this program is found, if the configuration does not say. The error names the receiver that cannot
/// be made, and why.
core::Result<std::unique_ptr<core::AlertSender>> make_alert_sender(const config::AlertingConfig& config,
                                                                   const std::string& address);

/// One line for each: "alerts: 3 rules to alertmanager http://localhost:9093, …".
std::string describe_alerts(const std::vector<core::AlertRule>& rules, const core::AlertSender& sender);

}  // namespace app

// Alerts as receivers read them.
#pragma once

#include <span>
#include <string>

#include "core/alert_channel.h"
#include "core/time.h"

namespace sinks {

/// One JSON object: id, status, names, times, summary, action, facts, link. `link`: where to find more.
std::string alert_json(const core::AlertDelivery& delivery, const std::string& link);

/// A CloudEvent (structured mode) of type alert.firing or alert.resolved, with that object as data.
std::string alert_cloud_event(const core::AlertDelivery& delivery, const std::string& link);

/// An alert for Alertmanager's API v2, which goes by the wall clock: one that fires ends `until`, unless it is told
/// again.
struct AlertmanagerAlert {
  const core::Alert* alert;
  core::AlertStage stage;
};
std::string alertmanager_json(std::span<const AlertmanagerAlert> alerts, core::WallTime until, const std::string& link);

/// The same for every delivery of one stage of one alert, so that a receiver can drop a repeated one.
std::string delivery_id(const core::AlertMessage& message);

}  // namespace sinks

// The receivers of alerts that can be configured. `link` is where they find more.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sinks/alerts/channel.h"

namespace sinks {

/// Alertmanager's API v2 at this address. It forgets an alert that is not told again, so every minute it is. By its
/// rules an alert may be told twice: it goes by the labels.
std::unique_ptr<AlertChannel> make_alertmanager(const std::string& url, const std::string& link);

/// Posts each delivery as JSON. With a secret the header Floorwatch-Signature is "t=SECONDS,v1=HEX": HMAC-SHA256 of
/// "SECONDS.BODY"; Floorwatch-Delivery is the same for a delivery that is repeated. The address may hold a secret, so
/// the channel is known by its name.
std::unique_ptr<AlertChannel> make_webhook(const std::string& name, const std::string& url, const std::string& secret,
                                           const std::string& link);

/// Writes each delivery as a CloudEvent, keyed by the alert's id. A Failure without retry where librdkafka refuses the
/// properties.
core::Result<std::unique_ptr<AlertChannel>> make_alert_topic(const std::string& brokers, const std::string& topic,
                                                             const std::map<std::string, std::string>& properties,
                                                             const std::string& link);

}  // namespace sinks

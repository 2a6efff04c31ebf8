// One receiver of alerts: an Alertmanager, a webhook, a topic.
#pragma once

#include <span>
#include <string>

#include "core/alert_channel.h"
#include "core/result.h"

namespace sinks {

/// Confined to the thread of its worker, but for name() and cancel(), which are thread-safe.
class AlertChannel {
 public:
  virtual ~AlertChannel() = default;

  /// As messages have it: "webhook https://pager.example/hook".
  virtual const std::string& name() const = 0;
  /// Whether the receiver has taken it. Waits for it some seconds at most; a Failure is tried again.
  virtual core::Result<void> send(const core::AlertDelivery& delivery) = 0;

  /// A receiver that forgets what it is not told again: how often, and of what.
  virtual core::Millis refresh_every() const { return core::Millis::max(); }
  virtual core::Result<void> refresh(std::span<const core::Alert> firing) {
    static_cast<void>(firing);
    return {};
  }

  /// Ends what waits, and everything that would wait later.
  virtual void cancel() = 0;
};

}  // namespace sinks

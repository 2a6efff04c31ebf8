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
  /// So many go in one message at most, of each alert one stage.
  virtual std::size_t most_at_once() const { return 1; }
  /// Whether the receiver has taken them. Waits for it some seconds at most. A Failure is tried again; one without a
  /// retry is what the receiver finds wrong with them.
  virtual core::Result<void> send(std::span<const core::AlertDelivery> deliveries) = 0;

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

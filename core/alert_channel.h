// Who tells people of alerts. The pipeline hands over what a commit has kept, and hears what has been taken.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/alert.h"

namespace core {

/// An alert as it was when its commit was made, and which stage of it a channel is to be told.
struct AlertDelivery {
  AlertMessage message;
  Alert alert;
};

/// Thread-safe.
class AlertSender {
 public:
  virtual ~AlertSender() = default;

  /// The channels' names, as messages have them.
  virtual std::vector<std::string> channels() const = 0;
  /// Called on a thread of the sender for every delivery that a channel is done with: taken, or refused for good.
  using Taken = std::function<void(const AlertMessage&, bool refused)>;
  /// `firing`: told of before.
  virtual void start(std::vector<Alert> firing, Taken taken) = 0;
  /// Each channel is told in the order of the calls, of one after the other. Does not wait.
  virtual void send(std::vector<AlertDelivery> deliveries) = 0;
  /// What is not sent by then is sent after the next start. Idempotent.
  virtual void stop() = 0;
};

}  // namespace core

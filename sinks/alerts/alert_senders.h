// Every channel has a thread of its own that tells it one thing after the other, again and again until it is taken: a
// receiver that is away holds up nobody else, and hears of an alert's end only after its beginning.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/alert_channel.h"
#include "sinks/alerts/channel.h"

namespace sinks {

/// Between two tries: the first wait, doubled each time up to the longest.
struct Backoff {
  core::Millis first{1000}, longest{30'000};
};

/// Thread-safe. Constructing starts nothing.
class AlertSenders final : public core::AlertSender {
 public:
  explicit AlertSenders(std::vector<std::unique_ptr<AlertChannel>> channels, Backoff backoff = {});
  ~AlertSenders() override;

  std::vector<std::string> channels() const override;
  void start(std::vector<core::Alert> firing, Taken taken) override;
  void send(std::vector<core::AlertDelivery> deliveries) override;
  void stop() override;

 private:
  class Worker;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace sinks

// A sender of alerts that takes everything at once and remembers it.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/alert_channel.h"

namespace test_support {

/// Thread-safe. `takes`: whether deliveries count as taken.
class Told final : public core::AlertSender {
 public:
  explicit Told(bool takes = true) : takes_(takes) {}

  std::vector<std::string> channels() const override { return {"told"}; }
  void start(std::vector<core::Alert> firing, Taken taken) override {
    const std::lock_guard lock(mutex_);
    firing_ = std::move(firing);
    taken_ = std::move(taken);
  }
  void send(std::vector<core::AlertDelivery> deliveries) override {
    for (auto& delivery : deliveries) {
      if (takes_) taken_(delivery.message, false);
      const std::lock_guard lock(mutex_);
      deliveries_.push_back(std::move(delivery));
    }
  }
  void stop() override {}

  std::vector<core::AlertDelivery> deliveries() const {
    const std::lock_guard lock(mutex_);
    return deliveries_;
  }
  std::vector<core::Alert> firing() const {
    const std::lock_guard lock(mutex_);
    return firing_;
  }
  /// "sl of sales firing, sl of sales resolved"
  std::string said() const {
    std::string text;
    for (const auto& [message, alert] : deliveries()) {
      text += (text.empty() ? "" : ", ") + alert.key.name + (alert.key.queue.empty() ? "" : " of " + alert.key.queue) +
              ' ' + std::string(core::kAlertStageWords[core::index(message.stage)]);
    }
    return text;
  }

 private:
  const bool takes_;
  mutable std::mutex mutex_;
  Taken taken_;
  std::vector<core::AlertDelivery> deliveries_;
  std::vector<core::Alert> firing_;
};

}  // namespace test_support

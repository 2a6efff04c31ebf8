#include "sinks/alerts/alert_senders.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace sinks {

using core::AlertDelivery;
using core::AlertStage;

/// One channel and its queue. Thread-safe; the channel is its own thread's.
class AlertSenders::Worker {
 public:
  using Taken = std::function<void(const core::AlertMessage&)>;

  Worker(std::unique_ptr<AlertChannel> channel, Backoff backoff) : channel_(std::move(channel)), backoff_(backoff) {}
  ~Worker() { begin_stop(), end_stop(); }

  const std::string& name() const { return channel_->name(); }

  void start(std::vector<core::Alert> firing, Taken taken) {
    if (thread_.joinable()) return;
    firing_ = std::move(firing);
    taken_ = std::move(taken);
    thread_ = std::thread([this] { work(); });
  }
  void push(AlertDelivery delivery) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(delivery));
    }
    changed_.notify_all();
  }
  void begin_stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
  }
  /// What is just being sent has a moment to be taken: broken off it would be sent again.
  void end_stop() {
    if (!thread_.joinable()) return;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kLastMoment, [&] { return ended_; });
    }
    channel_->cancel();
    thread_.join();
  }

 private:
  static constexpr core::Millis kLastMoment{2000};
  using Clock = std::chrono::steady_clock;

  void work() {
    auto refresh_at = Clock::now();  // At once: the receiver may have forgotten while nobody told it.
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const auto now = Clock::now();
      const bool again = channel_->refresh_every() != core::Millis::max() && !firing_.empty();
      if (!queue_.empty() && now >= retry_at_) {
        AlertDelivery delivery = queue_.front();
        lock.unlock();
        const bool done = send(delivery);
        lock.lock();
        if (done) queue_.pop_front();
      } else if (again && now >= refresh_at && now >= retry_at_) {
        lock.unlock();
        if (heard(channel_->refresh(firing_))) refresh_at = now + channel_->refresh_every();
        lock.lock();
      } else {
        auto until = Clock::time_point::max();
        if (!queue_.empty()) until = retry_at_;
        if (again) until = std::min(until, std::max(refresh_at, retry_at_));
        const std::size_t known = queue_.size();
        const auto more = [&] { return stopping_ || queue_.size() != known; };
        // A wait for ever overflows the clocks of some systems.
        if (until == Clock::time_point::max()) changed_.wait(lock, more);
        if (until != Clock::time_point::max()) changed_.wait_until(lock, until, more);
      }
    }
    ended_ = true;
    changed_.notify_all();
  }

  bool send(const AlertDelivery& delivery) {
    if (!heard(channel_->send(delivery))) return false;
    std::erase_if(firing_, [&](const core::Alert& alert) { return alert.id == delivery.alert.id; });
    if (delivery.message.stage == AlertStage::kFiring) firing_.push_back(delivery.alert);
    taken_(delivery.message);
    return true;
  }

  /// Whether it went well; if not, when to try again.
  bool heard(const core::Result<void>& result) {
    if (result) {
      if (wait_) spdlog::info("alerts: {} takes them again", name());
      wait_.reset();
      return true;
    }
    if (!wait_ && !stopping_) spdlog::error("alerts: {}: {}; trying again", name(), result.error().message);
    wait_ = wait_ ? std::min(2 * *wait_, backoff_.longest) : backoff_.first;
    retry_at_ = Clock::now() + *wait_;
    return false;
  }

  std::unique_ptr<AlertChannel> channel_;
  const Backoff backoff_;
  Taken taken_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<AlertDelivery> queue_;
  std::atomic<bool> stopping_{false};
  bool ended_ = false;
  std::thread thread_;

  // Confined to the thread.
  std::vector<core::Alert> firing_;  ///< What the receiver has been told of, and not of its end.
  std::optional<core::Millis> wait_;
  Clock::time_point retry_at_{};
};

AlertSenders::AlertSenders(std::vector<std::unique_ptr<AlertChannel>> channels, Backoff backoff) {
  for (auto& channel : channels) workers_.push_back(std::make_unique<Worker>(std::move(channel), backoff));
}
AlertSenders::~AlertSenders() { stop(); }

std::vector<std::string> AlertSenders::channels() const {
  std::vector<std::string> names;
  for (const auto& worker : workers_) names.push_back(worker->name());
  return names;
}

void AlertSenders::start(std::vector<core::Alert> firing, std::function<void(const core::AlertMessage&)> taken) {
  for (const auto& worker : workers_) worker->start(firing, taken);
}

void AlertSenders::send(std::vector<AlertDelivery> deliveries) {
  for (AlertDelivery& delivery : deliveries) {
    const auto of = [&](const auto& worker) { return worker->name() == delivery.message.channel; };
    const auto worker = std::ranges::find_if(workers_, of);
    if (worker != workers_.end()) (*worker)->push(std::move(delivery));
  }
}

void AlertSenders::stop() {
  for (const auto& worker : workers_) worker->begin_stop();
  for (const auto& worker : workers_) worker->end_stop();
}

}  // namespace sinks

#include "sinks/alerts/alert_senders.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>

#include "core/printable_text.h"

namespace sinks {

using core::AlertDelivery;
using core::AlertStage;

namespace {

constexpr core::Millis kLastMoment{2000};

}  // namespace

/// One channel and its queue. Thread-safe; the channel is its own thread's.
class AlertSenders::Worker {
 public:
  using Taken = core::AlertSender::Taken;

  Worker(std::unique_ptr<AlertChannel> channel, Backoff backoff) : channel_(std::move(channel)), backoff_(backoff) {}
  ~Worker() { begin_stop(), end_stop({}); }

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
  /// What is just being sent has until then to be taken: broken off it would be sent again.
  void end_stop(std::chrono::steady_clock::time_point until) {
    if (!thread_.joinable()) return;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_until(lock, until, [&] { return ended_; });
    }
    channel_->cancel();
    thread_.join();
  }

 private:
  using Clock = std::chrono::steady_clock;
  /// What a receiver finds wrong with a message, it mostly finds wrong for ever.
  static constexpr int kMostRefusals = 3;

  void work() {
    auto refresh_at = Clock::now();  // At once: the receiver may have forgotten while nobody told it.
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const auto now = Clock::now();
      const bool again = channel_->refresh_every() != core::Millis::max() && !firing_.empty();
      if (!queue_.empty() && now >= retry_at_) {
        const std::vector<AlertDelivery> next = first_of_queue();
        lock.unlock();
        const bool done = send(next);
        lock.lock();
        if (done) queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(next.size()));
      } else if (again && now >= refresh_at && now >= retry_at_) {
        lock.unlock();
        const auto refreshed = channel_->refresh(firing_);
        if (heard(refreshed) || !refreshed.error().retry_after) refresh_at = now + channel_->refresh_every();
        lock.lock();
      } else {
        wait(lock, again ? std::optional(std::max(refresh_at, retry_at_)) : std::nullopt);
      }
    }
    ended_ = true;
    changed_.notify_all();
  }

  /// What goes in one message: of no alert two stages, which a receiver might take in any order.
  std::vector<AlertDelivery> first_of_queue() const {
    std::vector<AlertDelivery> first;
    std::set<std::string_view> ids;
    for (const AlertDelivery& delivery : queue_) {
      if (first.size() == channel_->most_at_once() || !ids.insert(delivery.alert.id).second) break;
      first.push_back(delivery);
      if (refusals_ > 0) break;  // Of several one may be wrong.
    }
    return first;
  }

  /// Until there is something to do; `refresh`: when, if at all.
  void wait(std::unique_lock<std::mutex>& lock, std::optional<Clock::time_point> refresh) {
    std::optional<Clock::time_point> until = refresh;
    if (!queue_.empty()) until = std::min(retry_at_, refresh.value_or(retry_at_));
    const std::size_t known = queue_.size();
    const auto more = [&] { return stopping_ || queue_.size() != known; };
    if (until) {
      changed_.wait_until(lock, *until, more);
    } else {
      changed_.wait(lock, more);
    }
  }

  /// Whether they are done with.
  bool send(const std::vector<AlertDelivery>& deliveries) {
    const core::Result<void> sent = channel_->send(deliveries);
    if (!heard(sent)) {
      const bool wrong = !sent.error().retry_after && !stopping_;
      refusals_ = wrong ? refusals_ + 1 : 0;
      if (refusals_ < kMostRefusals || deliveries.size() > 1) return false;
      spdlog::error("alerts: {} {}, {} times: given up: {}", name(), sent.error().message, refusals_,
                    core::printable(deliveries.front().alert.summary));
      wait_.reset();
    }
    refusals_ = 0;
    for (const AlertDelivery& delivery : deliveries) {
      std::erase_if(firing_, [&](const core::Alert& alert) { return alert.id == delivery.alert.id; });
      if (sent && delivery.message.stage == AlertStage::kFiring) firing_.push_back(delivery.alert);
      taken_(delivery.message, !sent);
    }
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
  int refusals_ = 0;  ///< How often the first message was found wrong.
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

void AlertSenders::start(std::vector<core::Alert> firing, Taken taken) {
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
  const auto until = std::chrono::steady_clock::now() + kLastMoment;
  for (const auto& worker : workers_) worker->end_stop(until);
}

}  // namespace sinks

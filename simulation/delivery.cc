#include "simulation/delivery.h"

#include <algorithm>

namespace simulation {

Delivery::Delivery(std::uint64_t seed, const Disturbance& disturbance)
    : disturbance_(disturbance), random_(seed, Random::Stream::kDelivery) {}

void Delivery::add(core::EventTime time, std::string_view key, std::string_view message) {
  latest_ = std::max(latest_, time);
  core::EventTime due = time;
  if (disturbance_.disorder.count() > 0) due += core::Millis{random_.between(0, disturbance_.disorder.count())};
  if (random_.chance(disturbance_.late_ppm))
    due = time + core::Millis{random_.between(0, disturbance_.late_by.count())};
  put(due, key, message);
  if (random_.chance(disturbance_.duplicates_ppm)) {
    put(due + core::Millis{random_.between(0, 60'000)}, key, message);
    ++duplicates_;
  }
  if (random_.chance(disturbance_.bad_ppm)) {
    put(due, key, bad_messages_.next(time, message));
    ++bad_;
  }
}

void Delivery::put(core::EventTime due, std::string_view key, std::string_view text) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(messages_.size()));
    messages_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  messages_[slot].key = key;
  messages_[slot].text = text;
  queue_.push({due, order_++, slot});
}

core::Result<bool> Delivery::release(core::EventTime now, const Outlet& outlet) {
  while (!queue_.empty() && queue_.top().time < now) {
    const Due due = queue_.top();
    queue_.pop();
    const Message& message = messages_[due.slot];
    core::Result<bool> more = outlet(due.time, message.key, message.text);
    free_.push_back(due.slot);
    if (!more || !*more) return more;
  }
  return true;
}

}  // namespace simulation

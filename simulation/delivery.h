// The road from the centre to the reader: orders, delays, shuffles, doubles and damages messages.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "simulation/bad_message.h"
#include "simulation/options.h"
#include "simulation/random.h"

namespace simulation {

/// Takes one message, due for delivery at `due` in event time. The value false: stop, take no more.
using Outlet = std::function<core::Result<bool>(core::EventTime due, std::string_view key, std::string_view message)>;

/// Holds messages until nothing earlier can come. Its memory is the messages of the disorder span, the late ones, and
/// what the centre announced ahead of its own clock. Confined to one thread.
class Delivery {
 public:
  Delivery(std::uint64_t seed, const Disturbance& disturbance);

  void add(core::EventTime time, std::string_view key, std::string_view message);

  /// Gives everything that is due before `now` to the outlet; the value false when the outlet wants no more.
  core::Result<bool> release(core::EventTime now, const Outlet& outlet);

  std::uint64_t duplicates() const { return duplicates_; }
  std::uint64_t bad() const { return bad_; }
  core::EventTime latest() const { return latest_; }  ///< Largest time of an event.

 private:
  struct Message {
    std::string key, text;
  };
  struct Due {
    core::EventTime time;
    std::uint64_t order;  ///< Messages due at one time leave in the order in which they came.
    std::uint32_t slot;
    bool operator>(const Due& other) const { return time != other.time ? time > other.time : order > other.order; }
  };

  void put(core::EventTime due, std::string_view key, std::string_view text);

  const Disturbance disturbance_;
  Random random_;
  BadMessages bad_messages_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::vector<Message> messages_;  ///< Slots keep their memory for the next message.
  std::vector<std::uint32_t> free_;
  core::EventTime latest_{};
  std::uint64_t order_ = 0, duplicates_ = 0, bad_ = 0;
};

}  // namespace simulation

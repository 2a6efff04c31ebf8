// Holds the messages back until their time has come by the wall clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/time.h"

namespace simulation {

struct PaceOptions {
  std::optional<std::uint32_t> speed;       ///< Seconds of event time per second of wall time.
  std::optional<std::uint64_t> per_second;  ///< Messages per second; only without `speed`.
  core::EventTime start{};                  ///< What is due then is delivered at once.
};

/// Confined to one thread.
class Pace {
 public:
  using Clock = std::function<core::WallTime()>;
  /// Waits at most so long (0: not at all); true: the user asked to stop.
  using Wait = std::function<bool(core::Millis)>;

  /// The wall clock's start is the first message's.
  Pace(PaceOptions options, Clock clock, Wait wait);

  /// Returns when the next message may go. `before_waiting` runs before every wait (to flush). false: stop.
  bool until_due(core::EventTime due, const std::function<void()>& before_waiting);

  bool live() const { return options_.speed || options_.per_second; }

 private:
  core::Millis since_start(core::EventTime due) const;

  const PaceOptions options_;
  const Clock clock_;
  const Wait wait_;
  std::optional<core::WallTime> started_;
  core::WallTime known_{};  ///< The clock when it was last read.
  std::int64_t messages_ = 0;
};

}  // namespace simulation

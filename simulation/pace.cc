#include "simulation/pace.h"

#include <algorithm>
#include <utility>

namespace simulation {

namespace {

constexpr std::int64_t kLookEvery = 256;     ///< Messages between two looks for the user's wish to stop.
constexpr core::Millis kLongestWait{1'000};  ///< The wall clock may be set meanwhile.

}  // namespace

Pace::Pace(PaceOptions options, Clock clock, Wait wait)
    : options_(options), clock_(std::move(clock)), wait_(std::move(wait)) {}

bool Pace::until_due(core::EventTime due, const std::function<void()>& before_waiting) {
  if (messages_ % kLookEvery == 0 && wait_(core::Millis{0})) return false;
  if (live()) {
    if (!started_) started_ = known_ = clock_();
    const core::WallTime at = *started_ + since_start(due);
    while (known_ < at) {
      known_ = clock_();
      if (known_ >= at) break;
      before_waiting();
      if (wait_(std::min(at - known_, kLongestWait))) return false;
    }
  }
  ++messages_;
  return true;
}

core::Millis Pace::since_start(core::EventTime due) const {
  if (options_.speed) return (due - options_.start) / *options_.speed;
  return core::Millis{messages_ * 1'000 / static_cast<std::int64_t>(*options_.per_second)};
}

}  // namespace simulation

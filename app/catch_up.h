// Whether what has been read is complete: every partition has been at its end since the last reset.
//
// One partition that is read before the others shows half a floor: callers who were answered seem to wait.
#pragma once

#include <chrono>
#include <set>
#include <string>

namespace app {

/// Confined to one thread.
class CatchUp {
 public:
  using Clock = std::chrono::steady_clock;
  /// A source that cannot be reached must not keep those who wait for the others waiting.
  static constexpr std::chrono::seconds kLongest{120};

  /// From now on the ends are to be seen again.
  void reset(Clock::time_point now) {
    since_ = now;
    done_ = false;
    at_end_.clear();
  }
  /// All that there was of the partition has just been taken.
  void saw_no_lag(const std::string& partition) {
    if (!done_) at_end_.insert(partition);
  }
  /// `partitions`: of each source, those that it has shown; at_end(partition): whether it is at its end now.
  template <typename Partitions, typename AtEnd>
  bool done(const Partitions& partitions, AtEnd&& at_end, Clock::time_point now) {
    if (done_) return true;
    bool all = true;
    for (const auto& of_source : partitions) {
      all = all && !of_source.empty();
      for (const std::string& partition : of_source) {
        if (at_end(partition)) at_end_.insert(partition);
        all = all && at_end_.contains(partition);
      }
    }
    done_ = all || now - since_ > kLongest;
    return done_;
  }

 private:
  Clock::time_point since_{};
  bool done_ = false;
  std::set<std::string> at_end_;
};

}  // namespace app

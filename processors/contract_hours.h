// Which times a contract judges: its calendar's hours without what was excluded. Answers are remembered for two days
// around the last question, since facts come roughly in order.
#pragma once

#include <algorithm>
#include <vector>

#include "core/calendar.h"
#include "core/contract.h"

namespace processors {

/// Confined to one thread.
class CalendarHours {
 public:
  explicit CalendarHours(core::CalendarConfig config) : calendar_(std::move(config)) {}

  bool open_at(core::EventTime time) {
    if (time < known_.start || time >= known_.end) {
      constexpr core::Millis kDay = std::chrono::hours(24);
      known_ = {time - kDay, time + kDay};
      open_ = calendar_.open_within(known_.start, known_.end);
    }
    return std::ranges::any_of(open_, [&](const core::Period& p) { return time >= p.start && time < p.end; });
  }
  const core::Calendar& calendar() const { return calendar_; }

 private:
  core::Calendar calendar_;
  core::Period known_{};
  std::vector<core::Period> open_;
};

inline bool is_excluded(const std::vector<core::Exclusion>& exclusions, core::EventTime time) {
  return std::ranges::any_of(exclusions, [&](const core::Exclusion& e) { return time >= e.from && time < e.to; });
}

}  // namespace processors

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
    know(time, time);
    return std::ranges::any_of(open_, [&](const core::Period& p) { return time >= p.start && time < p.end; });
  }
  /// Calls use(open) for each stretch of its hours in `span`, which is at most a day.
  template <typename Use>
  void each_open(const core::Period& span, Use&& use) {
    know(span.start, span.end);
    for (const core::Period& p : open_) {
      const core::Period open{std::max(p.start, span.start), std::min(p.end, span.end)};
      if (open.start < open.end) use(open);
    }
  }
  const core::Calendar& calendar() const { return calendar_; }

 private:
  void know(core::EventTime from, core::EventTime to) {
    if (from >= known_.start && to < known_.end) return;
    constexpr core::Millis kDay = std::chrono::hours(24);
    known_ = {from - kDay, to + kDay};
    open_ = calendar_.open_within(known_.start, known_.end);
  }

  core::Calendar calendar_;
  core::Period known_{};
  std::vector<core::Period> open_;
};

inline bool is_excluded(const std::vector<core::Exclusion>& exclusions, core::EventTime time) {
  return std::ranges::any_of(exclusions, [&](const core::Exclusion& e) { return time >= e.from && time < e.to; });
}

/// How much of a span is not excluded; exclusions are in order of their begin.
inline core::Millis not_excluded(const std::vector<core::Exclusion>& exclusions, const core::Period& span) {
  core::Millis judged{0};
  core::EventTime from = span.start;
  for (const core::Exclusion& e : exclusions) {
    if (e.from >= span.end) break;
    if (e.from > from) judged += e.from - from;
    from = std::max(from, e.to);
  }
  return from < span.end ? judged + (span.end - from) : judged;
}

}  // namespace processors

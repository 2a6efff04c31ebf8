#include "core/event_clocks.h"

#include <algorithm>

namespace core {

void EventClocks::saw_event(const std::string& partition, EventTime time) {
  Clock& clock = clocks_[partition];
  settle(clock);
  clock.latest = std::max(clock.latest.value_or(time), time);
}

void EventClocks::saw_partition(const std::string& partition, std::optional<WallTime> end_read, bool had_messages) {
  Clock& clock = clocks_[partition];
  if (const auto known = restored_.find(partition); known != restored_.end()) {
    EventTime then = known->second;
    // Nothing has come since the commit: the time that has passed meanwhile has passed on the floor, too.
    if (live_ && end_read && !had_messages && *end_read > restored_at_) then += *end_read - restored_at_;
    clock.latest = std::max(clock.latest.value_or(then), then);
    restored_.erase(known);
  }
  // The first evidence after the last message counts: later evidence of the same end must not restart the span.
  if (!had_messages && end_read && clock.end_read) return;
  settle(clock);
  clock.end_read = end_read;
  if (end_read && clock.counted_to) clock.end_read = std::max(*end_read, *clock.counted_to);
}

/// What has passed since the evidence has passed: it is neither taken back nor counted again, whatever comes.
void EventClocks::settle(Clock& clock) const {
  if (!clock.end_read || !last_now_) return;
  clock.latest = time_of(clock, *last_now_);
  clock.end_read = clock.counted_to = std::max(*clock.end_read, *last_now_);
}

void EventClocks::restore(const Progress& progress) {
  for (const auto& [key, partition] : progress.partitions) {
    if (partition.clock) restored_[key] = *partition.clock;
  }
  restored_at_ = progress.committed_at;
  as_of_ = progress.as_of;
  watermark_ = progress.watermark;
}

std::optional<EventTime> EventClocks::time_of(const Clock& clock, WallTime now) const {
  if (!clock.latest || !live_ || !clock.end_read || now <= *clock.end_read) return clock.latest;
  return *clock.latest + (now - *clock.end_read);
}

void EventClocks::wall_clock_was_set_back(WallTime now) {
  for (auto& [name, clock] : clocks_) {
    settle(clock);
    if (clock.end_read) clock.end_read = now;
    if (clock.counted_to) clock.counted_to = now;
  }
}

std::optional<EventTime> EventClocks::as_of(WallTime now) {
  if (last_now_ && now < *last_now_) wall_clock_was_set_back(now);
  last_now_ = now;
  for (const auto& [name, clock] : clocks_) {
    if (auto time = time_of(clock, now)) as_of_ = std::max(as_of_.value_or(*time), *time);
  }
  return as_of_;
}

std::optional<EventTime> EventClocks::watermark(WallTime now) {
  std::optional<EventTime> least;
  for (const auto& [name, clock] : clocks_) {
    const auto time = time_of(clock, now);
    if (!time && !clock.end_read) return watermark_;
    if (time) least = std::min(least.value_or(*time), *time);
  }
  if (least) watermark_ = std::max(watermark_.value_or(*least), *least);
  return watermark_;
}

bool EventClocks::at_end(const std::string& partition) const {
  const auto it = clocks_.find(partition);
  return it != clocks_.end() && it->second.end_read.has_value();
}

std::optional<EventTime> EventClocks::clock_of(const std::string& partition, WallTime now) const {
  const auto it = clocks_.find(partition);
  return it == clocks_.end() ? std::nullopt : time_of(it->second, now);
}

}  // namespace core

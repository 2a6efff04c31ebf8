#include "app/verify/log_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace app {

LogReach check_log(const core::Progress& store, const std::map<std::string, LogPart>& parts, Differences& differences) {
  LogReach reach;
  // What is gone may hold events up to this one, and, since logs are not in order of time, somewhat later ones. Of a
  // file that was read at one go the store keeps no clock: it may hold anything.
  const auto gone_up_to = [&](std::optional<core::EventTime> time) {
    if (!time) time = store.as_of;
    if (!time) return;
    const core::EventTime whole_since = *time + store.allowed_lateness + core::Millis{1};
    reach.horizon = reach.horizon ? std::max(*reach.horizon, whole_since) : whole_since;
  };
  for (const auto& [key, partition] : store.partitions) {
    const std::int64_t read_to = partition.resume.next_offset;
    if (read_to == 0) continue;
    const char* const unit = key.starts_with("file:") ? "byte" : "offset";
    const auto part = parts.find(key);
    if (part == parts.end()) {
      differences.add("log", fmt::format("{} is missing: the store has read it up to {} {}", key, unit, read_to));
      gone_up_to(partition.clock);
      continue;
    }
    const auto& [first, end, opening] = part->second;
    if (end < read_to) {
      differences.add("log", fmt::format("{} ends at {} {}: the store has read it up to {}", key, unit, end, read_to));
      gone_up_to(partition.clock);
    }
    if (first > 0) {
      reach.expired.push_back(fmt::format("{} {}s 0 to {}", key, unit, std::min(first, read_to) - 1));
      gone_up_to(opening ? opening : partition.clock);
    }
  }
  return reach;
}

}  // namespace app

#include "core/event_counts.h"

#include <fmt/format.h>

namespace core {

EventCounts& EventCounts::operator+=(const EventCounts& other) {
  received += other.received, applied += other.applied, duplicate += other.duplicate;
  rejected += other.rejected, skipped += other.skipped, conflict += other.conflict, late += other.late;
  for (const auto& [reason, n] : other.rejected_by) rejected_by[reason] += n;
  return *this;
}

EventCounts& EventCounts::operator-=(const EventCounts& before) {
  received -= before.received, applied -= before.applied, duplicate -= before.duplicate;
  rejected -= before.rejected, skipped -= before.skipped, conflict -= before.conflict, late -= before.late;
  for (const auto& [reason, n] : before.rejected_by) rejected_by[reason] -= n;
  return *this;
}

EventCounts total(const std::map<std::string, EventCounts>& by_source) {
  EventCounts sum;
  for (const auto& [source, counts] : by_source) sum += counts;
  return sum;
}

std::string to_string(const EventCounts& counts) {
  return fmt::format("received={} applied={} duplicate={} rejected={} skipped={}", counts.received, counts.applied,
                     counts.duplicate, counts.rejected, counts.skipped);
}

}  // namespace core

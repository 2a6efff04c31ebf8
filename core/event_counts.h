// How many events came, and what became of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace core {

/// Counts of events since the store began. received = applied + duplicate + rejected + skipped, always.
/// conflict, late and rejected_by are diagnostics beside that sum.
struct EventCounts {
  std::uint64_t received = 0, applied = 0, duplicate = 0, rejected = 0, skipped = 0, conflict = 0, late = 0;
  std::map<std::string, std::uint64_t> rejected_by;  ///< by reason word
  friend bool operator==(const EventCounts&, const EventCounts&) = default;

  EventCounts& operator+=(const EventCounts& other);
  /// `before`: the same counts at an earlier time.
  EventCounts& operator-=(const EventCounts& before);
};

/// The sum over sources.
EventCounts total(const std::map<std::string, EventCounts>& by_source);

/// "received=5 applied=3 duplicate=1 rejected=1 skipped=0"
std::string to_string(const EventCounts& counts);

}  // namespace core

// A store's floor against the floor of its replayed log: record by record, interval by interval.
#pragma once

#include <cstdint>
#include <optional>

#include "app/floor.h"
#include "app/verify/differences.h"

namespace app {

/// How many were compared, and how many were not, since what they stand on is partly gone from the log.
struct Compared {
  std::uint64_t compared = 0, left_out = 0;
};

/// Compares the records that both floors retain since the same time. With `horizon`, where the log begins, those of the
/// store with an event before it are left out, and of agents the states before it. Throws core::ArchiveFailure and
/// core::CorruptState.
Compared compare_records(Floor& store, Floor& log, std::optional<core::EventTime> horizon, Differences& differences);

/// Compares the store's intervals with the sum of its own records, and with those of the log unless it is nullptr. The
/// store's floor has the former afterwards. Throws as compare_records.
std::uint64_t compare_intervals(Floor& store, Floor* log, Differences& differences);

}  // namespace app

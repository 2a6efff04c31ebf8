// The whole state of a shard, as it is kept from time to time in place of its journal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/periods.h"

namespace core {

/// What lay in one 15-minute interval of a shard, packed (the processors' business).
struct IntervalPage {
  Slot interval = 0;
  std::string bytes;
};

/// Replaces the shard's pages and its journal, the entry of the same commit included. Archived versions that are
/// superseded by then may go, too.
struct Snapshot {
  std::uint32_t shard = 0;
  std::vector<std::string> pages;
  std::vector<IntervalPage> leaving{};  ///< What is not in `pages` any more; each replaces the one of its interval.
  std::vector<Slot> back{};             ///< Intervals that are in `pages` again: their own pages go.
};

}  // namespace core

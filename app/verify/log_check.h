// The places of a store in its log against the log that is there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/verify/differences.h"
#include "app/verify/log_up_to.h"
#include "core/store.h"

namespace app {

/// What can be compared.
struct LogReach {
  std::vector<std::string> expired;  ///< Ranges that the log no longer holds, one line each.
  /// Events before it may be gone from the log; absent where the log is whole.
  std::optional<core::EventTime> horizon;
};

/// Adds to `differences` the partitions and files that the log does not have, or not as far as the store has read them.
LogReach check_log(const core::Progress& store, const std::map<std::string, LogPart>& parts, Differences& differences);

}  // namespace app

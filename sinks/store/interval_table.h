// The table of intervals that left memory: a page for each shard and interval, as of the shard's last snapshot.
#pragma once

#include <cstdint>

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version of the schema that has the table.
inline constexpr std::int64_t kIntervalsSince = 6;

/// Writes a commit's part, within the transaction of the store. Confined to the store's thread.
class IntervalWriter {
 public:
  core::Result<void> prepare(sqlite3* db);
  core::Result<void> write(const core::Snapshot& snapshot);

 private:
  Statement put_, drop_;
};

}  // namespace sinks

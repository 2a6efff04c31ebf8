// The dead letters of a SQLite store: a table, how many bytes it takes, and how many the limits have dropped.
//
// Both numbers are rows of `meta`, written in the transaction that changes the table, so a commit that fails leaves
// them right. What a commit costs that has no dead letters is one look at the oldest.
#pragma once

#include <vector>

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version of the schema whose dead letters can be read again, and are counted.
inline constexpr std::int64_t kDeadLettersSince = 4;

/// Confined to the thread of its database, which must outlive it.
class DeadLetterTable {
 public:
  /// `older`: the schema is from before kDeadLettersSince, and the database is only read.
  DeadLetterTable(sqlite3* db, bool older) : db_(db), older_(older) {}
  core::Result<void> prepare_writes();

  /// Inside the commit's transaction.
  core::Result<void> write(const core::Commit& commit);

  core::Result<std::vector<core::DeadLetter>> read(const core::DeadLetterQuery& query) const;
  core::Result<std::uint64_t> dropped() const;

 private:
  core::Result<void> put(const core::DeadLetter& letter);
  core::Result<std::int64_t> take_out(const std::vector<std::int64_t>& ids);
  core::Result<void> hold_to(std::int64_t most_bytes, core::WallTime now, core::Millis age);

  sqlite3* db_;
  bool older_;
  Statement put_, take_out_, drop_oldest_, add_bytes_, add_dropped_;
};

}  // namespace sinks

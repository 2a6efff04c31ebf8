// The diary of corrections in a SQLite store: a row a revision, readable with SQL.
#pragma once

#include <functional>
#include <vector>

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version of the schema that has the table.
inline constexpr std::int64_t kRevisionsSince = 5;

/// Confined to the thread of its database, which must outlive it.
class RevisionTable {
 public:
  /// `older`: the schema is from before kRevisionsSince, and the database is only read: there are no revisions.
  RevisionTable(sqlite3* db, bool older) : db_(db), older_(older) {}
  core::Result<void> prepare_writes();

  /// Inside the commit's transaction.
  core::Result<void> write(const core::Commit& commit);

  core::Result<void> counts(const std::function<void(const core::RevisedRow&, std::int64_t)>& visit) const;
  core::Result<std::vector<core::Revision>> read(const core::FigureQuery& query) const;

 private:
  core::Result<void> put(const core::Revision& revision, core::WallTime committed_at);

  sqlite3* db_;
  bool older_;
  Statement put_;
};

}  // namespace sinks

// The diary of corrections in a SQLite store: a row a revision, readable with SQL.
//
// It is never counted as a whole. The primary key finds a row's last revision when the next one is written. Who asks
// for some rows reads theirs alone: the names of rows are sought one after the other, and of each name the quarter
// hours.
#pragma once

#include <mutex>

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version of the schema that has the table.
inline constexpr std::int64_t kRevisionsSince = 5;

/// Writes a commit's revisions, within the transaction of the store. Confined to the store's thread.
class RevisionWriter {
 public:
  core::Result<void> prepare(sqlite3* db);
  /// Each gets the number after its row's last.
  core::Result<void> write(const core::Commit& commit);

 private:
  core::Result<void> put(const core::Revision& revision, core::WallTime committed_at);

  Statement put_;
};

/// Thread-safe: one caller at a time, the others wait. Nothing is read before it is asked.
class SqliteRevisions : public core::RevisionReader {
 public:
  /// `db` outlives it; `own`: what it then also closes. `older`: the schema is from before kRevisionsSince, and there
  /// are no revisions.
  SqliteRevisions(sqlite3* db, DatabaseHandle own, bool older) : own_(std::move(own)), db_(db), older_(older) {}

  core::Result<void> counts(const core::FigureQuery& query,
                            const std::function<void(const core::RevisedRow& row, std::int64_t n)>& visit) override;
  core::Result<void> revisions(const core::FigureQuery& query,
                               const std::function<bool(const core::Revision&)>& visit) override;

 private:
  DatabaseHandle own_;
  std::mutex mutex_;
  sqlite3* db_;
  const bool older_;
};

}  // namespace sinks

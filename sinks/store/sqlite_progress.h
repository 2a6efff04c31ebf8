// What a SQLite store says beside the state, in the tables meta, partitions and counts: its identity and the progress
// of the last commit.
#pragma once

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// Confined to the thread of its database.
class SqliteProgress {
 public:
  explicit SqliteProgress(sqlite3* db) : db_(db) {}

  core::Result<void> read(core::StoreIdentity& identity, core::Progress& progress) const;

  /// For a writer, once before the others.
  core::Result<void> prepare();
  core::Result<void> write(const core::StoreIdentity& identity);
  core::Result<void> write(const core::Progress& progress);

 private:
  core::Result<void> read_meta(core::StoreIdentity& identity, core::Progress& progress) const;
  core::Result<void> read_partitions(core::Progress& progress) const;
  core::Result<void> read_counts(core::Progress& progress) const;
  core::Result<void> put_counts(const std::string& source, const core::EventCounts& counts);
  core::Result<void> put_number(std::string_view key, std::int64_t value);

  sqlite3* db_;
  Statement put_meta_, put_partition_, put_count_;
};

}  // namespace sinks

// The owner's row of a SQLite store: every write begins by comparing it and ends by changing it.
#pragma once

#include <optional>
#include <string>

#include "core/ownership.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// take(), commits(), beat() and give_up() are called inside a transaction of `db`, which the caller keeps or drops.
/// Confined to the thread of its database.
class SqliteOwner {
 public:
  SqliteOwner(sqlite3* db, std::string path) : db_(db), path_(std::move(path)) {}

  /// To be called once, before the others.
  core::Result<void> prepare();
  /// Takes the ownership, or says who has it. It counts once the transaction is kept: then call taken().
  core::Result<void> take(const core::Claim& claim);
  void taken(core::Claim claim);
  bool owns() const { return claim_.has_value(); }

  /// The number of commits that the store has kept. A Failure without retry: the ownership was never taken or is lost,
  /// or the file is not the one at its path any more.
  core::Result<std::int64_t> commits();
  /// Writes the heartbeat and the number of commits.
  core::Result<void> beat(std::int64_t commits);
  /// From now on the store is free.
  core::Result<void> give_up();
  /// Adds to a failure to take the ownership who has it: one that was paused in a commit holds the file locked.
  core::Failure with_owner(core::Failure failure);
  /// Whether the last heartbeat was so long ago that the next is due.
  bool beat_due() const;

 private:
  struct Row {
    core::Ownership held;
    std::int64_t commits = 0;
  };
  core::Result<Row> read();

  sqlite3* db_;
  std::string path_;
  std::optional<core::Claim> claim_;
  std::uint64_t epoch_ = 0, claimed_epoch_ = 0;
  core::Millis last_beat_{};  ///< uptime
  Statement read_, beat_, take_, give_up_;
};

}  // namespace sinks

// Alerts in a SQLite store: each one's row, readable with SQL; what is pending, muted, and not sent yet.
#pragma once

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version of the schema that has the tables.
inline constexpr std::int64_t kAlertsSince = 7;

/// Confined to the store's thread.
class AlertTable {
 public:
  /// `older`: the schema is from before kAlertsSince, and there are none.
  AlertTable(sqlite3* db, bool older) : db_(db), older_(older) {}

  core::Result<void> prepare_writes();
  /// Within the transaction of the store.
  core::Result<void> write(const core::Commit& commit);

  core::Result<std::vector<core::Alert>> read(const core::AlertQuery& query) const;
  core::Result<core::AlertState> state() const;

 private:
  core::Result<void> put(const core::Alert& alert);
  core::Result<void> replace_pending(const std::vector<core::PendingAlert>& pending);
  core::Result<void> replace_mutes(const std::vector<core::Mute>& mutes);

  sqlite3* db_;
  bool older_;
  Statement put_, put_pending_, put_mute_, put_message_, drop_message_, drop_old_;
};

}  // namespace sinks

#include "sinks/store/interval_table.h"

namespace sinks {

using core::Result;

Result<void> IntervalWriter::prepare(sqlite3* db) {
  TRY(Statement::prepare(db, "INSERT OR REPLACE INTO intervals VALUES(?, ?, ?, ?)", put_));
  return Statement::prepare(db, "DELETE FROM intervals WHERE shard = ? AND interval = ?", drop_);
}

Result<void> IntervalWriter::write(const core::Snapshot& snapshot) {
  for (const core::Slot interval : snapshot.back) {
    TRY(drop_.bind(1, std::int64_t{snapshot.shard}).bind(2, std::int64_t{interval}).run());
  }
  for (const core::IntervalPage& page : snapshot.leaving) {
    put_.bind(1, std::int64_t{snapshot.shard}).bind(2, std::int64_t{page.interval});
    TRY(put_.bind_blob(3, page.bytes).bind(4, checksum(page.bytes)).run());
  }
  return {};
}

}  // namespace sinks

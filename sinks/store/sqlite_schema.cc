#include "sinks/store/sqlite_schema.h"

#include <fmt/format.h>

#include <array>

namespace sinks {
namespace {

using core::Result;

constexpr std::int64_t kApplicationId = 0x666c7721;  // "flw!" in the file's header: says what the file is.

/// Step n makes version n + 1 of version n. A change of the tables adds a step and leaves the former ones as they are.
constexpr std::array kSteps = {
    // 1: state and place in the log.
    R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE partitions(key TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, next_line INTEGER NOT NULL, clock INTEGER)
  WITHOUT ROWID;
CREATE TABLE counts(source TEXT, what TEXT, n INTEGER NOT NULL, PRIMARY KEY(source, what)) WITHOUT ROWID;
CREATE TABLE journal(seq INTEGER PRIMARY KEY AUTOINCREMENT, shard INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE pages(shard INTEGER, page INTEGER, bytes BLOB NOT NULL, PRIMARY KEY(shard, page));
CREATE TABLE dead_letters(id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, position TEXT NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, content BLOB NOT NULL, seen INTEGER NOT NULL);
)sql",
    // 2: one owner (core/ownership.h), in one row that every write compares and changes; `commits` counts those kept,
    // which tells whether one of unknown outcome is. Checksums of the state; what version 1 wrote has none.
    R"sql(
CREATE TABLE owner(one INTEGER PRIMARY KEY CHECK(one = 1), epoch INTEGER NOT NULL, host TEXT NOT NULL, space TEXT NOT NULL,
  process INTEGER NOT NULL, started INTEGER NOT NULL, since INTEGER NOT NULL, heartbeat INTEGER NOT NULL,
  uptime INTEGER NOT NULL, given_up INTEGER NOT NULL, commits INTEGER NOT NULL);
INSERT INTO owner VALUES(1, 0, '', '', 0, 0, 0, 0, 0, 1, 0);
ALTER TABLE journal ADD COLUMN checksum INTEGER;
ALTER TABLE pages ADD COLUMN checksum INTEGER;
)sql",
    // 3: contacts that left memory (sqlite_archive.h).
    R"sql(
CREATE TABLE archive(id INTEGER PRIMARY KEY, shard INTEGER NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, bytes BLOB NOT NULL, checksum INTEGER NOT NULL);
CREATE UNIQUE INDEX archive_pages ON archive(shard, number);
CREATE TABLE archive_ids(shard INTEGER, bucket INTEGER, number INTEGER, ids BLOB NOT NULL,
  PRIMARY KEY(shard, bucket, number)) WITHOUT ROWID;
CREATE TABLE superseded(shard INTEGER, number INTEGER, hash INTEGER, PRIMARY KEY(shard, number, hash)) WITHOUT ROWID;
)sql",
    // 4: dead letters whole. One of before has no headers; one without content stands for a line that was not kept.
    R"sql(
ALTER TABLE dead_letters ADD COLUMN headers TEXT NOT NULL DEFAULT '';
ALTER TABLE dead_letters ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;
UPDATE dead_letters SET whole = 0 WHERE length(content) = 0;
INSERT INTO meta SELECT 'dead_letter_bytes', ifnull(sum(length(content) + 256), 0) FROM dead_letters;
INSERT INTO meta VALUES('dead_letters_dropped', 0);
)sql",
    // 5: the diary of corrections (core/revision.h). Times are milliseconds since 1970; `figures` has a line each: its
    // name, the value before and the value after.
    R"sql(
CREATE TABLE revisions(kind TEXT, basis TEXT, a TEXT, b TEXT, c TEXT, start INTEGER, revision INTEGER,
  committed_at INTEGER NOT NULL, cause_type TEXT NOT NULL, cause_time INTEGER NOT NULL, cause_entity TEXT NOT NULL,
  cause_source TEXT NOT NULL, cause_origin TEXT NOT NULL, cause_id TEXT NOT NULL, events INTEGER NOT NULL,
  figures TEXT NOT NULL, PRIMARY KEY(kind, basis, a, b, c, start, revision)) WITHOUT ROWID;
)sql",
    // 6: intervals that left memory (interval_table.h); `interval` counts quarter-hours since 1970 UTC.
    R"sql(
CREATE TABLE intervals(shard INTEGER, interval INTEGER, bytes BLOB NOT NULL, checksum INTEGER NOT NULL,
  PRIMARY KEY(shard, interval));
)sql",
    // 7: alerts (alert_table.h). `facts` has a line each: name and value. A message is one alert's stage (0 firing,
    // 1 resolved) that its channel has not taken yet.
    R"sql(
CREATE TABLE alerts(id TEXT PRIMARY KEY, client TEXT NOT NULL, profile TEXT NOT NULL, name TEXT NOT NULL,
  queue TEXT NOT NULL, severity TEXT NOT NULL, figure TEXT NOT NULL, window TEXT NOT NULL, began INTEGER NOT NULL,
  started INTEGER NOT NULL, resolved INTEGER, entered_at INTEGER NOT NULL, left_at INTEGER, summary TEXT NOT NULL,
  action TEXT NOT NULL, outcome TEXT NOT NULL, facts TEXT NOT NULL, announced INTEGER NOT NULL, acknowledged_at INTEGER,
  acknowledged_by TEXT NOT NULL, acknowledged_because TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX alerts_by_start ON alerts(started);
CREATE INDEX alerts_open ON alerts(id) WHERE resolved IS NULL;
CREATE TABLE alerts_pending(client TEXT, profile TEXT, name TEXT, queue TEXT, since INTEGER NOT NULL,
  PRIMARY KEY(client, profile, name, queue)) WITHOUT ROWID;
CREATE TABLE alert_mutes(id TEXT PRIMARY KEY, client TEXT NOT NULL, profile TEXT NOT NULL, name TEXT NOT NULL,
  queue TEXT NOT NULL, made INTEGER NOT NULL, until INTEGER NOT NULL, made_by TEXT NOT NULL, reason TEXT NOT NULL)
  WITHOUT ROWID;
CREATE TABLE alert_messages(number INTEGER PRIMARY KEY AUTOINCREMENT, alert TEXT NOT NULL, stage INTEGER NOT NULL,
  channel TEXT NOT NULL);
)sql",
    // 8: snapshots and pages of intervals have cells of deals, which builds before cannot read.
    "",
    // 9: and cells of chats.
    ""};
constexpr auto kSchemaVersion = static_cast<std::int64_t>(kSteps.size());

Result<std::int64_t> pragma(sqlite3* db, const char* name) {
  auto statement = Statement::prepare(db, fmt::format("PRAGMA {}", name));
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

Result<void> take_steps(sqlite3* db, std::int64_t version) {
  for (auto step = static_cast<std::size_t>(version); step < kSteps.size(); ++step) {
    TRY(execute(db, kSteps[step]));
  }
  return execute(
      db, fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kSchemaVersion).c_str());
}

}  // namespace

Result<std::int64_t> schema_version(sqlite3* db, const std::string& path) {
  const auto changes = pragma(db, "schema_version");
  if (!changes) return changes;
  if (*changes == 0) return 0;
  const auto application = pragma(db, "application_id");
  if (!application) return application;
  if (*application != kApplicationId) {
    return core::fail(fmt::format("store {}: the file is an SQLite database, but no floorwatch store", path));
  }
  const auto version = pragma(db, "user_version");
  if (version && *version > kSchemaVersion) {
    return core::fail(fmt::format("store {}: made by a newer floorwatch (schema {}, this one knows {})", path, *version,
                                  kSchemaVersion));
  }
  return version;
}

Result<void> bring_up_to_date(sqlite3* db, const std::string& path, const std::function<Result<void>()>& fill_new) {
  const auto found = schema_version(db, path);
  if (!found) return tl::unexpected(found.error());
  if (*found == kSchemaVersion) return {};
  // Read again inside the transaction: two processes may find the same file new at the same time.
  return in_transaction(db, [&]() -> Result<void> {
    const auto version = schema_version(db, path);
    if (!version) return tl::unexpected(version.error());
    if (*version < kSchemaVersion) TRY(take_steps(db, *version));
    return *version == 0 ? fill_new() : Result<void>{};
  });
}

}  // namespace sinks

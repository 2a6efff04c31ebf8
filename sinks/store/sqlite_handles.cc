#include "sinks/store/sqlite_handles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace sinks {

namespace {

/// What the person on call can do; SQLite's own words name only the symptom.
std::string advice(int code, int system_error) {
  if (system_error == EMFILE || system_error == ENFILE) {
    return "there are too many open files: raise the limit (ulimit -n, LimitNOFILE= of systemd)";
  }
  if (system_error == EROFS) return fmt::format("the file system is {}", kMakeWritable);
  if (system_error == EACCES || system_error == EPERM) return "this user may not write the file and its folder";
  switch (code) {
    case SQLITE_BUSY:
      return "another process holds it locked";
    case SQLITE_FULL:
      return "make room on the disk";
    case SQLITE_READONLY:
      return fmt::format("the file, its folder or its file system is {}", kMakeWritable);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fmt::format("the file is damaged or no floorwatch store: {}", kRestoreOrReplay);
    default:
      return system_error != 0 ? std::generic_category().message(system_error) : "";
  }
}

/// The beginning of a statement: enough to say what was being done.
std::string_view beginning(std::string_view sql) {
  sql.remove_prefix(std::min(sql.find_first_not_of(" \n"), sql.size()));
  return sql.substr(0, sql.find_first_of("(\n"));
}

}  // namespace

core::Failure sqlite_failure(sqlite3* db, std::string_view doing) {
  // Of a connection that several threads use, another one's failure would replace the words while they are read.
  sqlite3_mutex* const mutex = sqlite3_db_mutex(db);
  sqlite3_mutex_enter(mutex);
  const auto leave = [](sqlite3_mutex* held) { sqlite3_mutex_leave(held); };
  const std::unique_ptr<sqlite3_mutex, decltype(leave)> locked(mutex);
  const int code = sqlite3_extended_errcode(db) & 0xff;
  const bool of_system = code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_FULL;
  const bool temporary = of_system || code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_PROTOCOL ||
                         code == SQLITE_NOMEM || code == SQLITE_READONLY;
  const char* path = sqlite3_db_filename(db, "main");
  std::string message =
      fmt::format("store {}: {}: {}", path != nullptr ? path : "", beginning(doing), sqlite3_errmsg(db));
  const std::string what_to_do = advice(code, of_system ? sqlite3_system_errno(db) : 0);
  if (!what_to_do.empty()) message += fmt::format(" ({})", what_to_do);
  return {std::move(message), temporary ? std::optional(core::Millis{1000}) : std::nullopt};
}

core::Result<Statement> Statement::prepare(sqlite3* db, std::string_view sql) {
  Statement statement;
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &handle, nullptr) != SQLITE_OK) {
    return tl::unexpected(sqlite_failure(db, sql));
  }
  statement.handle_.reset(handle);
  statement.db_ = db;
  return statement;
}

core::Result<void> Statement::prepare(sqlite3* db, std::string_view sql, Statement& into) {
  auto statement = prepare(db, sql);
  if (!statement) return tl::unexpected(statement.error());
  into = std::move(*statement);
  return {};
}

Statement& Statement::bind(int place, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), place, value);
  return *this;
}
Statement& Statement::bind(int place, std::string_view text) {
  sqlite3_bind_text64(handle_.get(), place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_blob(int place, std::string_view bytes) {
  sqlite3_bind_blob64(handle_.get(), place, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}
Statement& Statement::bind_null(int place) {
  sqlite3_bind_null(handle_.get(), place);
  return *this;
}

core::Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(sqlite_failure(db_, sqlite3_sql(handle_.get())));
}

core::Result<void> Statement::run() {
  auto result = step();
  sqlite3_reset(handle_.get());
  if (!result) return tl::unexpected(result.error());
  return {};
}

core::Result<std::optional<std::int64_t>> Statement::run_for_number() {
  std::optional<std::int64_t> number;
  auto row = step();
  if (row && *row) {
    number = integer(0);
    row = step();
  }
  sqlite3_reset(handle_.get());
  if (!row) return tl::unexpected(row.error());
  return number;
}

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

core::Result<void> execute(sqlite3* db, const char* sql) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return tl::unexpected(sqlite_failure(db, sql));
}

core::Result<void> in_transaction(sqlite3* db, const std::function<core::Result<void>()>& work) {
  auto done = execute(db, "BEGIN IMMEDIATE");
  if (!done) return done;
  done = work();
  if (done) done = execute(db, "COMMIT");
  // Some failures have rolled back already.
  if (!done && sqlite3_get_autocommit(db) == 0) (void)execute(db, "ROLLBACK");
  return done;
}

}  // namespace sinks

#include "sinks/store/sqlite_handles.h"

#include <fmt/format.h>

namespace sinks {

core::Failure sqlite_failure(sqlite3* db, std::string_view doing) {
  const int code = sqlite3_extended_errcode(db) & 0xff;
  const bool temporary = code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_FULL || code == SQLITE_IOERR ||
                         code == SQLITE_NOMEM || code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
  const char* path = sqlite3_db_filename(db, "main");
  std::string message = fmt::format("store {}: {}: {}", path != nullptr ? path : "", doing, sqlite3_errmsg(db));
  if (code == SQLITE_BUSY) message += " (another process holds it locked)";
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) message += " (the file is damaged or no floorwatch store)";
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

}  // namespace sinks

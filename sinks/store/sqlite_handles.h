// SQLite's C handles as owners, and the few calls that the store needs, with errors as values.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/murmur2.h"
#include "core/result.h"

/// Ends the function with the expression's failure, if it is one.
#define TRY(expression)                                                          \
  do {                                                                           \
    if (auto tried = (expression); !tried) return tl::unexpected(tried.error()); \
  } while (false)

namespace sinks {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

/// What to do about a damaged store.
inline constexpr const char* kRestoreOrReplay = "restore the store from a backup, or replay the log into a new store";

inline constexpr const char* kMakeWritable = "read-only: make it writable, or put the store elsewhere";

/// A failure in SQLite's own words, with what to do about it; a locked or full database can be tried again.
core::Failure sqlite_failure(sqlite3* db, std::string_view doing);

/// A prepared statement. Confined to the thread of its database.
class Statement {
 public:
  Statement() = default;
  static core::Result<Statement> prepare(sqlite3* db, std::string_view sql);
  static core::Result<void> prepare(sqlite3* db, std::string_view sql, Statement& into);

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view bytes);
  Statement& bind_null(int place);

  /// Runs to the next row: true where there is one, false at the end.
  core::Result<bool> step();
  /// Runs a statement without rows and makes it ready for the next values.
  core::Result<void> run();
  /// Ends a reading before its last row.
  void reset() { sqlite3_reset(handle_.get()); }
  /// Runs a statement that gives at most one row, to its end: that row's first column.
  core::Result<std::optional<std::int64_t>> run_for_number();

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string_view text(int column) const;
  bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  sqlite3* db_ = nullptr;
};

/// Runs a statement to its end and calls visit() for each row, whose columns are then the statement's. It is ready for
/// the next values afterwards, also where visit() throws.
template <typename Visit>
core::Result<void> each_row(Statement& statement, Visit&& visit) {
  struct Reset {
    Statement& statement;
    ~Reset() { statement.reset(); }
  } reset{statement};
  for (;;) {
    const auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    visit();
  }
}

/// Kept beside packed bytes: SQLite notices damage of its own structure; this is for what lies between.
inline std::int64_t checksum(std::string_view bytes) { return core::murmur2(bytes); }

/// Runs SQL that has no values and no rows.
core::Result<void> execute(sqlite3* db, const char* sql);

/// Runs `work` in a transaction that takes the write lock at once, and keeps it if `work` succeeds; else all is as
/// before. Where COMMIT itself fails, whether it was kept may be unknown.
core::Result<void> in_transaction(sqlite3* db, const std::function<core::Result<void>()>& work);

}  // namespace sinks

// SQLite's C handles as owners, and the few calls that the store needs, with errors as values.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sinks {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

/// A failure in SQLite's own words; a locked or full database can be tried again.
core::Failure sqlite_failure(sqlite3* db, std::string_view doing);

/// A prepared statement. Confined to the thread of its database.
class Statement {
 public:
  Statement() = default;
  static core::Result<Statement> prepare(sqlite3* db, std::string_view sql);

  Statement& bind(int place, std::int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view bytes);
  Statement& bind_null(int place);

  /// Runs to the next row: true where there is one, false at the end.
  core::Result<bool> step();
  /// Runs a statement without rows and makes it ready for the next values.
  core::Result<void> run();
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

/// Runs SQL that has no values and no rows.
core::Result<void> execute(sqlite3* db, const char* sql);

}  // namespace sinks

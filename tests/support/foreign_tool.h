// What a store file says, asked in SQL beside the program that writes it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "core/time.h"

namespace test_support {

/// A connection of a foreign tool to a store. Confined to one thread; what SQLite refuses throws std::runtime_error.
class ForeignTool {
 public:
  /// `patience`: how long it waits for others' locks.
  explicit ForeignTool(const std::string& path, core::Millis patience = core::Millis{10'000}) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr);
    db_.reset(db);
    sqlite3_busy_timeout(db, static_cast<int>(patience.count()));
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db));
  }
  void execute(const std::string& sql) { (void)number(sql); }
  /// Whether SQLite lets it run.
  bool allows(const std::string& sql) {
    return sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  /// The first value of the first row; 0 without a row.
  std::int64_t number(const std::string& sql) {
    std::int64_t value = 0;
    const auto take = [](void* into, int, char** values, char**) {
      if (values[0] != nullptr) *static_cast<std::int64_t*>(into) = std::stoll(values[0]);
      return 0;
    };
    if (sqlite3_exec(db_.get(), sql.c_str(), take, &value, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db_.get()));
    }
    return value;
  }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace test_support

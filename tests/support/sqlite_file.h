// A store's file as a foreign tool sees it.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

namespace test_support {

/// Runs SQL on the file; a failure of the test says why it could not.
inline void execute_sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

}  // namespace test_support

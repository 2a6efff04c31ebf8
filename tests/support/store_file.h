// A SQLite store in a folder of its own, which a test opens again and again.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace test_support {

class StoreFile : public testing::Test {
 protected:
  /// Owned, where it is to be written; nullptr, and the test has failed, where it cannot be opened.
  std::unique_ptr<core::Store> open(sinks::OpenMode mode = sinks::OpenMode::kWrite) {
    auto store = sinks::open_sqlite_store(path, mode, {1, "", ""});
    if (!store) {
      ADD_FAILURE() << store.error().message;
      return nullptr;
    }
    const bool owned = mode == sinks::OpenMode::kRead || (*store)->claim(claims_.of(1, true)).has_value();
    EXPECT_TRUE(owned);
    return std::move(*store);
  }
  static void commit(core::Store& store, const core::Commit& commit) {
    const auto done = store.commit(commit);
    ASSERT_TRUE(done) << done.error().message;
  }
  void execute(const std::string& sql) { execute_sql(path, sql); }
  /// A store of before alerts (schema 6).
  void drop_alerts() {
    execute(
        "DROP TABLE alerts; DROP TABLE alerts_pending; DROP TABLE alert_mutes; DROP TABLE alert_messages; "
        "PRAGMA user_version=6");
  }

  Claims claims_;
  TempDir folder;
  std::string path = folder / "test.db";
};

}  // namespace test_support

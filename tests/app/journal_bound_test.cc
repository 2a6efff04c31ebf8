// The journal of a store that is opened again and again must not grow without bound.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "tests/support/command.h"
#include "tests/support/event_line.h"
#include "tests/support/temp_dir.h"

namespace {

std::int64_t number(const std::string& path, const char* sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(db, sql, -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const std::int64_t value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return value;
}

TEST(Journal, ARestartCountsWhatIsInItAlready) {
  const test_support::TempDir folder;
  const std::string path = folder / "floor.db";
  constexpr int kLeads = 8'000, kMostRestarts = 30;
  std::int64_t longest = 0, before = 0;
  for (int run = 0; run < kMostRestarts && longest == before; ++run) {
    std::string log;
    for (int lead = 0; lead < kLeads; ++lead) {
      // The owner changes every time: the same records are written again.
      log += test_support::event_line("lead.assigned", fmt::format("lead-{}", lead),
                                      fmt::format("2026-03-02T10:{:02}:00Z", run),
                                      fmt::format(R"("agent":"agent-{}")", run)) +
             "\n";
    }
    const auto ran = test_support::run_command({FLOORWATCH_BINARY, "replay", "--store", "sqlite:" + path, "--shards",
                                                "1", "--input", folder.write("log", log)});
    ASSERT_EQ(ran.status, 0) << ran.err;
    before = number(path, "SELECT ifnull(sum(length(bytes)), 0) FROM journal");
    longest = std::max(longest, before);
  }
  EXPECT_LT(before, longest) << "a snapshot has taken its place";
  EXPECT_GT(number(path, "SELECT count(*) FROM pages"), 0);
}

}  // namespace

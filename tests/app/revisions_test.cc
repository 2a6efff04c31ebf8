// The diary of corrections as the commands and the live process show it: how often a row was corrected, a list with a
// limit, and no need of it where nobody asks.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "app/open_store.h"
#include "tests/support/clocked_floor.h"
#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/event_line.h"
#include "tests/support/served_floor.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace app {
namespace {

using test_support::csv_rows;
using test_support::event_line;
using test_support::only_row;
using test_support::Ran;

std::vector<std::string> caller(const std::string& id, const std::string& time, const std::string& queue = "sales") {
  return {event_line("contact.queued", id, time,
                     R"("visit":")" + id + R"(","client":"acme","channel":"voice","queue":")" + queue + "\""),
          event_line("contact.left_queue", id, time, R"("visit":")" + id + R"(","reason":"caller")")};
}

/// A store of two queues and three quarter hours, and revisions that a test writes into it.
class StoredRevisions : public testing::Test {
 protected:
  void SetUp() override {
    std::string log, id = "a";
    for (const char* time : {"2026-03-02T08:01:00Z", "2026-03-02T08:16:00Z", "2026-03-02T09:01:00Z"}) {
      for (const std::string queue : {"sales", "support"}) {
        for (const auto& line : caller(id, time, queue)) log += line + "\n";
        ++id[0];
      }
    }
    const Ran made = floorwatch({"replay", "--input", folder.write("log.ndjson", log)});
    ASSERT_EQ(made.out, "received=12 applied=12 duplicate=0 rejected=0 skipped=0\n") << made.err;
  }
  Ran floorwatch(std::vector<std::string> words) const {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    words.insert(words.begin() + 2, {"--store", url});
    return test_support::run_command(words);
  }
  std::vector<test_support::CsvRow> figures(std::vector<std::string> words) const {
    words.insert(words.begin(), {"figures", "--format", "csv"});
    const Ran ran = floorwatch(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return csv_rows(ran.out);
  }
  /// Revisions `first` to `last` of a quarter hour, two figures each.
  void correct(const std::string& queue, const std::string& start, int first, int last) const {
    test_support::execute_sql(
        path, "WITH RECURSIVE n(i) AS (SELECT " + std::to_string(first) + " UNION ALL SELECT i + 1 FROM n WHERE i < " +
                  std::to_string(last) + ") INSERT INTO revisions SELECT 'queue', 'arrival', 'acme', '" + queue +
                  "', 'voice', " + std::to_string(core::to_ms(*core::parse_rfc3339(start))) +
                  ", i, 77, 'contact.queued', 88, 'v', 'log', '/pbx', 'e-' || i, 1, 'offered 1 2' || char(10) || "
                  "'abandoned 1 2' || char(10) FROM n");
  }

  test_support::TempDir folder;
  std::string path = folder / "floor.db", url = "sqlite:" + path;
};

TEST_F(StoredRevisions, AreCountedForTheRowsThatAreShown) {
  correct("sales", "2026-03-02T08:00:00Z", 1, 2), correct("sales", "2026-03-02T09:00:00Z", 1, 1);
  correct("support", "2026-03-02T08:15:00Z", 1, 1);
  const auto quarters = figures({"--every", "15m"});
  const auto quarter = [&](const std::string& queue, const std::string& start) {
    const auto row = only_row(quarters, {{"queue", queue}, {"start", start}});
    return row.at("status") + " " + row.at("revision");
  };
  EXPECT_EQ(quarter("sales", "2026-03-02T08:00:00Z"), "corrected 2");
  EXPECT_EQ(quarter("sales", "2026-03-02T08:15:00Z"), "final 0");
  EXPECT_EQ(quarter("sales", "2026-03-02T09:00:00Z"), "corrected 1");
  EXPECT_EQ(quarter("support", "2026-03-02T08:00:00Z"), "final 0");
  EXPECT_EQ(quarter("support", "2026-03-02T08:15:00Z"), "corrected 1");
  EXPECT_EQ(only_row(figures({"--queue", "sales"}), {}).at("revision"), "3");
  EXPECT_EQ(only_row(figures({"--by", "client"}), {}).at("revision"), "4");
  const auto hour = figures({"--by", "client", "--queue", "support", "--every", "1h", "--to", "2026-03-02T08:00:01Z"});
  EXPECT_EQ(only_row(hour, {}).at("revision"), "1");
  for (const auto& row : figures({"--basis", "event"})) EXPECT_EQ(row.at("revision"), "0");
  for (const auto& row : figures({"--window", "day"})) EXPECT_EQ(row.at("revision"), "0");
}

TEST_F(StoredRevisions, AreAllListedInCsvAndJsonAndTheFirstThousandInATable) {
  correct("sales", "2026-03-02T08:00:00Z", 1, 1'200);
  const auto all = figures({"--revisions"});
  ASSERT_EQ(all.size(), 2'400U);
  EXPECT_EQ(all.front().at("revision"), "1");
  EXPECT_EQ(all.back().at("revision"), "1200");
  const Ran json = floorwatch({"figures", "--revisions", "--format", "json"});
  EXPECT_EQ(std::count(json.out.begin(), json.out.end(), '{'), 2'400);
  EXPECT_TRUE(json.out.ends_with("}\n]\n"));
  EXPECT_EQ(json.err, "");
  const Ran table = floorwatch({"figures", "--revisions"});
  EXPECT_EQ(table.status, 0);
  EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 2'001);
  EXPECT_NE(table.err.find("the first 1000 revisions"), std::string::npos) << table.err;
}

TEST_F(StoredRevisions, ALimitKeepsTheFirstInOrderAndSaysThatThereAreMore) {
  correct("sales", "2026-03-02T08:00:00Z", 1, 3), correct("support", "2026-03-02T08:00:00Z", 1, 1);
  const Ran cut = floorwatch({"figures", "--revisions", "--limit", "3", "--format", "csv"});
  EXPECT_EQ(cut.status, 0);
  EXPECT_EQ(csv_rows(cut.out).size(), 6U);
  EXPECT_EQ(csv_rows(cut.out).back().at("queue"), "sales");
  EXPECT_NE(cut.err.find("there are more"), std::string::npos) << cut.err;
  const Ran whole = floorwatch({"figures", "--revisions", "--limit", "4", "--format", "csv"});
  EXPECT_EQ(csv_rows(whole.out).size(), 8U);
  EXPECT_EQ(whole.err, "");
  EXPECT_EQ(floorwatch({"figures", "--limit", "4"}).status, 2);
}

/// Its table is there, and cannot be read.
TEST_F(StoredRevisions, AreNotReadByThoseWhoDoNotShowThem) {
  correct("sales", "2026-03-02T08:00:00Z", 1, 2);
  const std::string digest = floorwatch({"digest"}).out;
  const auto page = test_support::number_by_sql(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'revisions'");
  test_support::execute_sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp((page - 1) * 4096);
    file << std::string(4096, '\xff');
  }
  EXPECT_EQ(floorwatch({"digest"}).out, digest);
  for (const std::string command : {"contacts", "dead-letters"}) EXPECT_EQ(floorwatch({command}).status, 0) << command;
  EXPECT_EQ(floorwatch({"figures", "--window", "1h"}).status, 0);
  EXPECT_EQ(floorwatch({"verify", "--input", folder / "log.ndjson"}).status, 0);
  {
    const auto writable = open_for_writing(url, core::FigureConfig{}, 8, false);
    ASSERT_TRUE(writable) << writable.error().message;
    Floor floor(core::FigureConfig{}, 8, 1);
    EXPECT_TRUE(floor.load(*writable->store)) << "nor by `run` when it starts";
  }
  for (const std::vector<std::string>& words : {std::vector<std::string>{"figures"}, {"figures", "--revisions"}}) {
    const Ran ran = floorwatch(words);
    EXPECT_EQ(ran.status, 3);
    EXPECT_NE(ran.err.find("damaged"), std::string::npos) << ran.err;
  }
}

TEST(LiveRevisions, AreCountedOnceTheirCommitIsKept) {
  const core::EventTime ten = *core::parse_rfc3339("2026-03-02T10:00:00Z");
  PipelineOptions options;
  options.commit_interval = core::Millis{0};
  test_support::ClockedFloor floor({{"acd"}}, core::WallTime{ten.time_since_epoch()}, options);
  const auto morning = [&](std::map<std::string, std::string> words) {
    words["queue"] = "sales", words["to"] = "2026-03-02T09:00:00Z";
    const auto row = only_row(csv_rows(floor.csv(words)), {});
    return row.at("status") + " " + row.at("offered") + " " + row.at("revision");
  };
  floor.give("acd", 0, caller("v1", "2026-03-02T08:01:00Z"));
  floor.give("acd", 0, caller("v2", "2026-03-02T10:00:00Z"), true);
  EXPECT_EQ(morning({{"every", "15m"}}), "final 1 0");
  for (int n = 1; n <= 2; ++n) {
    floor.give("acd", 0, caller("late" + std::to_string(n), "2026-03-02T08:02:00Z"), true);
    const std::string corrected = "corrected " + std::to_string(1 + n) + " " + std::to_string(n);
    EXPECT_TRUE(test_support::comes_true([&] {
      floor.pass(core::Millis{1'000});
      return morning({{"every", "15m"}}) == corrected;
    })) << morning({{"every", "15m"}});
    EXPECT_EQ(morning({{"every", "total"}}), corrected);
    EXPECT_EQ(morning({{"every", "day"}}), "live " + std::to_string(2 + n) + " " + std::to_string(n));
  }
}

}  // namespace
}  // namespace app

// Contacts that had to leave memory count like all others: every figure, list and digest, in any order of delivery,
// after a rebuild, and to whoever reads a part.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace {

class Memory : public testing::Test {
 protected:
  void SetUp() override {
    floorwatch({"generate", "--visits", "20000", "--seed", "31", "--disorder", "30s", "--late", "0.01:4h",
                "--duplicates", "0.01", "--output", folder / "log.ndjson", "--quiet"});
    std::istringstream file(folder.read("log.ndjson"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line + "\n");
    std::shuffle(lines.begin(), lines.end(), std::mt19937_64(7));
    std::ofstream shuffled(folder / "shuffled.ndjson", std::ios::binary);
    for (const std::string& line : lines) shuffled << line;
  }
  std::string floorwatch(std::vector<std::string> words) const {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    const auto ran = test_support::run_command(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  }
  std::string url(const std::string& store) const { return "sqlite:" + (folder / store); }
  /// Commits come often, so that much has left while the log is read.
  std::string configuration(bool limited, bool sends_wrap) const {
    const std::string name = std::string(limited ? "limited" : "ample") + (sends_wrap ? ".yaml" : "-without-wrap.yaml");
    return folder.write(name, std::string("store: {commit_interval: 10ms}\n") +
                                  (limited ? "memory: {records: 1MiB}\n" : "") +
                                  "sources:\n  - name: log\n    file: {path: log.ndjson}\n    sends_wrap: " +
                                  (sends_wrap ? "true\n" : "false\n"));
  }
  std::string replay(const std::string& store, const std::string& config, const std::string& log,
                     std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"replay", "--config", config, "--store", url(store), "--input", folder / log, "--batch",
                               "2000", "--quiet"});
    return floorwatch(more);
  }
  std::string digest(const std::string& store) const { return floorwatch({"digest", "--store", url(store)}); }
  std::int64_t archived(const std::string& store) const {
    return test_support::number_by_sql(folder / store, "SELECT count(*) FROM archive");
  }
  /// Archived versions that a later event has made old: listed, or in pages that were swept away, of which each had
  /// some hundred contacts.
  std::int64_t outdated(const std::string& store) const {
    const auto number = [&](const std::string& sql) { return test_support::number_by_sql(folder / store, sql); };
    const std::int64_t swept =
        number("SELECT sum(last) FROM (SELECT max(number) AS last FROM archive GROUP BY shard)") - archived(store);
    return number("SELECT count(*) FROM superseded") + 100 * swept;
  }
  void expect_same_answers(const std::string& store, const std::string& other) const {
    EXPECT_EQ(digest(store), digest(other));
    // Bounds of a total that cut through intervals: its facts are picked one by one from the records.
    const std::vector<std::vector<std::string>> questions = {
        {"figures", "--by", "queue", "--every", "15m"},
        {"figures", "--by", "agent", "--every", "1h"},
        {"figures", "--by", "lead", "--every", "day"},
        {"figures", "--by", "queue", "--window", "1h"},
        {"figures", "--by", "queue", "--every", "total", "--from", "2026-03-02T07:07:07Z", "--to",
         "2026-03-02T11:11:11Z"},
        {"figures", "--by", "agent", "--every", "total", "--from", "2026-03-02T07:07:07Z", "--to",
         "2026-03-02T11:11:11Z"},
        {"contacts", "--outcome", "abandoned"},
        {"contacts", "--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T09:30:00Z"},
    };
    for (auto question : questions) {
      const std::string name = testing::PrintToString(question);
      const auto ask = [&](const std::string& of) {
        auto words = question;
        words.insert(words.end(), {"--store", url(of), "--format", "csv"});
        return floorwatch(words);
      };
      const std::string answer = ask(store);
      EXPECT_GT(std::count(answer.begin(), answer.end(), '\n'), 1) << name;
      EXPECT_TRUE(answer == ask(other)) << name;
    }
  }

  test_support::TempDir folder;
};

TEST_F(Memory, WhatLeftCountsAsWhatStayed) {
  const std::string ample = configuration(false, true), limited = configuration(true, true);
  const std::string counts = replay("ample.db", ample, "log.ndjson");
  EXPECT_EQ(replay("limited.db", limited, "log.ndjson"), counts);
  EXPECT_GT(archived("limited.db"), 0) << "nothing ever left";
  EXPECT_EQ(archived("ample.db"), 0);
  expect_same_answers("limited.db", "ample.db");
  replay("shuffled.db", limited, "shuffled.ndjson");
  EXPECT_GT(outdated("shuffled.db"), 3'000) << "shuffled, contacts leave before they are complete";
  expect_same_answers("shuffled.db", "ample.db");
}

TEST_F(Memory, ARebuildCountsWhatLeft) {
  replay("limited.db", configuration(true, false), "log.ndjson");
  ASSERT_GT(archived("limited.db"), 0);
  const std::string limited = configuration(true, true);
  EXPECT_EQ(replay("limited.db", limited, "log.ndjson", {"--rebuild"}),
            "received=0 applied=0 duplicate=0 rejected=0 skipped=0\n");
  replay("ample.db", configuration(false, true), "log.ndjson");
  expect_same_answers("limited.db", "ample.db");
}

TEST_F(Memory, ADamagedArchiveIsSaidInWords) {
  replay("limited.db", configuration(true, true), "log.ndjson");
  test_support::execute_sql(folder / "limited.db", "UPDATE archive SET checksum = checksum + 1");
  const auto ran = test_support::run_command({FLOORWATCH_BINARY, "digest", "--store", url("limited.db")});
  EXPECT_EQ(ran.status, 3);
  EXPECT_NE(ran.err.find("the archive of contacts is damaged"), std::string::npos) << ran.err;
}

}  // namespace

// `floorwatch verify`: finds and names what is wrong with a store, and finds nothing where nothing is.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "app/open_store.h"
#include "ingest/formats/formats.h"
#include "tests/support/command.h"
#include "tests/support/event_line.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::event_line;
using test_support::Ran;

Ran floorwatch(std::vector<std::string> words) {
  words.insert(words.begin(), FLOORWATCH_BINARY);
  return test_support::run_command(words);
}

/// A generated morning, made once.
const std::string& morning() {
  static const std::string text = [] {
    const test_support::TempDir dir;
    EXPECT_EQ(floorwatch({"generate", "--visits", "300", "--seed", "5", "--output", dir / "log", "--quiet"}).status, 0);
    return dir.read("log");
  }();
  return text;
}

/// A store of `log`, and what can be done to both.
class Verify : public testing::Test {
 protected:
  void SetUp() override { folder.write("log", morning()); }

  std::string url() const { return "sqlite:" + (folder / "floor.db"); }
  Ran replay(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"replay", "--store", url(), "--input", folder / "log", "--quiet"});
    Ran ran = floorwatch(more);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran;
  }
  Ran verify(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"verify", "--store", url(), "--input", folder / "log"});
    return floorwatch(more);
  }
  /// As replay --rebuild does: the store keeps its cells, and not only records.
  std::string replay_with_cells() const {
    const std::string config = folder.write("clients.yaml", "clients: {acme: {queues: [acme-care, acme-sales]}}\n");
    replay();
    replay({"--config", config, "--rebuild"});
    return config;
  }

  /// Changes the store through the store's own interface: every checksum is right.
  template <typename Change>
  void change(Change&& by) const {
    auto stored = app::open_for_reading(url());
    ASSERT_TRUE(stored);
    const core::FigureConfig config = stored->floor->config();
    stored->store.reset();
    auto opened = app::open_for_writing(url(), config, 8, false);
    ASSERT_TRUE(opened) << opened.error().message;
    app::Floor floor(config, opened->store->identity().shards, 1);
    ASSERT_TRUE(floor.load(*opened->store));
    core::Commit commit;
    commit.progress = opened->store->progress();
    by(floor, commit);
    const auto kept = opened->store->commit(commit);
    ASSERT_TRUE(kept) << kept.error().message;
  }

  /// Flips one bit in the middle of a blob, as a failing disk does.
  void flip(const std::string& table) const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "floor.db").c_str(), &db), SQLITE_OK);
    sqlite3_stmt* row = nullptr;
    const std::string longest = "SELECT rowid FROM " + table + " ORDER BY length(bytes) DESC LIMIT 1";
    ASSERT_EQ(sqlite3_prepare_v2(db, longest.c_str(), -1, &row, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    ASSERT_EQ(sqlite3_step(row), SQLITE_ROW);
    const auto id = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_blob* blob = nullptr;
    ASSERT_EQ(sqlite3_blob_open(db, "main", table.c_str(), "bytes", id, 1, &blob), SQLITE_OK) << sqlite3_errmsg(db);
    const int middle = sqlite3_blob_bytes(blob) / 2;
    char byte = 0;
    ASSERT_EQ(sqlite3_blob_read(blob, &byte, 1, middle), SQLITE_OK);
    byte = static_cast<char>(byte ^ 4);
    ASSERT_EQ(sqlite3_blob_write(blob, &byte, 1, middle), SQLITE_OK);
    sqlite3_blob_close(blob);
    ASSERT_EQ(sqlite3_close(db), SQLITE_OK);
  }

  static void says(const Ran& ran, const std::string& words) {
    EXPECT_NE(ran.out.find(words), std::string::npos) << words << " in:\n" << ran.out << ran.err;
  }

  test_support::TempDir folder;
};

TEST_F(Verify, AStoreOfItsLogHasNoDifference) {
  replay();
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  says(ran, " differences=0\nhorizon=none");
  EXPECT_EQ(ran.out.find("records=0 "), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("intervals=0 "), std::string::npos) << ran.out;
}

TEST_F(Verify, AStoreThatHasArchivedContactsHasNoDifference) {
  const std::string log = folder / "log";
  ASSERT_EQ(floorwatch({"generate", "--visits", "60000", "--seed", "6", "--output", log, "--quiet"}).status, 0);
  const std::string config = folder.write("small.yaml", "memory: {records: 1MiB}\nstore: {commit_interval: 50ms}\n");
  replay({"--config", config});
  const Ran ran = verify({"--config", config});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  flip("archive");
  const Ran flipped = verify({"--config", config});
  EXPECT_EQ(flipped.status, 1);
  says(flipped, "damaged the archive of contacts is damaged (the checksum of shard ");
}

TEST_F(Verify, AStoreOfWhoseIntervalsMostHaveLeftHasNoDifference) {
  const std::string log = folder / "log";
  ASSERT_EQ(
      floorwatch({"generate", "--visits", "50000", "--hours", "96", "--seed", "6", "--output", log, "--quiet"}).status,
      0);
  const std::string config = folder.write("small.yaml", "memory: {records: 1MiB}\nstore: {commit_interval: 50ms}\n");
  replay({"--config", config, "--shards", "1"});
  ASSERT_GT(test_support::number_by_sql(folder / "floor.db", "SELECT count(*) FROM intervals"), 95)
      << "less than a day";
  const Ran ran = verify({"--config", config});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  flip("intervals");
  const Ran flipped = verify({"--config", config});
  EXPECT_EQ(flipped.status, 1);
  says(flipped, "damaged the store is damaged (the checksum of shard ");
  says(flipped, ", interval 2026-");
}

TEST_F(Verify, WhatALogHasGrownBySinceIsLeftOut) {
  replay();
  folder.append("log", event_line("contact.queued", "new", "2026-03-02T12:00:00Z",
                                  R"("visit":"new","queue":"sales","channel":"voice")") +
                           "\n");
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
}

TEST_F(Verify, AShortFileThatHasGrownIsKnownAgain) {
  folder.write("log", morning().substr(0, morning().find('\n', 1000) + 1));
  replay();
  folder.write("log", morning());
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
}

TEST_F(Verify, AFlippedBitIsNamedWithItsShardAndPiece) {
  replay();
  flip("journal");
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1) << ran.err;
  says(ran, "damaged store ");
  says(ran, "the state of shard ");
  says(ran, ", journal entry ");
}

TEST_F(Verify, AFlippedBitInAPageIsNamed) {
  const std::string config = replay_with_cells();
  flip("pages");
  const Ran ran = verify({"--config", config});
  EXPECT_EQ(ran.status, 1) << ran.err;
  says(ran, ", page ");
}

TEST_F(Verify, AChangedCellIsFoundThoughItsChecksumIsRight) {
  const std::string config = replay_with_cells();
  EXPECT_EQ(verify({"--config", config}).status, 0);
  change([](app::Floor& floor, core::Commit& commit) {
    for (std::uint32_t s = 0; s < floor.shards().size(); ++s) {
      processors::Shard& shard = *floor.shards()[s];
      bool changed = false;
      shard.book().queues.intervals[0].pages([&](core::Slot, auto& page) {
        page.each([&](const processors::CellKey&, processors::QueueCell& cell) {
          if (!std::exchange(changed, true)) cell.count(processors::QueueCount::kHandled, 1);
        });
      });
      if (!changed) continue;
      commit.snapshots.push_back(shard.pack_snapshot());
      return;
    }
  });
  const Ran ran = verify({"--config", config});
  EXPECT_EQ(ran.status, 1);
  says(ran, " differences=1\n");
  says(ran, "of queues, basis arrival: handled ");
  says(ran, "by the store's own records");
}

TEST_F(Verify, ARecordThatTheLogDoesNotGiveIsNamed) {
  replay();
  const std::string line = event_line("contact.queued", "ghost", "2026-03-02T09:00:00Z",
                                      R"("visit":"ghost","queue":"sales","channel":"voice")") +
                           std::string(64, '\0');
  change([&](app::Floor& floor, core::Commit& commit) {
    core::RawBatch batch;
    batch.partitions.push_back({.key = "file:log/1-0", .label = "log", .end_read = {}});
    batch.messages.push_back({.value = std::string_view(line).substr(0, line.size() - 64), .headers = {}});
    const app::SourceRules rules{
        "log", [] { return std::move(*ingest::make_decoder("canonical", {"log", "UTC"})); }, {}};
    ASSERT_EQ(floor.apply(batch, rules, std::nullopt).counts.applied, 1U);
    floor.pack_changes(commit);
    std::erase_if(commit.journal, [](const core::StateBlob& blob) { return blob.bytes.empty(); });
  });
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1);
  says(ran, "contact ghost: the store has it, the log does not give it");
  says(ran, "offered_inbound 1, not 0");
}

TEST_F(Verify, AChangedLineOfTheLogIsNamedWithBothContents) {
  replay();
  std::string text = morning();
  const auto at = text.rfind("\"contact.queued\"");
  const auto minute = text.find("\"time\":\"", at) + 8 + std::string("2026-03-02T09:0").size();
  text[minute] = text[minute] == '0' ? '1' : '0';
  folder.write("log", text);
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1);
  says(ran, "contact ");
  says(ran, ": the store has \"");
  says(ran, ", the log gives \"");
}

TEST_F(Verify, AChangedProfileIsNamedByItsKeyAndBothValues) {
  replay();
  const Ran ran = verify({"--config", folder.write("other.yaml", "give_up_after: {voice: 5h}\n")});
  EXPECT_EQ(ran.status, 1) << ran.err;
  says(ran, "configuration give_up_after");
  says(ran, ": the store has ");
  says(ran, "differences=1\n");
}

TEST_F(Verify, AMissingFileIsNamedAndItsRecordsAreNotCalledMissing) {
  const std::string half = morning().substr(0, morning().find('\n', morning().size() / 2) + 1);
  folder.write("first", half);
  folder.write("log", morning().substr(half.size()));
  ASSERT_EQ(floorwatch({"replay", "--store", url(), "--input", folder / "first", folder / "log"}).status, 0);
  EXPECT_EQ(floorwatch({"verify", "--store", url(), "--input", folder / "first", folder / "log"}).status, 0);
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1);
  says(ran, "is missing: the store has read it up to byte " + std::to_string(half.size()));
  says(ran, " differences=1\nhorizon=2");
}

TEST_F(Verify, ALogThatWasCutIsNamed) {
  replay();
  const std::string half = morning().substr(0, morning().find('\n', morning().size() / 2) + 1);
  folder.write("log", half);
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1);
  says(ran, " ends at byte " + std::to_string(half.size()));
}

TEST_F(Verify, EventsThatTheStoreRefusedAsFutureAreLeftOutAndListed) {
  const std::string line = event_line("contact.queued", "early", "2099-03-02T09:00:00Z",
                                      R"("visit":"early","queue":"sales","channel":"voice")");
  folder.write("log", morning() + line + "\n");
  const auto offset = static_cast<std::int64_t>(morning().size());
  folder.write("log", morning() + std::string(line.size(), 'x') + "\n");
  replay();
  folder.write("log", morning() + line + "\n");
  EXPECT_EQ(verify().status, 1) << "nothing says yet that it was refused";
  change([&](app::Floor&, core::Commit& commit) {
    commit.dead_letters.push_back({"log", "log:9 (byte 1)", "future_time", "too early", line, {}, {}, offset});
  });
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 0) << ran.out;
  says(ran, "left out log:9 (byte 1): the store holds it as a dead letter, future_time");
}

TEST_F(Verify, LeavesNothingBehindAndTheStoreAsItWas) {
  replay();
  const std::string before = folder.read("floor.db");
  const test_support::TempDir scratch;
  ASSERT_EQ(::setenv("TMPDIR", scratch.path().c_str(), 1), 0);
  EXPECT_EQ(verify().status, 0);
  folder.write("log", "\x1f\x8b\x08 and no gzip");
  EXPECT_EQ(verify().status, 3);
  ::unsetenv("TMPDIR");
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  EXPECT_EQ(folder.read("floor.db"), before);
}

TEST_F(Verify, WrongArgumentsEndWithTwo) {
  EXPECT_EQ(verify().status, 2) << "there is no store";
  replay();
  EXPECT_EQ(verify({"--format", "vendor"}).status, 2);
  std::filesystem::remove(folder / "log");
  EXPECT_EQ(verify().status, 2);
}

}  // namespace

// What every store must do, told of the SQLite one.
#include "sinks/store/sqlite_store.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/claims.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace sinks {
namespace {

using Blobs = std::map<std::uint32_t, std::vector<std::string>>;

core::StoreIdentity identity() { return {3, "sends_wrap.x = false\n", std::string("packed\0bytes", 12)}; }

class SqliteStoreTest : public testing::Test {
 protected:
  std::unique_ptr<core::Store> open(OpenMode mode = OpenMode::kWrite) {
    auto store = open_sqlite_store(path, mode, identity());
    if (!store) {
      ADD_FAILURE() << store.error().message;
      return nullptr;
    }
    if (mode == OpenMode::kWrite) {
      const auto owned = (*store)->claim(claims.of(1));
      EXPECT_TRUE(owned) << owned.error().message;
    }
    return std::move(*store);
  }
  std::string refusal(OpenMode mode) {
    const auto store = open_sqlite_store(path, mode, identity());
    return store ? "" : store.error().message;
  }
  static Blobs loaded(core::Store& store) {
    Blobs blobs;
    const auto result = store.load(
        [&](core::StatePart, std::uint32_t shard, std::string_view bytes) { blobs[shard].emplace_back(bytes); });
    EXPECT_TRUE(result) << result.error().message;
    return blobs;
  }
  static void commit(core::Store& store, const core::Commit& commit) {
    const auto done = store.commit(commit);
    ASSERT_TRUE(done) << done.error().message;
  }
  static core::Commit journal(std::uint32_t shard, const std::string& bytes) {
    core::Commit commit;
    commit.journal = {{shard, bytes}};
    return commit;
  }
  void execute(const std::string& sql) { test_support::execute_sql(path, sql); }

  test_support::Claims claims;
  test_support::TempDir folder;
  std::string path = folder / "test.db";
};

core::Progress progress() {
  core::Progress p;
  p.partitions["kafka:a/t/0"] = {{17, 0}, core::event_time(-5)};
  p.partitions["file:b/0123"] = {{4'000'000'000, 12}, std::nullopt};
  p.counts["a"] = {10, 6, 2, 1, 1, 3, 4, {{"not_json", 1}}};
  p.as_of = core::event_time(1'772'442'000'123), p.watermark = core::event_time(1'772'441'000'000);
  p.committed_at = core::wall_time(1'772'442'000'999);
  p.allowed_lateness = core::Millis{31'000};
  p.sealed = true;
  return p;
}

void expect_progress(const core::Progress& got, const core::Progress& expected) {
  ASSERT_EQ(got.partitions.size(), expected.partitions.size());
  for (const auto& [key, partition] : expected.partitions) {
    EXPECT_EQ(got.partitions.at(key).resume.next_offset, partition.resume.next_offset);
    EXPECT_EQ(got.partitions.at(key).resume.next_line, partition.resume.next_line);
    EXPECT_EQ(got.partitions.at(key).clock, partition.clock);
  }
  EXPECT_EQ(got.counts, expected.counts);
  EXPECT_EQ(got.as_of, expected.as_of);
  EXPECT_EQ(got.watermark, expected.watermark);
  EXPECT_EQ(got.committed_at, expected.committed_at);
  EXPECT_EQ(got.allowed_lateness, expected.allowed_lateness);
  EXPECT_EQ(got.sealed, expected.sealed);
}

TEST_F(SqliteStoreTest, ANewOneIsEmptyAndHasItsIdentity) {
  const auto store = open();
  EXPECT_EQ(store->identity().shards, 3U);
  EXPECT_EQ(store->identity().figure_config, identity().figure_config);
  EXPECT_TRUE(loaded(*store).empty());
  EXPECT_TRUE(store->progress().partitions.empty());
  EXPECT_EQ(store->progress().as_of, std::nullopt);
}

TEST_F(SqliteStoreTest, GivesBackACommitAfterItWasClosed) {
  {
    const auto store = open();
    core::Commit commit;
    commit.journal = {{0, std::string("\0a\xff", 3)}, {2, "b"}, {0, "c"}};
    commit.progress = progress();
    commit.dead_letters = {{"a", "t/0@16", "not_json", "no JSON", std::string("{\0}", 3), core::wall_time(7)}};
    this->commit(*store, commit);
    this->commit(*store, journal(2, "d"));
  }
  auto store = open_sqlite_store(path, OpenMode::kWrite, {9, "other", "other"});
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->identity().shards, 3U) << "an existing store keeps its own";
  EXPECT_EQ((*store)->identity().packed_config, identity().packed_config);
  EXPECT_EQ(loaded(**store), (Blobs{{0, {"c", std::string("\0a\xff", 3)}}, {2, {"d", "b"}}}));
  const auto letters = (*store)->dead_letters({});
  ASSERT_TRUE(letters);
  ASSERT_EQ(letters->size(), 1U);
  EXPECT_EQ(letters->front().position, "t/0@16");
  EXPECT_EQ(letters->front().content, std::string("{\0}", 3));
  EXPECT_EQ(letters->front().seen, core::wall_time(7));
}

TEST_F(SqliteStoreTest, ProgressComesBack) {
  core::Commit commit;
  commit.progress = progress();
  this->commit(*open(), commit);
  expect_progress(open()->progress(), progress());
  expect_progress(open(OpenMode::kRead)->progress(), progress());
}

TEST_F(SqliteStoreTest, TheLatestProgressHolds) {
  const auto store = open();
  core::Commit first, second;
  first.progress = second.progress = progress();
  second.progress.partitions["kafka:a/t/0"].resume.next_offset = 18;
  second.progress.counts["a"].received = 11;
  second.progress.sealed = false;
  commit(*store, first), commit(*store, second);
  expect_progress(open(OpenMode::kRead)->progress(), second.progress);
}

TEST_F(SqliteStoreTest, ASnapshotReplacesItsShardsPagesAndJournal) {
  const auto store = open();
  commit(*store, journal(0, "old")), commit(*store, journal(1, "stays"));
  core::Commit snapshot = journal(0, "in the snapshot already");
  snapshot.snapshots = {{0, {"page 0", "page 1", "page 2"}}};
  commit(*store, snapshot), commit(*store, journal(0, "after")), commit(*store, journal(0, "last"));
  EXPECT_EQ(loaded(*open(OpenMode::kRead)),
            (Blobs{{0, {"page 0", "page 1", "page 2", "last", "after"}}, {1, {"stays"}}}));
  snapshot = {};
  snapshot.snapshots = {{0, {"smaller"}}};
  commit(*store, snapshot);
  EXPECT_EQ(loaded(*open(OpenMode::kRead)), (Blobs{{0, {"smaller"}}, {1, {"stays"}}}));
}

TEST_F(SqliteStoreTest, TheShardsPagesComeInTurn) {
  const auto store = open();
  core::Commit snapshots;
  snapshots.snapshots = {{0, {"0a", "0b", "0c"}}, {2, {"2a"}}, {1, {"1a", "1b"}}};
  commit(*store, snapshots);
  std::vector<std::string> order;
  const auto result = open(OpenMode::kRead)->load([&](core::StatePart part, std::uint32_t, std::string_view bytes) {
    EXPECT_EQ(part, core::StatePart::kPage);
    order.emplace_back(bytes);
  });
  EXPECT_TRUE(result) << result.error().message;
  EXPECT_EQ(order, (std::vector<std::string>{"0a", "1a", "2a", "0b", "1b", "0c"}));
}

TEST_F(SqliteStoreTest, AReaderSeesOneMomentWhileAnotherWrites) {
  const auto writer = open();
  core::Commit first = journal(0, "first");
  first.progress.partitions["p"].resume.next_offset = 1;
  commit(*writer, first);
  const auto reader = open(OpenMode::kRead);
  core::Commit second = journal(0, "second");
  second.progress.partitions["p"].resume.next_offset = 2;
  commit(*writer, second);
  EXPECT_EQ(reader->progress().partitions.at("p").resume.next_offset, 1);
  EXPECT_EQ(loaded(*reader), (Blobs{{0, {"first"}}}));
  EXPECT_EQ(loaded(*open(OpenMode::kRead)), (Blobs{{0, {"second", "first"}}}));
  EXPECT_FALSE(reader->commit(first)) << "a reader cannot write";
}

TEST_F(SqliteStoreTest, AFailedCommitKeepsNothingAndTheNextOneWorks) {
  const auto store = open();
  commit(*store, journal(0, "kept"));
  execute("CREATE TRIGGER full BEFORE INSERT ON dead_letters BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  core::Commit failing = journal(0, "lost");
  failing.progress.partitions["p"].resume.next_offset = 5;
  failing.dead_letters = {{"a", "p", "not_json", "", "", {}}};
  const auto failed = store->commit(failing);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("disk full"), std::string::npos) << failed.error().message;
  EXPECT_TRUE(store->progress().partitions.empty());
  failing.dead_letters.clear();
  failing.journal[0].bytes = "second try";
  commit(*store, failing);
  EXPECT_EQ(loaded(*open(OpenMode::kRead)), (Blobs{{0, {"second try", "kept"}}}));
}

TEST_F(SqliteStoreTest, ANewIdentityHoldsFromTheNextCommitOn) {
  const auto store = open();
  store->set_identity({3, "new", "new packed"});
  EXPECT_EQ(open(OpenMode::kRead)->identity().figure_config, identity().figure_config);
  commit(*store, journal(0, "x"));
  EXPECT_EQ(open(OpenMode::kRead)->identity().figure_config, "new");
  EXPECT_EQ(open(OpenMode::kRead)->identity().packed_config, "new packed");
}

TEST_F(SqliteStoreTest, DeadLettersAreTheNewestInTheirOrder) {
  const auto store = open();
  core::Commit commit;
  for (int i = 0; i < 5; ++i) commit.dead_letters.push_back({"a", std::to_string(i), "not_json", "", "", {}});
  this->commit(*store, commit);
  const auto letters = store->dead_letters({.source = {}, .reason = {}, .limit = 2});
  ASSERT_TRUE(letters);
  ASSERT_EQ(letters->size(), 2U);
  EXPECT_EQ(letters->at(0).position, "3");
  EXPECT_EQ(letters->at(1).position, "4");
}

TEST_F(SqliteStoreTest, WhatIsNoStoreIsRefusedInWords) {
  EXPECT_NE(refusal(OpenMode::kRead).find("there is no such file"), std::string::npos);
  folder.write("test.db", "This is a text file, long enough to be taken for a database by nobody.\n");
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite}) {
    EXPECT_NE(refusal(mode).find("not a database"), std::string::npos) << refusal(mode);
  }
  EXPECT_EQ(folder.read("test.db").substr(0, 4), "This") << "and left as it is";
}

TEST_F(SqliteStoreTest, AForeignDatabaseIsRefused) {
  execute("CREATE TABLE shopping(item TEXT)");
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite}) {
    EXPECT_NE(refusal(mode).find("no floorwatch store"), std::string::npos) << refusal(mode);
  }
}

TEST_F(SqliteStoreTest, AStoreOfANewerVersionIsRefused) {
  open();
  execute("PRAGMA user_version=99");
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite}) {
    EXPECT_NE(refusal(mode).find("newer floorwatch"), std::string::npos) << refusal(mode);
  }
}

TEST(SqlitePath, IsWhatFollowsTheScheme) {
  EXPECT_EQ(sqlite_path("sqlite:a.db"), "a.db");
  EXPECT_EQ(sqlite_path("sqlite:/x/y z.db"), "/x/y z.db");
  EXPECT_EQ(sqlite_path("sqlite:"), std::nullopt);
  EXPECT_EQ(sqlite_path("postgresql://h/d"), std::nullopt);
}

}  // namespace
}  // namespace sinks

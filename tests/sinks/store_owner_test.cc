// One owner of the SQLite store, and stores of earlier versions.
#include <gtest/gtest.h>

#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace sinks {
namespace {

core::StoreIdentity identity() { return {3, "config\n", "packed"}; }

class StoreOwnerTest : public testing::Test {
 protected:
  std::unique_ptr<core::Store> open(OpenMode mode = OpenMode::kWrite) {
    auto store = open_sqlite_store(path, mode, identity());
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }
  std::unique_ptr<core::Store> owned(const core::Claim& claim) {
    auto store = open();
    if (auto taken = store->claim(claim); !taken) throw std::runtime_error(taken.error().message);
    return store;
  }
  std::string refused(const core::Claim& claim) {
    const auto taken = open()->claim(claim);
    return taken ? "" : taken.error().message;
  }
  std::string journal() {
    std::string all;
    EXPECT_TRUE(open(OpenMode::kRead)->load([&](core::StatePart, std::uint32_t, std::string_view bytes) { all += bytes; }));
    return all;
  }
  static core::Commit commit_of(const std::string& bytes, std::int64_t offset) {
    core::Commit commit;
    commit.journal = {{0, bytes}};
    commit.progress.partitions["p"].resume.next_offset = offset;
    return commit;
  }
  void execute(const std::string& sql) { test_support::execute_sql(path, sql); }

  test_support::TempDir folder;
  std::string path = folder / "test.db";
  test_support::Claims claims;
};

TEST_F(StoreOwnerTest, WithoutAnOwnershipNothingIsWritten) {
  const auto store = open();
  const auto failed = store->commit(commit_of("x", 1));
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().retry_after) << "trying again cannot help";
  EXPECT_EQ(journal(), "");
}

TEST_F(StoreOwnerTest, ASecondOneIsRefusedAndTheOwnerGoesOn) {
  const auto owner = owned(claims.of(1));
  claims.pass(core::Millis{9'000});
  EXPECT_NE(refused(claims.of(2)).find("process 1 on host pbx1"), std::string::npos);
  EXPECT_TRUE(owner->commit(commit_of("a", 1)));
  EXPECT_EQ(journal(), "a");
}

TEST_F(StoreOwnerTest, ACommitAndAHeartbeatKeepTheOwnership) {
  const auto owner = owned(claims.of(1));
  for (int round = 0; round < 3; ++round) {
    claims.pass(core::Millis{8'000});
    EXPECT_TRUE(round == 1 ? owner->beat() : owner->commit(commit_of("a", round)));
    claims.pass(core::Millis{8'000});
    EXPECT_NE(refused(claims.of(2)), "");
    EXPECT_TRUE(owner->beat());
  }
}

TEST_F(StoreOwnerTest, LoadingWritesHeartbeats) {
  {
    const auto owner = owned(claims.of(1));
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(owner->commit(commit_of("a", i)));
  }
  const auto slow = owned(claims.of(2));
  EXPECT_TRUE(slow->load([&](core::StatePart, std::uint32_t, std::string_view) { claims.pass(core::Millis{6'000}); }));
  EXPECT_NE(refused(claims.of(3)), "") << "the load took longer than a heartbeat may be old";
  EXPECT_TRUE(slow->commit(commit_of("b", 5)));
}

TEST_F(StoreOwnerTest, APausedOwnerFindsThatItWasTakenOverAndChangesNothing) {
  const auto paused = owned(claims.of(1));
  EXPECT_TRUE(paused->commit(commit_of("a", 1)));
  claims.pass(core::Millis{10'000});
  const auto next = owned(claims.of(2));
  EXPECT_EQ(next->progress().partitions.at("p").resume.next_offset, 1);
  EXPECT_TRUE(next->commit(commit_of("b", 2)));
  for (const auto& failed : {paused->commit(commit_of("lost", 9)), paused->beat()}) {
    ASSERT_FALSE(failed);
    EXPECT_FALSE(failed.error().retry_after);
    EXPECT_NE(failed.error().message.find("process 2 on host pbx1 took it over at 2026-03-02T09:00:10Z"),
              std::string::npos)
        << failed.error().message;
  }
  EXPECT_TRUE(next->commit(commit_of("c", 3)));
  EXPECT_EQ(journal(), "cba");
  EXPECT_EQ(open(OpenMode::kRead)->progress().partitions.at("p").resume.next_offset, 3);
}

TEST_F(StoreOwnerTest, TheEndOfAFormerOwnerGivesNothingUp) {
  auto paused = owned(claims.of(1));
  const auto next = owned(claims.of(2, true));
  paused.reset();
  EXPECT_NE(refused(claims.of(3)).find("process 2"), std::string::npos);
}

TEST_F(StoreOwnerTest, AnOrderlyEndAndAProvenOneFreeItAtOnce) {
  owned(claims.of(1)).reset();
  const auto second = owned(claims.of(2));
  EXPECT_NE(refused(claims.of(3)), "");
  claims.end(2);
  EXPECT_EQ(refused(claims.of(3)), "");
}

TEST_F(StoreOwnerTest, AClaimSeesWhatWasCommittedSinceTheStoreWasOpened) {
  auto first = owned(claims.of(1));
  const auto second = open();
  EXPECT_TRUE(first->commit(commit_of("a", 17)));
  first.reset();
  ASSERT_TRUE(second->claim(claims.of(2)));
  EXPECT_EQ(second->progress().partitions.at("p").resume.next_offset, 17);
}

TEST_F(StoreOwnerTest, AFileThatWasMovedAwayIsNotWrittenAnyMore) {
  const auto owner = owned(claims.of(1));
  std::filesystem::rename(path, path + ".old");
  const auto failed = owner->commit(commit_of("a", 1));
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().retry_after);
  EXPECT_NE(failed.error().message.find("moved or deleted"), std::string::npos) << failed.error().message;
}

/// The tables of version 1, with a commit in them, as that version left them.
constexpr const char* kVersion1 = R"sql(
PRAGMA journal_mode=WAL;
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE partitions(key TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, next_line INTEGER NOT NULL, clock INTEGER)
  WITHOUT ROWID;
CREATE TABLE counts(source TEXT, what TEXT, n INTEGER NOT NULL, PRIMARY KEY(source, what)) WITHOUT ROWID;
CREATE TABLE journal(seq INTEGER PRIMARY KEY AUTOINCREMENT, shard INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE pages(shard INTEGER, page INTEGER, bytes BLOB NOT NULL, PRIMARY KEY(shard, page));
CREATE TABLE dead_letters(id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, position TEXT NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, content BLOB NOT NULL, seen INTEGER NOT NULL);
PRAGMA application_id=1718384417; PRAGMA user_version=1;
INSERT INTO meta VALUES('shards', 5), ('figure_config', x'61'), ('packed_config', x'62'), ('committed_at', 7);
INSERT INTO partitions VALUES('p', 17, 3, NULL);
INSERT INTO counts VALUES('a', 'received', 10), ('a', 'applied', 10);
INSERT INTO pages VALUES(0, 0, x'70');
INSERT INTO journal(shard, bytes) VALUES(0, x'6a');
)sql";

TEST_F(StoreOwnerTest, AReaderReadsAStoreOfVersion1AndLeavesItAsItIs) {
  execute(kVersion1);
  EXPECT_EQ(open(OpenMode::kRead)->identity().shards, 5U);
  EXPECT_EQ(journal(), "pj");
  execute("INSERT INTO journal(shard, bytes) VALUES(0, x'6b')");
  EXPECT_EQ(journal(), "pkj");
}

TEST_F(StoreOwnerTest, AStoreOfVersion1IsBroughtUpToDateByItsFirstWriter) {
  execute(kVersion1);
  {
    const auto store = owned(claims.of(1));
    EXPECT_EQ(store->identity().shards, 5U);
    EXPECT_EQ(store->progress().partitions.at("p").resume.next_offset, 17);
    EXPECT_EQ(store->progress().counts.at("a").received, 10U);
    EXPECT_TRUE(store->commit(commit_of("x", 18)));
    EXPECT_NE(refused(claims.of(2)), "");
  }
  EXPECT_EQ(journal(), "pxj");
  EXPECT_EQ(refused(claims.of(2)), "");
}

}  // namespace
}  // namespace sinks

// The store on a disk that fails: what is kept is kept once, what is not can be tried again, and it is said in words.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temp_dir.h"

namespace sinks {
namespace {

using test_support::FaultyVfs;

class StoreFaultsTest : public testing::Test {
 protected:
  core::Result<std::unique_ptr<core::Store>> open(OpenMode mode = OpenMode::kWrite) {
    return open_sqlite_store(path, mode, {3, "config\n", "packed"});
  }
  std::unique_ptr<core::Store> owned() {
    auto store = open();
    if (!store) throw std::runtime_error(store.error().message);
    if (auto taken = (*store)->claim(claims.of(1)); !taken) throw std::runtime_error(taken.error().message);
    return std::move(*store);
  }
  /// The n-th commit of every test, n from 1: larger than a page, so that it takes several writes.
  static core::Commit nth(int n) {
    core::Commit commit;
    commit.journal = {{0, std::string(6'000, static_cast<char>('a' + n))}};
    commit.dead_letters = {{"a", std::to_string(n), "not_json", "", "", {}}};
    commit.revisions.emplace_back().row.a = "acme";
    commit.progress.partitions["p"].resume.next_offset = n;
    if (n % 3 == 0) commit.snapshots = {{1, {std::string(9'000, static_cast<char>('A' + n))}}};
    return commit;
  }
  /// Everything that the first `commits` must have left, or the words that say what is wrong.
  std::string kept(int commits) {
    auto store = open(OpenMode::kRead);
    if (!store) return store.error().message;
    std::string state, expected;
    auto loaded = (*store)->load([&](core::StatePart, std::uint32_t, std::string_view bytes) { state += bytes; });
    if (!loaded) return loaded.error().message;
    if (commits >= 3) expected = nth(commits - commits % 3).snapshots[0].pages[0];
    for (int n = commits; n >= 1; --n) expected += nth(n).journal[0].bytes;
    const auto letters = (*store)->dead_letters({});
    const auto& partitions = (*store)->progress().partitions;
    const auto offset = partitions.contains("p") ? partitions.at("p").resume.next_offset : 0;
    if (state != expected) return "another state";
    if (offset != commits) return "another offset";
    std::int64_t numbered = 0;
    const auto in_order = [&](const core::Revision& r) { return r.number == ++numbered; };
    if (!(*store)->revisions()->revisions({}, in_order) || numbered != commits) return "other revisions";
    return letters && letters->size() == static_cast<std::size_t>(commits) ? "all" : "other dead letters";
  }

  test_support::TempDir folder;
  std::string path = folder / "test.db";
  test_support::Claims claims;
  FaultyVfs disk;
};

struct DiskFault {
  FaultyVfs::Call call;
  int code;
};
constexpr DiskFault kTemporary[] = {{FaultyVfs::Call::kWrite, SQLITE_FULL},
                                    {FaultyVfs::Call::kWrite, SQLITE_IOERR_WRITE},
                                    {FaultyVfs::Call::kSync, SQLITE_IOERR_FSYNC},
                                    {FaultyVfs::Call::kLock, SQLITE_BUSY},
                                    {FaultyVfs::Call::kLock, SQLITE_IOERR_SHMLOCK}};

TEST_F(StoreFaultsTest, WhicheverCallFailsTheSameCommitIsKeptOnceWhenTheFaultIsGone) {
  int met = 0;
  for (const auto& [call, code] : kTemporary) {
    for (int at = 1; at <= 18; ++at) {
      std::filesystem::remove(path);
      auto store = owned();
      disk.fail(call, code, at);
      for (int n = 1; n <= 6; ++n) {
        auto done = store->commit(nth(n));
        if (!done) {
          ASSERT_TRUE(done.error().retry_after) << done.error().message;
          met += 1, disk.heal();
          done = store->commit(nth(n));
        }
        ASSERT_TRUE(done) << done.error().message << ", code " << code << " at " << at;
      }
      disk.heal();
      EXPECT_EQ(kept(6), "all") << "code " << code << " at " << at;
      store.reset();
      EXPECT_EQ(kept(6), "all") << "closed; code " << code << " at " << at;
    }
  }
  EXPECT_GT(met, 50) << "the faults were hardly met";
}

TEST_F(StoreFaultsTest, WhoDiesOfAFaultLeavesWholeCommits) {
  for (const auto& [call, code] : kTemporary) {
    for (int at = 1; at <= 18; ++at) {
      std::filesystem::remove(path);
      auto store = owned();
      disk.fail(call, code, at);
      int done = 0;
      while (done < 6 && store->commit(nth(done + 1))) ++done;
      store.reset();  // The disk still fails: nothing can be set in order.
      disk.heal();
      EXPECT_EQ(kept(done), "all") << done << " commits, code " << code << " at " << at;
      store = owned();
      for (int n = done + 1; n <= 6; ++n) ASSERT_TRUE(store->commit(nth(n)));
      EXPECT_EQ(kept(6), "all") << "code " << code << " at " << at;
    }
  }
}

TEST_F(StoreFaultsTest, AFaultThatLastsIsReportedByEveryTryAndEndsByItself) {
  const auto store = owned();
  ASSERT_TRUE(store->commit(nth(1)));
  disk.fail(FaultyVfs::Call::kWrite, SQLITE_FULL);
  for (int i = 0; i < 5; ++i) {
    const auto failed = store->commit(nth(2));
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("make room on the disk"), std::string::npos) << failed.error().message;
  }
  claims.pass(core::Millis{1'000});
  EXPECT_FALSE(store->beat());
  disk.heal();
  EXPECT_TRUE(store->commit(nth(2)));
  EXPECT_EQ(kept(2), "all");
}

/// Lets COMMIT of the connection report a failure although it has made the transaction durable.
class UnknownOutcome {
 public:
  UnknownOutcome() {
    opened.clear();
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(remember));
  }
  ~UnknownOutcome() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(remember)); }

  /// At the connection that was opened last to be written.
  static void next_commit_is_unknown() {
    const auto writes = [](sqlite3* db) { return sqlite3_db_readonly(db, "main") == 0; };
    sqlite3_wal_hook(
        *std::find_if(opened.rbegin(), opened.rend(), writes),
        [](void*, sqlite3* db, const char*, int) {
          sqlite3_wal_autocheckpoint(db, 1000);  // The default, which replaces this hook.
          return SQLITE_IOERR;
        },
        nullptr);
  }

 private:
  static int remember(sqlite3* db, char**, const sqlite3_api_routines*) {
    opened.push_back(db);
    return SQLITE_OK;
  }
  static inline std::vector<sqlite3*> opened;
};

TEST_F(StoreFaultsTest, ACommitThatWasKeptAlthoughItFailedIsNotKeptAgain) {
  const UnknownOutcome outcome;
  const auto store = owned();
  ASSERT_TRUE(store->commit(nth(1)));
  UnknownOutcome::next_commit_is_unknown();
  const auto unknown = store->commit(nth(2));
  ASSERT_FALSE(unknown) << "the test is not what it says";
  EXPECT_TRUE(unknown.error().retry_after);
  EXPECT_EQ(kept(2), "all") << "the test is not what it says";
  ASSERT_TRUE(store->commit(nth(2)));
  EXPECT_EQ(store->progress().partitions.at("p").resume.next_offset, 2);
  EXPECT_EQ(kept(2), "all");
  ASSERT_TRUE(store->commit(nth(3)));
  EXPECT_EQ(kept(3), "all");
}

TEST_F(StoreFaultsTest, ARestartAfterAnUnknownOutcomeGoesOnFromWhatIsThere) {
  const UnknownOutcome outcome;
  auto store = owned();
  UnknownOutcome::next_commit_is_unknown();
  ASSERT_FALSE(store->commit(nth(1)));
  store.reset();
  store = owned();
  EXPECT_EQ(store->progress().partitions.at("p").resume.next_offset, 1);
  ASSERT_TRUE(store->commit(nth(2)));
  EXPECT_EQ(kept(2), "all");
}

TEST_F(StoreFaultsTest, AReadOnlyFileSystemIsSaidAtTheStart) {
  owned().reset();
  disk.make_read_only();
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("read-only: make it writable"), std::string::npos) << store.error().message;
}

TEST_F(StoreFaultsTest, AnotherProcessesLockIsWaitedOutAndNamed) {
  const auto store = owned();
  sqlite3* foreign = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &foreign), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(foreign, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto locked = store->commit(nth(1));
  ASSERT_FALSE(locked);
  EXPECT_TRUE(locked.error().retry_after);
  EXPECT_NE(locked.error().message.find("another process holds it locked"), std::string::npos);
  sqlite3_close(foreign);
  ASSERT_TRUE(store->commit(nth(1)));
  EXPECT_EQ(kept(1), "all");
}

TEST_F(StoreFaultsTest, WhoCannotOwnALockedStoreIsToldWhoseItIs) {
  const auto paused = owned();
  const auto next = open();
  ASSERT_TRUE(next);
  disk.fail(FaultyVfs::Call::kLock, SQLITE_BUSY);
  const auto locked = (*next)->claim(claims.of(2, true));
  ASSERT_FALSE(locked);
  EXPECT_NE(locked.error().message.find("its owner is process 1 on host pbx1"), std::string::npos)
      << locked.error().message;
}

class DamagedStoreTest : public StoreFaultsTest {
 protected:
  void SetUp() override {
    const auto store = owned();
    for (int n = 1; n <= 6; ++n) ASSERT_TRUE(store->commit(nth(n)));
  }
  void overwrite(std::size_t at, const std::string& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
  }
  /// What opening, owning and loading comes to; empty if nothing is noticed.
  std::string found() {
    auto store = open();
    if (!store) return store.error().message;
    if (auto taken = (*store)->claim(claims.of(2)); !taken) return taken.error().message;
    auto loaded = (*store)->load([](core::StatePart, std::uint32_t, std::string_view) {});
    return loaded ? "" : loaded.error().message;
  }
};

TEST_F(DamagedStoreTest, ACutFileIsFoundAndTheWordsSayWhatToDo) {
  const auto size = std::filesystem::file_size(path);
  for (const auto rest : {size - 4096, size / 2, std::uintmax_t{4096}, std::uintmax_t{100}}) {
    std::filesystem::copy_file(path, path + ".whole", std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(path, rest);
    EXPECT_NE(found().find("replay the log into a new store"), std::string::npos) << rest << " bytes: " << found();
    std::filesystem::remove(path + "-wal"), std::filesystem::remove(path + "-shm");
    std::filesystem::rename(path + ".whole", path);
  }
}

TEST_F(DamagedStoreTest, OneWrongByteOfTheStateIsFound) {
  const std::string bytes = folder.read("test.db");
  for (const char letter : {'b', 'g', 'G'}) {
    const auto at = bytes.find(std::string(1'000, letter));
    ASSERT_NE(at, std::string::npos) << letter;
    overwrite(at + 500, "?");
    EXPECT_NE(found().find("damaged"), std::string::npos) << letter << ": " << found();
    EXPECT_NE(found().find("replay the log into a new store"), std::string::npos);
    overwrite(at + 500, std::string(1, letter));
  }
  EXPECT_EQ(found(), "");
}

TEST_F(DamagedStoreTest, AFileThatIsCutWhileInUseEndsTheWriting) {
  const auto store = owned();
  sqlite3* foreign = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &foreign), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(foreign, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(foreign);
  std::filesystem::resize_file(path, 4096);
  core::Result<void> done;
  for (int n = 7; n < 100 && done; ++n) done = store->commit(nth(n));
  ASSERT_FALSE(done);
  EXPECT_FALSE(done.error().retry_after) << done.error().message;
  EXPECT_NE(done.error().message.find("replay the log into a new store"), std::string::npos) << done.error().message;
}

TEST_F(DamagedStoreTest, AnEmptiedFileIsNotTakenForANewStore) {
  const auto crashed = owned();  // Its -wal is left beside the file.
  ASSERT_TRUE(crashed->commit(nth(7)));
  ASSERT_GT(std::filesystem::file_size(path + "-wal"), 0U);
  std::filesystem::resize_file(path, 0);
  EXPECT_NE(found().find("replay the log into a new store"), std::string::npos) << found();
  std::filesystem::remove(path);
  EXPECT_NE(found().find("replay the log into a new store"), std::string::npos) << found();
}

}  // namespace
}  // namespace sinks

// The archive's tables: pages found by contact, by time and by number, and what is not current left to the reader.
#include "sinks/store/sqlite_archive.h"

#include <gtest/gtest.h>

#include <set>

#include "core/text_hash.h"
#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace sinks {
namespace {

using core::event_time;

/// What a look into the archive visits, in its order.
struct Seen {
  std::uint64_t page;
  std::string bytes;
  std::vector<std::uint64_t> superseded;
  friend bool operator==(const Seen&, const Seen&) = default;
};
using All = std::vector<Seen>;
using Numbers = std::vector<std::uint64_t>;

class SqliteArchiveTest : public testing::Test {
 protected:
  SqliteArchiveTest() {
    store = std::move(*open_sqlite_store(path, OpenMode::kWrite, {2, "config", "packed"}));
    EXPECT_TRUE(store->claim(claims.of(1)));
  }
  static core::ArchivePage page(std::uint32_t shard, std::uint64_t number, std::vector<std::uint64_t> hashes,
                                std::int64_t first_ms = 0, std::int64_t last_ms = 0) {
    const std::string bytes = "page " + std::to_string(number) + " of shard " + std::to_string(shard);
    return {shard, number, bytes, std::move(hashes), event_time(first_ms), event_time(last_ms)};
  }
  void keep(std::vector<core::ArchivePage> pages, std::vector<core::Superseded> superseded = {},
            std::initializer_list<std::uint32_t> snapshots = {}) {
    core::Commit commit;
    commit.archive = std::move(pages), commit.superseded = std::move(superseded);
    for (const std::uint32_t shard : snapshots) commit.snapshots.push_back({shard, {"state"}});
    const auto done = store->commit(commit);
    ASSERT_TRUE(done) << done.error().message;
  }
  static All find(core::Store& in, std::uint32_t shard, std::vector<std::uint64_t> hashes,
                  std::optional<std::uint64_t> as_of = {}) {
    All all;
    in.archive()->find(shard, hashes, as_of, [&](std::uint64_t number, std::string_view bytes, auto old) {
      all.push_back({number, std::string(bytes), {old.begin(), old.end()}});
    });
    return all;
  }
  static std::vector<std::uint64_t> pages(core::Store& in, std::uint32_t shard, std::uint64_t since, std::int64_t from,
                                          std::int64_t to) {
    std::vector<std::uint64_t> numbers;
    in.archive()->pages(shard, since, event_time(from), event_time(to),
                        [&](std::uint64_t number, std::string_view, auto) { numbers.push_back(number); });
    return numbers;
  }
  void execute(const std::string& sql) { test_support::execute_sql(path, sql); }

  test_support::Claims claims;
  test_support::TempDir folder;
  std::string path = folder / "test.db";
  std::unique_ptr<core::Store> store;
  const std::uint64_t a = core::text_hash("a"), b = core::text_hash("b"), c = core::text_hash("c"),
                      d = core::text_hash("d");
};

TEST_F(SqliteArchiveTest, FindsThePagesOfContactsYoungestFirst) {
  keep({page(0, 1, {a, b}), page(0, 2, {c})}), keep({page(0, 3, {a}), page(1, 1, {a})});
  EXPECT_EQ(find(*store, 0, {a}), (All{{3, "page 3 of shard 0", {}}, {1, "page 1 of shard 0", {}}}));
  EXPECT_EQ(find(*store, 0, {c, b}), (All{{2, "page 2 of shard 0", {}}, {1, "page 1 of shard 0", {}}}));
  EXPECT_EQ(find(*store, 1, {a, b, c}), (All{{1, "page 1 of shard 1", {}}}));
  EXPECT_EQ(find(*store, 0, {core::text_hash("unknown")}), All{});
  EXPECT_EQ(find(*store, 0, {}), All{});
}

TEST_F(SqliteArchiveTest, AnIntervalHasThePageOfTheLastSnapshotThatItLeftWith) {
  using Pages = std::vector<std::pair<core::Slot, std::string>>;
  const auto snapshot = [&](core::Snapshot taken) {
    core::Commit commit;
    commit.snapshots.push_back(std::move(taken));
    ASSERT_TRUE(store->commit(commit));
  };
  const auto read = [&](core::Slot first, core::Slot last) {
    Pages all;
    store->archive()->intervals(0, first, last,
                                [&](core::Slot slot, std::string_view bytes) { all.emplace_back(slot, bytes); });
    return all;
  };
  snapshot({0, {"state"}, {{7, "seven"}, {-3, "of 1969"}, {8, "eight"}}});
  snapshot({1, {"state"}, {{7, "of another shard"}}});
  EXPECT_EQ(read(core::kFirstInterval, core::kEndOfIntervals - 1),
            (Pages{{-3, "of 1969"}, {7, "seven"}, {8, "eight"}}));
  snapshot({0, {"state"}, {{8, "eight again"}}, {7}});
  EXPECT_EQ(read(7, 8), (Pages{{8, "eight again"}}));
  std::set<core::Slot> slots;
  store->archive()->interval_slots(0, [&](core::Slot slot) { slots.insert(slot); });
  EXPECT_EQ(slots, (std::set<core::Slot>{-3, 8}));
  execute("UPDATE intervals SET bytes = 'bitten' WHERE interval = 8");
  EXPECT_EQ(read(-3, -3).size(), 1U);
  EXPECT_THROW(read(8, 8), core::ArchiveFailure);
}

TEST_F(SqliteArchiveTest, ManyContactsOfOnePageReadItOnce) {
  std::vector<std::uint64_t> hashes;
  for (int i = 0; i < 1000; ++i) hashes.push_back(core::text_hash(std::to_string(i)));
  keep({page(0, 1, hashes)});
  EXPECT_EQ(find(*store, 0, hashes).size(), 1u);
  std::multiset<std::uint64_t> all;
  store->archive()->hashes(0, [&](std::uint64_t hash) { all.insert(hash); });
  EXPECT_EQ(all, std::multiset<std::uint64_t>(hashes.begin(), hashes.end()));
}

TEST_F(SqliteArchiveTest, AsOfAPageThereIsNothingYoungerAndAllOfItIsCurrent) {
  keep({page(0, 1, {a, b})}), keep({page(0, 2, {a})}, {{0, 1, a}});
  EXPECT_EQ(find(*store, 0, {a}), (All{{2, "page 2 of shard 0", {}}})) << "what is superseded is not read";
  EXPECT_EQ(find(*store, 0, {a, b}), (All{{2, "page 2 of shard 0", {}}, {1, "page 1 of shard 0", {a}}}));
  EXPECT_EQ(find(*store, 0, {a}, 1), (All{{1, "page 1 of shard 0", {}}}));
  EXPECT_EQ(find(*store, 0, {a}, 0), All{});
}

TEST_F(SqliteArchiveTest, ASupersededVersionMayBeToldTwice) {
  keep({page(0, 1, {a, b})}), keep({}, {{0, 1, b}}), keep({}, {{0, 1, b}, {1, 1, a}});
  EXPECT_EQ(find(*store, 0, {a}), (All{{1, "page 1 of shard 0", {b}}}));
  EXPECT_EQ(find(*store, 0, {b}), All{});
}

TEST_F(SqliteArchiveTest, ASnapshotTakesPagesWithoutACurrentVersionAway) {
  const std::vector<core::Superseded> old = {{0, 1, a}, {0, 1, b}, {0, 2, c}, {1, 1, a}};
  keep({page(0, 1, {a, b}), page(0, 2, {c, d}), page(1, 1, {a})}), keep({page(0, 3, {a})}, old);
  EXPECT_EQ(pages(*store, 0, 0, 0, 0), (Numbers{3, 2, 1})) << "a start may still ask for them";
  EXPECT_EQ(find(*store, 0, {a}, 2), (All{{1, "page 1 of shard 0", {}}}));
  keep({}, {}, {0});
  EXPECT_EQ(pages(*store, 0, 0, 0, 0), (Numbers{3, 2}));
  EXPECT_EQ(pages(*store, 1, 0, 0, 0), (Numbers{1})) << "of another shard there was no snapshot";
  EXPECT_EQ(find(*store, 0, {a, b, c, d}), (All{{3, "page 3 of shard 0", {}}, {2, "page 2 of shard 0", {c}}}));
  std::multiset<std::uint64_t> ids;
  store->archive()->hashes(0, [&](std::uint64_t hash) { ids.insert(hash); });
  EXPECT_EQ(ids, (std::multiset<std::uint64_t>{a, d})) << "what is superseded is not listed";
  keep({}, {{0, 2, d}, {0, 3, a}}, {0});
  EXPECT_EQ(pages(*store, 0, 0, 0, 0), Numbers{});
  EXPECT_EQ(find(*store, 0, {a, b, c, d}), All{});
}

TEST_F(SqliteArchiveTest, ASnapshotLeavesAnArchiveThatIsMostlyCurrent) {
  keep({page(0, 1, {a}), page(0, 2, {b, c})}), keep({}, {{0, 1, a}}, {0});
  EXPECT_EQ(pages(*store, 0, 0, 0, 0), (Numbers{2, 1}));
  EXPECT_EQ(find(*store, 0, {a, b}), (All{{2, "page 2 of shard 0", {}}}));
}

TEST_F(SqliteArchiveTest, PagesAreThoseWithAnEventInTheRangeFromANumberOn) {
  keep({page(0, 1, {a}, 0, 10), page(0, 2, {b}, 5, 20), page(0, 3, {c}, 30, 40), page(1, 1, {a}, 0, 99)});
  EXPECT_EQ(pages(*store, 0, 0, -100, 100), (Numbers{3, 2, 1}));
  EXPECT_EQ(pages(*store, 0, 2, -100, 100), (Numbers{3, 2}));
  EXPECT_EQ(pages(*store, 0, 0, 10, 10), (Numbers{2, 1})) << "both ends belong to a page";
  EXPECT_EQ(pages(*store, 0, 0, 21, 29), Numbers{});
  EXPECT_EQ(pages(*store, 0, 0, 40, 50), (Numbers{3}));
  EXPECT_EQ(pages(*store, 1, 0, 50, 60), (Numbers{1}));
}

TEST_F(SqliteArchiveTest, PagesWithoutAnEventSinceAreDroppedWithAllThatWasSaidOfThem) {
  keep({page(0, 1, {a, b}, 0, 10), page(0, 2, {c}, 5, 20)}, {{0, 1, a}}), keep({page(1, 1, {a}, 0, 10)});
  core::Commit commit;
  commit.archive = {page(0, 3, {a}, 15, 30)};
  commit.superseded = {{0, 2, c}};
  commit.outlived = {{0, event_time(20)}};
  ASSERT_TRUE(store->commit(commit));
  EXPECT_EQ(pages(*store, 0, 0, 0, 99), (std::vector<std::uint64_t>{3, 2})) << "an event just then is kept";
  EXPECT_EQ(pages(*store, 1, 0, 0, 99), std::vector<std::uint64_t>{1}) << "of another shard";
  EXPECT_EQ(find(*store, 0, {a, b}), (All{{3, "page 3 of shard 0", {}}})) << "ids of a page that is gone find nothing";
  EXPECT_EQ(find(*store, 0, {c}), All{}) << "it is superseded";
  keep({}, {{0, 3, core::text_hash("unknown")}}, {0});
  EXPECT_EQ(find(*store, 0, {a, b}), (All{{3, "page 3 of shard 0", {core::text_hash("unknown")}}}))
      << "a sweep leaves what is kept";
  commit = {};
  commit.outlived = {{0, event_time(99)}};
  ASSERT_TRUE(store->commit(commit));
  EXPECT_TRUE(pages(*store, 0, 0, 0, 99).empty());
  std::size_t ids = 0;
  store->archive()->hashes(0, [&](std::uint64_t) { ++ids; });
  EXPECT_EQ(ids, 0U);
}

TEST_F(SqliteArchiveTest, ADamagedPageIsSaidAndTheOthersAreRead) {
  keep({page(0, 1, {a}), page(0, 2, {b})});
  execute("UPDATE archive SET bytes = 'page 1 of shard 9' WHERE number = 1");
  try {
    find(*store, 0, {a});
    ADD_FAILURE() << "the damage was not seen";
  } catch (const core::ArchiveFailure& failure) {
    EXPECT_NE(std::string(failure.what()).find("the checksum of shard 0, page 1 differs"), std::string::npos)
        << failure.what();
  }
  EXPECT_THROW(pages(*store, 0, 0, 0, 0), core::ArchiveFailure);
  EXPECT_EQ(find(*store, 0, {b}), (All{{2, "page 2 of shard 0", {}}})) << "it can be asked again";
}

TEST_F(SqliteArchiveTest, AReaderKeepsItsMomentAndTheWriterSeesWhatIsKept) {
  keep({page(0, 1, {a})});
  const auto reader = std::move(*open_sqlite_store(path, OpenMode::kRead, {}));
  EXPECT_EQ(find(*reader, 0, {a}).size(), 1u);
  keep({page(0, 2, {a})}, {{0, 1, a}});
  EXPECT_EQ(find(*reader, 0, {a}), (All{{1, "page 1 of shard 0", {}}}));
  EXPECT_EQ(find(*store, 0, {a}), (All{{2, "page 2 of shard 0", {}}}));
}

TEST_F(SqliteArchiveTest, ItIsReadBesideATransactionThatWrites) {
  keep({page(0, 1, {a})});
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE; DELETE FROM archive", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(find(*store, 0, {a}).size(), 1u) << "what is not committed is not seen";
  EXPECT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
}

TEST_F(SqliteArchiveTest, ACommitThatFailsLeavesNoPage) {
  keep({page(0, 1, {a})});
  core::Commit commit;
  commit.archive = {page(0, 2, {b}), page(0, 1, {c})};
  EXPECT_FALSE(store->commit(commit)) << "page 1 is there already";
  EXPECT_EQ(find(*store, 0, {a, b, c}), (All{{1, "page 1 of shard 0", {}}}));
}

}  // namespace
}  // namespace sinks

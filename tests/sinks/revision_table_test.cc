// The diary of corrections in a store: kept with its commit, counted, asked for, and absent from older stores.
#include "sinks/store/revision_table.h"

#include <gtest/gtest.h>

#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace sinks {
namespace {

class Revisions : public testing::Test {
 protected:
  std::unique_ptr<core::Store> open(OpenMode mode = OpenMode::kWrite) {
    auto store = open_sqlite_store(path, mode, {1, "", ""});
    if (!store) throw std::runtime_error(store.error().message);
    const bool owned = mode == OpenMode::kRead || (*store)->claim(claims_.of(1, true)).has_value();
    EXPECT_TRUE(owned);
    return std::move(*store);
  }
  static core::Revision revision(const std::string& queue, std::int64_t start_ms, std::int64_t number,
                                 core::Basis basis = core::Basis::kArrival) {
    core::Revision r;
    r.row = {core::FigureKey::kQueue, basis, "acme", queue, "voice", core::event_time(start_ms)};
    r.number = number;
    r.cause = {"pbx", "/pbx", "id \"7\"", "contact.left_queue", "c,1", core::event_time(start_ms + 5)};
    r.events = 3;
    r.figures = {{"offered", "1", "2"}, {"mean_wait_s", "", "4.000"}};
    return r;
  }
  void commit(std::vector<core::Revision> revisions, std::int64_t at_ms = 77) {
    core::Commit commit;
    commit.revisions = std::move(revisions);
    commit.progress.committed_at = core::wall_time(at_ms);
    const auto done = open()->commit(commit);
    ASSERT_TRUE(done) << done.error().message;
  }
  std::vector<core::Revision> kept(const core::FigureQuery& query = {}) {
    return open(OpenMode::kRead)->revisions(query).value();
  }
  std::string found(const core::FigureQuery& query = {}) {
    std::string text;
    for (const auto& r : kept(query)) {
      text += r.row.b + "@" + std::to_string(core::to_ms(r.row.start)) + "#" + std::to_string(r.number) + " ";
    }
    return text;
  }

  test_support::Claims claims_;
  test_support::TempDir folder;
  std::string path = folder / "test.db";
};

TEST_F(Revisions, ComeBackWhole) {
  commit({revision("sales", 900'000, 1)});
  const auto all = kept();
  ASSERT_EQ(all.size(), 1U);
  const core::Revision expected = revision("sales", 900'000, 1);
  EXPECT_EQ(all[0].row, expected.row);
  EXPECT_EQ(all[0].number, 1);
  EXPECT_EQ(all[0].committed_at, core::wall_time(77));
  EXPECT_EQ(all[0].cause.source, "pbx");
  EXPECT_EQ(all[0].cause.origin, "/pbx");
  EXPECT_EQ(all[0].cause.id, "id \"7\"");
  EXPECT_EQ(all[0].cause.type, "contact.left_queue");
  EXPECT_EQ(all[0].cause.entity, "c,1");
  EXPECT_EQ(all[0].cause.time, core::event_time(900'005));
  EXPECT_EQ(all[0].events, 3U);
  EXPECT_EQ(all[0].figures, expected.figures);
}

TEST_F(Revisions, AreListedInOrderOfRowAndNumberAsAsked) {
  commit({revision("support", 900'000, 1), revision("sales", 1'800'000, 1), revision("sales", 900'000, 1)});
  commit({revision("sales", 900'000, 2), revision("sales", 900'000, 1, core::Basis::kEvent)});
  EXPECT_EQ(found(), "sales@900000#1 sales@900000#2 sales@1800000#1 support@900000#1 ");
  core::FigureQuery query;
  query.basis = core::Basis::kEvent;
  EXPECT_EQ(found(query), "sales@900000#1 ");
  query = {};
  query.queue = "support";
  EXPECT_EQ(found(query), "support@900000#1 ");
  query = {};
  query.from = core::event_time(900'001);
  EXPECT_EQ(found(query), "sales@1800000#1 ");
  query = {};
  query.to = core::event_time(1'800'000);
  query.client = "acme";
  EXPECT_EQ(found(query), "sales@900000#1 sales@900000#2 support@900000#1 ");
  query.client = "globex";
  EXPECT_EQ(found(query), "");
  query = {};
  query.by = core::FigureKey::kAgent;
  EXPECT_EQ(found(query), "");
}

TEST_F(Revisions, AreCountedByRow) {
  commit({revision("sales", 900'000, 1), revision("sales", 1'800'000, 1)});
  commit({revision("sales", 900'000, 2)});
  std::map<core::RevisedRow, std::int64_t> counts;
  ASSERT_TRUE(open()->revision_counts([&](const core::RevisedRow& row, std::int64_t n) { counts[row] = n; }));
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[revision("sales", 900'000, 1).row], 2);
  EXPECT_EQ(counts[revision("sales", 1'800'000, 1).row], 1);
}

TEST_F(Revisions, AFailedCommitKeepsNone) {
  commit({revision("sales", 900'000, 1)});
  core::Commit twice;
  twice.revisions = {revision("support", 900'000, 1), revision("sales", 900'000, 1)};
  EXPECT_FALSE(open()->commit(twice)) << "a revision of that number is there already";
  EXPECT_EQ(found(), "sales@900000#1 ");
}

TEST_F(Revisions, AnOlderStoreHasNoneUntilItIsWritten) {
  open();
  test_support::execute_sql(path, "DROP TABLE revisions; PRAGMA user_version=4");
  EXPECT_EQ(found(), "");
  EXPECT_TRUE(open(OpenMode::kRead)->revision_counts([](const core::RevisedRow&, std::int64_t) { ADD_FAILURE(); }));
  commit({revision("sales", 900'000, 1)});
  EXPECT_EQ(found(), "sales@900000#1 ");
}

}  // namespace
}  // namespace sinks

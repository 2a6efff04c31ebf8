// The diary of corrections in a store: kept with its commit, counted, asked for, and absent from older stores.
#include "sinks/store/revision_table.h"

#include <gtest/gtest.h>

#include "tests/support/store_file.h"

namespace sinks {
namespace {

class Revisions : public test_support::StoreFile {
 protected:
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
  void keep(std::vector<core::Revision> revisions) {
    core::Commit of;
    of.revisions = std::move(revisions);
    of.progress.committed_at = core::wall_time(77);
    commit(*open(), of);
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
};

TEST_F(Revisions, ComeBackWhole) {
  keep({revision("sales", 900'000, 1)});
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
  keep({revision("support", 900'000, 1), revision("sales", 1'800'000, 1), revision("sales", 900'000, 1)});
  keep({revision("sales", 900'000, 2), revision("sales", 900'000, 1, core::Basis::kEvent)});
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
  keep({revision("sales", 900'000, 1), revision("sales", 1'800'000, 1)});
  keep({revision("sales", 900'000, 2)});
  std::map<core::RevisedRow, std::int64_t> counts;
  ASSERT_TRUE(open()->revision_counts([&](const core::RevisedRow& row, std::int64_t n) { counts[row] = n; }));
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[revision("sales", 900'000, 1).row], 2);
  EXPECT_EQ(counts[revision("sales", 1'800'000, 1).row], 1);
}

TEST_F(Revisions, AFailedCommitKeepsNone) {
  keep({revision("sales", 900'000, 1)});
  core::Commit twice;
  twice.revisions = {revision("support", 900'000, 1), revision("sales", 900'000, 1)};
  EXPECT_FALSE(open()->commit(twice)) << "a revision of that number is there already";
  EXPECT_EQ(found(), "sales@900000#1 ");
}

TEST_F(Revisions, AnOlderStoreHasNoneUntilItIsWritten) {
  open();
  execute("DROP TABLE intervals; DROP TABLE revisions; PRAGMA user_version=4");
  EXPECT_EQ(found(), "");
  EXPECT_TRUE(open(OpenMode::kRead)->revision_counts([](const core::RevisedRow&, std::int64_t) { ADD_FAILURE(); }));
  keep({revision("sales", 900'000, 1)});
  EXPECT_EQ(found(), "sales@900000#1 ");
}

}  // namespace
}  // namespace sinks

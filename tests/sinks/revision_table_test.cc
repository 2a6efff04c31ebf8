// The diary of corrections in a store: numbered and kept with its commit, counted, asked for, and absent from older
// stores.
#include "sinks/store/revision_table.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/store_file.h"

namespace sinks {
namespace {

class Revisions : public test_support::StoreFile {
 protected:
  static core::Revision revision(const std::string& queue, std::int64_t start_ms,
                                 core::Basis basis = core::Basis::kArrival) {
    core::Revision r;
    r.row = {core::FigureKey::kQueue, basis, "acme", queue, "voice", core::event_time(start_ms)};
    r.cause = {"pbx", "/pbx", "id \"7\"", "contact.left_queue", "c,1", core::event_time(start_ms + 5)};
    r.events = 3;
    r.figures = {{"offered", "1", "2"}, {"mean_wait_s", "", "4.000"}};
    return r;
  }
  static core::Commit with(std::vector<core::Revision> revisions) {
    core::Commit of;
    of.revisions = std::move(revisions);
    of.progress.committed_at = core::wall_time(77);
    return of;
  }
  void keep(std::vector<core::Revision> revisions) { commit(*open(), with(std::move(revisions))); }
  std::vector<core::Revision> kept(const core::FigureQuery& query = {}, std::size_t most = 1000) {
    std::vector<core::Revision> all;
    const auto store = open(OpenMode::kRead);
    EXPECT_TRUE(store->revisions()->revisions(query, [&](const core::Revision& r) {
      all.push_back(r);
      return all.size() < most;
    }));
    return all;
  }
  std::string found(const core::FigureQuery& query = {}, std::size_t most = 1000) {
    std::string text;
    for (const auto& r : kept(query, most)) {
      text += r.row.b + "@" + std::to_string(core::to_ms(r.row.start)) + "#" + std::to_string(r.number) + " ";
    }
    return text;
  }
  /// "sales@900000=2 ": the counts of quarter hours, or of all of a queue's.
  static std::string counted(core::Store& store, core::FigureQuery query = {}, core::Every every = core::Every::k15m) {
    query.every = every;
    std::string text;
    const auto read = store.revisions()->counts(query, [&](const core::RevisedRow& row, std::int64_t n) {
      text += row.b + (every == core::Every::kTotal ? "" : "@" + std::to_string(core::to_ms(row.start))) + "=" +
              std::to_string(n) + " ";
    });
    EXPECT_TRUE(read) << read.error().message;
    return text;
  }
};

TEST_F(Revisions, ComeBackWhole) {
  keep({revision("sales", 900'000)});
  const auto all = kept();
  ASSERT_EQ(all.size(), 1U);
  const core::Revision expected = revision("sales", 900'000);
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
  keep({revision("support", 900'000), revision("sales", 1'800'000), revision("sales", 900'000)});
  keep({revision("sales", 900'000), revision("sales", 900'000, core::Basis::kEvent)});
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

TEST_F(Revisions, EndWhereTheReaderHasEnough) {
  keep({revision("sales", 900'000), revision("sales", 1'800'000), revision("support", 900'000)});
  EXPECT_EQ(found({}, 1), "sales@900000#1 ");
  EXPECT_EQ(found({}, 2), "sales@900000#1 sales@1800000#1 ");
}

TEST_F(Revisions, AreNumberedByTheStoreWhoeverWritesIt) {
  {
    const auto store = open();
    commit(*store, with({revision("sales", 900'000), revision("support", 900'000)}));
    commit(*store, with({revision("sales", 900'000), revision("sales", 900'000, core::Basis::kEvent)}));
  }
  keep({revision("sales", 900'000), revision("support", 1'800'000)});
  EXPECT_EQ(found(), "sales@900000#1 sales@900000#2 sales@900000#3 support@900000#1 support@1800000#1 ");
}

TEST_F(Revisions, ACommitThatIsTriedAgainGivesTheSameNumbers) {
  const auto store = open();
  commit(*store, with({revision("sales", 900'000)}));
  execute(
      "CREATE TRIGGER full BEFORE INSERT ON revisions WHEN NEW.b = 'support' BEGIN SELECT RAISE(ABORT, 'full'); END");
  const core::Commit next = with({revision("sales", 900'000), revision("support", 900'000)});
  EXPECT_FALSE(store->commit(next));
  EXPECT_EQ(found(), "sales@900000#1 ") << "of a failed commit nothing is kept";
  execute("DROP TRIGGER full");
  commit(*store, next);
  EXPECT_EQ(found(), "sales@900000#1 sales@900000#2 support@900000#1 ");
}

TEST_F(Revisions, AreCountedByRowAsAsked) {
  keep({revision("sales", 900'000), revision("sales", 1'800'000), revision("sales", 900'000, core::Basis::kEvent)});
  keep({revision("sales", 900'000), revision("support", 900'000)});
  const auto store = open(OpenMode::kRead);
  EXPECT_EQ(counted(*store), "sales@900000=2 sales@1800000=1 support@900000=1 ");
  EXPECT_EQ(counted(*store, {}, core::Every::kTotal), "sales=3 support=1 ");
  core::FigureQuery query;
  query.from = core::event_time(900'001);
  EXPECT_EQ(counted(*store, query), "sales@1800000=1 ");
  EXPECT_EQ(counted(*store, query, core::Every::kTotal), "sales=1 ") << "none is no count of 0";
  query = {};
  query.to = core::event_time(1'800'000), query.queue = "sales", query.client = "acme", query.channel = "voice";
  EXPECT_EQ(counted(*store, query), "sales@900000=2 ");
  query.channel = "chat";
  EXPECT_EQ(counted(*store, query), "");
  query = {};
  query.client = "globex";
  EXPECT_EQ(counted(*store, query), "");
  query = {};
  query.basis = core::Basis::kEvent;
  EXPECT_EQ(counted(*store, query), "sales@900000=1 ");
}

TEST_F(Revisions, NamesThatAreNotStatedAreFoundToo) {
  core::Revision bare = revision("", 900'000);
  bare.row.a = bare.row.c = "";
  keep({bare, revision("sales", 900'000)});
  EXPECT_EQ(found(), "@900000#1 sales@900000#1 ");
  core::FigureQuery query;
  query.client = "";
  EXPECT_EQ(found(query), "@900000#1 ");
}

TEST_F(Revisions, OfAStoreThatIsWrittenAreThoseOfItsLastCommit) {
  const auto store = open();
  constexpr std::int64_t kCommits = 100;
  std::thread writer([&] {
    for (std::int64_t i = 0; i < kCommits; ++i) {
      commit(*store, with({revision("sales", 900'000), revision("support", 900'000)}));
    }
  });
  std::int64_t last = 0;
  while (last < kCommits) {
    std::vector<std::int64_t> counts;
    const auto read =
        store->revisions()->counts({}, [&](const core::RevisedRow&, std::int64_t n) { counts.push_back(n); });
    if (!read) {
      ADD_FAILURE() << read.error().message;
      break;
    }
    if (counts.empty()) continue;
    EXPECT_EQ(counts.front(), counts.back()) << "of one commit";
    EXPECT_GE(counts.front(), last);
    last = counts.front();
  }
  writer.join();
}

TEST_F(Revisions, AnOlderStoreHasNoneUntilItIsWritten) {
  open();
  drop_alerts();
  execute("DROP TABLE intervals; DROP TABLE revisions; PRAGMA user_version=4");
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counted(*open(OpenMode::kRead)), "");
  keep({revision("sales", 900'000)});
  EXPECT_EQ(found(), "sales@900000#1 ");
}

}  // namespace
}  // namespace sinks

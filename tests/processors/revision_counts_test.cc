// Which revisions count for a row of figures, whatever its length, and what is read to know it.
#include <gtest/gtest.h>

#include <vector>

#include "processors/figures.h"

namespace processors {
namespace {

core::EventTime at(const char* time) { return *core::parse_rfc3339(time); }

/// Corrected quarter hours, each once; tells what it was asked for.
class Kept : public core::RevisionReader {
 public:
  core::Result<void> counts(const core::FigureQuery& query,
                            const std::function<void(const core::RevisedRow&, std::int64_t)>& visit) override {
    asked.push_back(query);
    if (failure) return tl::unexpected(*failure);
    for (const auto& row : rows) {
      if (query.from && row.start < *query.from) continue;
      if (query.to && row.start >= *query.to) continue;
      if (row.by == query.by && row.basis == query.basis) visit(row, 1);
    }
    return {};
  }
  core::Result<void> revisions(const core::FigureQuery&, const std::function<bool(const core::Revision&)>&) override {
    ADD_FAILURE() << "the revisions themselves are not needed";
    return {};
  }

  std::vector<core::RevisedRow> rows;
  std::vector<core::FigureQuery> asked;
  std::optional<core::Failure> failure;
};

class RevisionCountsTest : public testing::Test {
 protected:
  RevisionCountsTest() { config.clients["acme"].timezone = "Asia/Manila"; }

  void correct(const std::string& client, const std::string& queue, const char* start) {
    kept.rows.push_back({core::FigureKey::kQueue, core::Basis::kArrival, client, queue, "voice", at(start)});
  }
  /// "acme/sales/voice@2026-03-02T00:00:00Z=2 "
  std::string counts(const std::map<std::string, std::string>& words) {
    const auto counted = count_revisions(config, core::parse_figure_query(words).value(), kept);
    if (!counted) return counted.error().message;
    std::string text;
    for (const auto& [key, n] : *counted) {
      text += key.a + "/" + key.b + "/" + key.c;
      if (key.start != core::EventTime::min()) text += "@" + core::format_rfc3339(key.start);
      text += "=" + std::to_string(n) + " ";
    }
    return text;
  }

  core::FigureConfig config;
  Kept kept;
};

TEST_F(RevisionCountsTest, ARowHasThoseOfItsQuarterHours) {
  correct("globex", "sales", "2026-03-02T08:00:00Z"), correct("globex", "sales", "2026-03-02T08:45:00Z");
  correct("globex", "sales", "2026-03-02T09:00:00Z"), correct("globex", "care", "2026-03-02T09:00:00Z");
  EXPECT_EQ(counts({{"every", "1h"}}),
            "globex/care/voice@2026-03-02T09:00:00Z=1 globex/sales/voice@2026-03-02T08:00:00Z=2 "
            "globex/sales/voice@2026-03-02T09:00:00Z=1 ");
  EXPECT_EQ(counts({{"every", "total"}}), "globex/care/voice=1 globex/sales/voice=3 ");
  EXPECT_EQ(counts({{"every", "total"}, {"by", "client"}}), "globex//=4 ");
  EXPECT_EQ(counts({{"every", "15m"}, {"by", "agent"}}), "");
  EXPECT_EQ(counts({{"every", "15m"}, {"basis", "event"}}), "");
}

TEST_F(RevisionCountsTest, ADayIsThatOfTheClientsZone) {
  correct("acme", "sales", "2026-03-02T15:45:00Z"), correct("acme", "sales", "2026-03-02T16:00:00Z");
  EXPECT_EQ(counts({{"every", "day"}}),
            "acme/sales/voice@2026-03-01T16:00:00Z=1 acme/sales/voice@2026-03-02T16:00:00Z=1 ");
  EXPECT_EQ(counts({{"every", "day"}, {"tz", "UTC"}}), "acme/sales/voice@2026-03-02T00:00:00Z=2 ");
}

TEST_F(RevisionCountsTest, FromAndToAreOfWhereARowBegins) {
  for (const char* start :
       {"2026-02-28T23:45:00Z", "2026-03-01T00:00:00Z", "2026-03-31T23:45:00Z", "2026-04-01T00:00:00Z"}) {
    correct("globex", "sales", start);
  }
  const std::map<std::string, std::string> march = {{"from", "2026-03-01T00:00:00Z"}, {"to", "2026-03-01T00:00:01Z"}};
  const auto of_march = [&](const std::string& every) {
    auto words = march;
    words["every"] = every;
    return counts(words);
  };
  EXPECT_EQ(of_march("month"), "globex/sales/voice@2026-03-01T00:00:00Z=2 ");
  EXPECT_EQ(of_march("day"), "globex/sales/voice@2026-03-01T00:00:00Z=1 ");
  EXPECT_EQ(of_march("15m"), "globex/sales/voice@2026-03-01T00:00:00Z=1 ");
  EXPECT_EQ(of_march("total"), "globex/sales/voice@2026-03-01T00:00:00Z=1 ");
  EXPECT_EQ(kept.asked.back().to, at("2026-03-01T00:00:01Z")) << "no more is read than can count";
}

TEST_F(RevisionCountsTest, AWindowHasNoneAndNothingIsReadForIt) {
  correct("globex", "sales", "2026-03-02T08:00:00Z");
  for (const auto window : core::kWindowWords) EXPECT_EQ(counts({{"window", std::string(window)}}), "");
  EXPECT_TRUE(kept.asked.empty());
}

TEST_F(RevisionCountsTest, WhatCannotBeReadIsSaid) {
  kept.failure = core::Failure{"the disk is gone", {}};
  EXPECT_EQ(counts({}), "the disk is gone");
}

}  // namespace
}  // namespace processors

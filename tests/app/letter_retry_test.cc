// Reading dead letters once more: what becomes of them, of the counts, and of a retry that is cut short.
#include "app/letter_retry.h"

#include <gtest/gtest.h>

#include "app/make_sources.h"
#include "core/header_text.h"
#include "core/packed.h"
#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/event_line.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace app {
namespace {

using test_support::event_line;

constexpr core::WallTime kNow = core::wall_time(1'772'532'000'000);  // 2026-03-03T10:00:00Z

class LetterRetryTest : public testing::Test {
 protected:
  std::unique_ptr<core::Store> open() {
    const core::FigureConfig figures;
    auto store =
        sinks::open_sqlite_store(path, sinks::OpenMode::kWrite, {2, figures.canonical_text(), core::pack(figures)});
    if (!store) throw std::runtime_error(store.error().message);
    if (const auto owned = (*store)->claim(claims_.of(1, true)); !owned) throw std::runtime_error(owned.error().message);
    return std::move(*store);
  }
  /// A store in which these letters were rejected.
  void reject(std::vector<core::DeadLetter> letters) {
    core::Commit commit;
    commit.progress.as_of = core::parse_rfc3339("2026-03-02T08:00:00Z");
    core::EventCounts& counts = commit.progress.counts["log"];
    counts.received = counts.rejected = letters.size();
    for (auto& letter : letters) ++counts.rejected_by[letter.reason];
    commit.dead_letters = std::move(letters);
    const auto kept = open()->commit(commit);
    ASSERT_TRUE(kept) << kept.error().message;
  }
  static core::DeadLetter letter(std::string content, std::string reason = "not_json", std::string headers = {}) {
    return {"log", "p", std::move(reason), "detail", std::move(content), {}, std::move(headers)};
  }
  core::Result<LetterRetry::Outcome> retry(const std::string& format = "canonical", core::WallTime now = kNow) {
    const auto store = open();
    Floor floor(core::FigureConfig{}, store->identity().shards, 1);
    EXPECT_TRUE(floor.load(*store));
    config::SourceConfig source{};
    source.name = "log", source.format = format, source.timezone = "UTC";
    source.input = config::FileSettings{"none", false};
    LetterRetry retry(*store, floor, now);
    retry.apply(make_live_source(source).value(), store->dead_letters({}).value());
    return retry.commit({});
  }
  std::string digest() {
    const auto store = open();
    Floor floor(core::FigureConfig{}, store->identity().shards, 1);
    EXPECT_TRUE(floor.load(*store));
    return floor.digest();
  }
  core::EventCounts counts() { return open()->progress().counts.at("log"); }
  std::size_t left() { return open()->dead_letters({})->size(); }
  void execute(const std::string& sql) { test_support::execute_sql(path, sql); }
  void expect_sum() {
    const core::EventCounts c = counts();
    EXPECT_EQ(c.received, c.applied + c.duplicate + c.rejected + c.skipped);
    std::uint64_t by_reason = 0;
    for (const auto& [reason, n] : c.rejected_by) by_reason += n;
    EXPECT_EQ(c.rejected, by_reason);
    EXPECT_EQ(c.rejected, left());
  }

  test_support::Claims claims_;
  test_support::TempDir folder;
  std::string path = folder / "test.db";
};

const std::string kQueued =
    event_line("contact.queued", "v", "2026-03-02T10:00:00Z", R"("visit":"v","queue":"sales","channel":"voice")");

TEST_F(LetterRetryTest, EachIsAppliedDuplicateSkippedOrStillRejected) {
  reject({letter(kQueued), letter("nonsense"), letter(kQueued),
          letter(event_line("weather.changed", "x", "2026-03-02T10:00:00Z"))});
  const auto outcome = retry();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->retried, 4U);
  EXPECT_EQ(outcome->applied, 1U);
  EXPECT_EQ(outcome->duplicate, 1U);
  EXPECT_EQ(outcome->skipped, 1U);
  EXPECT_EQ(outcome->rejected, 1U);
  expect_sum();
  EXPECT_EQ(counts().received, 4U);
  EXPECT_EQ(left(), 1U);
  EXPECT_EQ(open()->progress().as_of, core::parse_rfc3339("2026-03-02T10:00:00Z")) << "as-of has seen every event";
}

TEST_F(LetterRetryTest, ASecondOneChangesNothing) {
  reject({letter(kQueued), letter("nonsense")});
  ASSERT_TRUE(retry());
  const std::string before = digest();
  const core::EventCounts counted = counts();
  const auto again = retry();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->retried, 1U);
  EXPECT_EQ(again->rejected, 1U);
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(counts(), counted);
}

TEST_F(LetterRetryTest, CutShortItHasDoneNothing) {
  reject({letter(kQueued),
          letter(event_line("contact.answered", "v", "2026-03-02T10:00:09Z", R"("visit":"v","agent":"a")"))});
  const std::string before = digest();
  const core::EventCounts counted = counts();
  for (const char* last_step : {"DELETE ON dead_letters", "UPDATE ON meta", "INSERT ON meta", "INSERT ON journal"}) {
    execute(std::string("CREATE TRIGGER cut BEFORE ") + last_step + " BEGIN SELECT RAISE(ABORT, 'cut short'); END");
    const auto cut = retry();
    ASSERT_FALSE(cut) << last_step;
    EXPECT_NE(cut.error().message.find("cut short"), std::string::npos) << cut.error().message;
    execute("DROP TRIGGER cut");
    EXPECT_EQ(digest(), before) << last_step;
    EXPECT_EQ(counts(), counted) << last_step;
    EXPECT_EQ(left(), 2U) << last_step;
  }
  const auto whole = retry();
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->applied, 2U);
  EXPECT_NE(digest(), before);
  expect_sum();
}

TEST_F(LetterRetryTest, FutureTimeIsUnderstoodOnceItHasCome) {
  reject({letter(kQueued, "future_time")});
  const auto time = core::to_ms(*core::parse_rfc3339("2026-03-02T10:00:00Z"));
  const auto early = retry("canonical", core::wall_time(time - 1));
  ASSERT_TRUE(early);
  EXPECT_EQ(early->rejected, 1U);
  expect_sum();
  const auto due = retry("canonical", core::wall_time(time));
  ASSERT_TRUE(due);
  EXPECT_EQ(due->applied, 1U);
  expect_sum();
}

TEST_F(LetterRetryTest, BinaryModeHasItsHeaders) {
  const core::Header headers[] = {{"ce_specversion", "1.0"},
                                  {"ce_id", "1"},
                                  {"ce_source", "/s"},
                                  {"ce_type", "contact.queued"},
                                  {"ce_time", "2026-03-02T10:00:00Z"},
                                  {"ce_subject", "v"},
                                  {"content-type", "application/json"}};
  reject({letter(R"({"visit":"v","queue":"sales","channel":"voice"})", "future_time", core::write_headers(headers))});
  EXPECT_EQ(retry()->applied, 1U);
  reject({letter(R"({"visit":"v","queue":"sales","channel":"voice"})", "future_time")});
  EXPECT_EQ(retry()->rejected, 1U) << "without them it is no event";
}

TEST_F(LetterRetryTest, WhatWasNotKeptWholeStays) {
  core::DeadLetter cut = letter(kQueued, "malformed_line"), nothing = letter("", "malformed_line");
  cut.whole = nothing.whole = false;
  reject({cut, nothing});
  const auto outcome = retry();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->retried, 2U);
  EXPECT_EQ(outcome->rejected, 2U);
  expect_sum();
}

TEST_F(LetterRetryTest, ALetterOfSeveralEventsOrNoneKeepsTheSum) {
  reject({letter("", "bad_value"), letter("1772445600|c|support|NONE|ENTERQUEUE||55|1")});
  const auto outcome = retry("asterisk-queue-log");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->rejected, 0U);
  expect_sum();
  EXPECT_EQ(left(), 0U);
}

TEST_F(LetterRetryTest, AFinalStoreStaysFinal) {
  reject({letter(kQueued)});
  {
    const auto store = open();
    core::Commit sealed;
    sealed.progress = store->progress();
    sealed.progress.sealed = true;
    ASSERT_TRUE(store->commit(sealed));
  }
  ASSERT_TRUE(retry());
  const auto store = open();
  EXPECT_TRUE(store->progress().sealed);
  EXPECT_EQ(store->progress().watermark, store->progress().as_of);
}

}  // namespace
}  // namespace app

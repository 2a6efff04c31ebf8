// Intervals that left memory: what is read of them, what brings them back, and what stays.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "processors/digest.h"
#include "processors/figures.h"
#include "processors/live_figures.h"
#include "tests/support/decoded.h"
#include "tests/support/event_line.h"
#include "tests/support/stored_shard.h"

namespace processors {
namespace {

using test_support::apply_event;
using test_support::Decoded;
using test_support::event_line;
using test_support::StoredShard;
using Lines = std::vector<std::string>;

core::EventTime time_of(const std::string& text) { return core::parse_rfc3339(text).value(); }
std::string state(const std::string& agent, const std::string& time, const std::string& state) {
  return event_line("agent.state", agent, time, R"("client":"acme","state":")" + state + '"');
}
Lines visit(const std::string& contact, core::EventTime begin) {
  const auto at = [&](int seconds) { return core::format_rfc3339(begin + std::chrono::seconds(seconds)); };
  return {event_line("contact.queued", contact, at(0), R"("client":"acme","queue":"q","channel":"voice")"),
          event_line("contact.answered", contact, at(10), R"("agent":"anna")"),
          event_line("contact.ended", contact, at(70)),
          event_line("contact.wrapped", contact, at(80), R"("agent":"anna")")};
}

/// A shard whose intervals leave, beside one that keeps all.
class ShardIntervals : public testing::Test {
 protected:
  ShardIntervals() { plain.set_source("log"); }

  void feed(const Lines& lines) {
    const Decoded decoded(lines);
    for (const core::Event& event : decoded.events()) apply_event(plain, event);
    stored.apply_all(decoded.events());
  }
  void commit() { stored.commit(false); }
  /// A snapshot with which everything leaves that lies before `time`.
  void snapshot(const std::string& time) { stored.commit(true, {}, core::interval_at(time_of(time))); }
  void leave(const std::string& time) { snapshot(time), stored.let_go(); }
  std::size_t in_memory() {
    std::size_t pages = 0;
    stored.shard().book().agent_times.pages([&](core::Slot, auto&) { ++pages; });
    return pages;
  }
  std::string csv(Shard& shard, const std::map<std::string, std::string>& words) const {
    Shard* const shards[] = {&shard};
    ReadPoint point;
    point.as_of = point.watermark.emplace(as_of);
    point.sealed = true;
    return core::to_csv(figures(shards, config, core::parse_figure_query(words).value(), point));
  }
  void expect_same(const std::map<std::string, std::string>& words) {
    EXPECT_EQ(csv(plain, words), csv(stored.shard(), words));
  }
  void expect_same_digest() {
    Shard* const one[] = {&plain};
    Shard* const other[] = {&stored.shard()};
    EXPECT_EQ(state_digest(one), state_digest(other));
  }

  core::FigureConfig config;
  core::EventTime as_of = time_of("2026-03-02T12:00:00Z");
  Shard plain{config};
  StoredShard stored{config};
};

TEST_F(ShardIntervals, AStateThatBeganInAnIntervalThatIsAwayIsFound) {
  feed({state("anna", "2026-03-02T08:00:00Z", "available"), state("anna", "2026-03-02T09:50:00Z", "on_contact"),
        state("anna", "2026-03-02T10:08:00Z", "wrap"), state("anna", "2026-03-02T10:40:00Z", "offline")});
  leave("2026-03-02T12:00:00Z");
  EXPECT_EQ(in_memory(), 0U);
  expect_same({{"by", "agent"}, {"every", "total"}, {"from", "2026-03-02T10:07:00Z"}});
  expect_same({{"by", "agent"}, {"every", "total"}, {"from", "2026-03-02T09:07:00Z"}, {"to", "2026-03-02T10:20:00Z"}});
}

TEST_F(ShardIntervals, FiguresOfARangeReadWhatIsAwayAndLeaveItThere) {
  for (int i = 0; i < 12; ++i)
    feed(visit(fmt::format("c{}", i), time_of("2026-03-02T08:01:00Z") + std::chrono::minutes(17 * i)));
  feed({state("anna", "2026-03-02T08:00:00Z", "available"), state("anna", "2026-03-02T11:30:00Z", "offline")});
  leave("2026-03-02T11:00:00Z");
  const std::size_t before = in_memory();
  for (const char* by : {"queue", "agent", "client"}) {
    for (const char* basis : {"arrival", "event"}) {
      for (const char* every : {"15m", "day", "total"}) expect_same({{"by", by}, {"basis", basis}, {"every", every}});
    }
  }
  expect_same({{"by", "queue"}, {"every", "1h"}, {"from", "2026-03-02T09:00:00Z"}, {"to", "2026-03-02T10:00:00Z"}});
  EXPECT_EQ(in_memory(), before);
}

TEST_F(ShardIntervals, ALateStateBringsBackWhatStandsAroundIt) {
  feed({state("anna", "2026-03-02T08:01:00Z", "available"), state("anna", "2026-03-02T08:05:00Z", "on_contact"),
        state("anna", "2026-03-02T10:31:00Z", "wrap"), state("anna", "2026-03-02T10:33:00Z", "available"),
        state("bert", "2026-03-02T09:16:00Z", "away"), state("anna", "2026-03-02T12:00:00Z", "offline")});
  leave("2026-03-02T11:00:00Z");
  feed({state("anna", "2026-03-02T09:20:00Z", "away")});
  commit();
  expect_same({{"by", "agent"}, {"every", "15m"}});
  stored.load();
  expect_same({{"by", "agent"}, {"every", "15m"}});
  expect_same_digest();
}

TEST_F(ShardIntervals, WhatIsAskedForBeforeTheSnapshotIsKeptStays) {
  feed(visit("c1", time_of("2026-03-02T08:01:00Z"))), feed(visit("c2", time_of("2026-03-02T09:01:00Z")));
  feed({state("anna", "2026-03-02T08:00:00Z", "available"), state("anna", "2026-03-02T08:10:00Z", "wrap"),
        state("anna", "2026-03-02T09:10:00Z", "offline")});
  snapshot("2026-03-02T12:00:00Z");
  feed({state("anna", "2026-03-02T08:03:00Z", "away"), state("anna", "2026-03-02T08:04:00Z", "available")});
  commit();
  stored.let_go();
  EXPECT_EQ(in_memory(), 1U) << "the first interval";
  expect_same_digest();
  stored.load();
  EXPECT_EQ(in_memory(), 1U) << "the journal has changed it";
  snapshot("2026-03-02T08:00:00Z");
  stored.load();
  expect_same({{"by", "agent"}, {"every", "15m"}});
  expect_same_digest();
}

TEST_F(ShardIntervals, OneThatComesBackOnlyInPartIsAwayAsBefore) {
  for (int i = 0; i < 5; ++i)
    feed(visit(fmt::format("c{}", i), time_of("2026-03-02T08:01:00Z") + std::chrono::minutes(i)));
  leave("2026-03-02T11:00:00Z");
  std::string& page = stored.archive().page_of(0, core::interval_at(time_of("2026-03-02T08:00:00Z")));
  const std::string whole = page;
  page.resize(page.size() - 1);
  EXPECT_THROW(stored.shard().bring_back(core::EventTime::min(), core::EventTime::max()), core::ArchiveFailure);
  page = whole;
  for (const char* basis : {"arrival", "event"}) expect_same({{"by", "queue"}, {"basis", basis}, {"every", "15m"}});
  expect_same_digest();
}

TEST_F(ShardIntervals, TheyLeaveThoughTheClockStandsStill) {
  StoredShard old(config, {2});  // The days come newest first, so as-of is that of the first one.
  old.shard().advance(as_of);
  std::size_t most = 0;
  for (int day = 0; day < 20; ++day) {
    Lines lines;
    for (int i = 0; i < 24; ++i) {
      const auto more = visit(fmt::format("c{}-{}", day, i), as_of - std::chrono::hours(24 * day + i));
      lines.insert(lines.end(), more.begin(), more.end());
    }
    const Decoded decoded(lines);
    old.apply_all(decoded.events());
    old.commit(true, {}, core::interval_at(as_of)), old.let_go();
    std::size_t pages = 0;
    old.shard().book().queues.intervals[0].pages([&](core::Slot, auto&) { ++pages; });
    most = std::max(most, pages);
  }
  EXPECT_LE(most, 3U * 24U);
}

TEST_F(ShardIntervals, ManyStatesOfFewIntervalsMakeASnapshotDue) {
  Lines lines;
  for (int i = 0; i < 2'000; ++i) {
    lines.push_back(state(fmt::format("a{}", i % 4),
                          core::format_rfc3339(time_of("2026-03-02T08:00:00Z") + std::chrono::seconds(5 * i)),
                          i % 2 == 0 ? "available" : "away"));
  }
  feed(lines);
  const Shard::Weight weight = stored.shard().weigh(core::interval_at(as_of));
  EXPECT_GT(weight.leaving, 2'000U * 25U);
  EXPECT_LT(weight.staying, weight.leaving / 4);
}

TEST_F(ShardIntervals, AStartKnowsTheTotalsOfAllTime) {
  for (int i = 0; i < 5; ++i)
    feed(visit(fmt::format("c{}", i), time_of("2026-03-02T08:01:00Z") + std::chrono::hours(i)));
  leave("2026-03-02T11:00:00Z");
  feed(visit("later", time_of("2026-03-02T11:30:00Z")));
  commit();
  stored.load();
  const auto handled = [](Shard& shard) {
    std::int64_t sum = 0;
    shard.book().queues.totals.pages([&](core::Slot, auto& page) {
      page.each([&](const CellKey&, const QueueCell& cell) { sum += cell[QueueCount::kHandled]; });
    });
    return sum;
  };
  EXPECT_EQ(handled(stored.shard()), 6);
}

TEST_F(ShardIntervals, LiveFiguresAreTheSameWhilePastDaysAreAway) {
  config.clients["acme"].timezone = "America/New_York";
  StoredShard live(config);
  Shard whole(config);
  whole.set_source("log");
  const auto text = [&](Shard& shard) {
    Shard* const shards[] = {&shard};
    ReadPoint point;
    point.as_of = as_of;
    std::string all;
    const LiveFigures found = live_figures(shards, config, point, {.each_agent = true});
    for (const auto& [key, queue] : std::map(found.queues.begin(), found.queues.end())) {
      for (const auto& w : queue.windows) all += fmt::format("{} {} {} ", w.offered, w.handled, w.handle_ms);
    }
    for (const auto& [key, windows] : found.agents) {
      for (const auto& w : windows) all += fmt::format("{} {} {} ", key.second, w.handled, w.staffed_ms());
    }
    return all;
  };
  const core::EventTime start = time_of("2026-03-02T00:07:00Z");
  for (int i = 0; i < 300; ++i) {
    as_of = start + std::chrono::minutes(17 * i);
    Lines lines = visit(fmt::format("c{}", i), as_of - std::chrono::minutes(2));
    lines.push_back(state("anna", core::format_rfc3339(as_of),
                          i % 3 == 0   ? "available"
                          : i % 3 == 1 ? "on_contact"
                                       : "away"));
    const Decoded decoded(lines);
    for (const core::Event& event : decoded.events()) apply_event(whole, event);
    live.apply_all(decoded.events());
    whole.advance(as_of), live.shard().advance(as_of);
    live.commit(i % 7 == 0, {}, core::interval_at(live_since(config, as_of)));
    live.let_go();
    ASSERT_EQ(text(whole), text(live.shard())) << "after " << core::format_rfc3339(as_of);
  }
  EXPECT_FALSE(live.shard().book().away().away().empty());
}

}  // namespace
}  // namespace processors

// A shard that drops contacts: what they have added to the cells stays, whatever comes, and nothing else is lost.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "core/retention.h"
#include "processors/canonical_state.h"
#include "processors/digest.h"
#include "processors/shard.h"
#include "tests/support/decoded.h"
#include "tests/support/event_line.h"
#include "tests/support/random.h"
#include "tests/support/stored_shard.h"

namespace processors {
namespace {

using core::EventTime;
using core::Millis;
using test_support::apply_event;
using test_support::Decoded;
using test_support::event_line;
using test_support::Random;
using test_support::StoredShard;
using Lines = std::vector<std::string>;

constexpr EventTime kStart = core::event_time(1'772'409'600'000);  // 2026-03-02T00:00:00Z
constexpr Millis kMinute{60'000}, kHour{3'600'000}, kDay{86'400'000};

std::string digest_of(Shard& shard, EventTime since) {
  shard.retain_since(since);
  Shard* const shards[] = {&shard};
  return state_digest(shards);
}

/// All cells of queues and contracts before `end`, in words.
std::string cells_before(Shard& shard, EventTime end) {
  Shard* const shards[] = {&shard};
  std::string text;
  for (const std::size_t table : {0U, 1U, 7U}) {
    each_cell(shards, table, [&](const CellPlace& place, std::string_view packed) {
      if (core::slot_start(place.interval, core::kInterval) < end)
        text += fmt::format("{} {} {} {}\n", place.interval, place.a, place.b, packed);
    });
  }
  return text;
}

/// What is committed is let go of at once.
class KeepingShard : public StoredShard {
 public:
  using StoredShard::StoredShard;
  void commit(bool snapshot = false, std::optional<EventTime> drop_before = {}) {
    StoredShard::commit(snapshot, drop_before);
    let_go();
  }
  std::size_t contacts() {
    std::size_t count = 0;
    shard().each_contact(EventTime::min(), EventTime::max(), [&](const ContactRecord&) { ++count; });
    return count;
  }
};

std::string queued(const std::string& id, EventTime time) {
  return event_line("contact.queued", id, core::format_rfc3339(time), R"("queue":"q","channel":"voice")");
}
std::string of_agent(const std::string& type, const std::string& id, EventTime time) {
  return event_line(type, id, core::format_rfc3339(time), R"("agent":"a")");
}
/// A visit that waits ten seconds, is talked to for a minute and wrapped up for another.
Lines visit(const std::string& id, EventTime begin) {
  return {queued(id, begin), of_agent("contact.answered", id, begin + Millis{10'000}),
          of_agent("contact.ended", id, begin + kMinute), of_agent("contact.wrapped", id, begin + 2 * kMinute)};
}

/// Of visits, by whose contacts they are dropped, and of leads, which stay for ever.
core::FigureConfig with_contracts() {
  core::FigureConfig config;
  auto& profiles = config.clients["default"].sla;
  for (const core::Metric metric :
       {core::Metric::kServiceLevel, core::Metric::kMeanHandle, core::Metric::kLeadResponse}) {
    core::SlaProfile& profile = profiles.emplace_back();
    profile.name = core::kMetricWords[core::index(metric)], profile.metric = metric;
    profile.versions.emplace_back();
  }
  return config;
}
Lines lead(const std::string& id, EventTime created) {
  return {event_line("lead.created", id, core::format_rfc3339(created)),
          event_line("lead.contacted", id, core::format_rfc3339(created + Millis{10'000}))};
}

class ShardRetention : public testing::TestWithParam<bool> {
 protected:
  ShardRetention() {
    plain.set_source("log");
    if (!GetParam()) kept.keep_in_memory();
  }
  void feed(const Lines& lines) {
    const Decoded decoded(lines);
    for (const core::Event& event : decoded.events()) apply_event(plain, event);
    kept.apply_all(decoded.events());
    kept.commit();
  }
  void expect_same_since(EventTime since) { EXPECT_EQ(digest_of(kept.shard(), since), digest_of(plain, since)); }

  const core::FigureConfig config = with_contracts();
  Shard plain{config};
  KeepingShard kept{config};
};

TEST_P(ShardRetention, DroppedContactsLeaveMemoryAndArchiveAndTheirFactsStay) {
  for (int i = 0; i < 9; ++i) feed(visit(fmt::format("old-{}", i), kStart + i * kHour));
  for (int i = 0; i < 3; ++i) feed(visit(fmt::format("new-{}", i), kStart + kDay + i * kHour));
  ASSERT_EQ(kept.contacts(), 12U);
  kept.commit(false, kStart + kDay);
  EXPECT_EQ(kept.contacts(), 3U);
  expect_same_since(kStart + kDay);
  kept.load();
  EXPECT_EQ(kept.contacts(), 3U);
  expect_same_since(kStart + kDay);
  kept.commit(false, kStart + 2 * kDay);
  EXPECT_EQ(kept.contacts(), 0U);
  EXPECT_EQ(kept.archive().pages_now(), 0U);
  expect_same_since(kStart + 2 * kDay);
}

TEST_P(ShardRetention, AContactThatSpansTheHorizonStaysWhole) {
  feed({queued("c", kStart + kDay - kMinute), of_agent("contact.answered", "c", kStart + kDay)});
  feed({of_agent("contact.ended", "c", kStart + kDay + kMinute),
        of_agent("contact.wrapped", "c", kStart + kDay + kMinute)});
  kept.commit(false, kStart + kDay);
  EXPECT_EQ(kept.contacts(), 1U);
  feed({of_agent("contact.wrapped", "c", kStart + kDay + 3 * kMinute)});
  expect_same_since(kStart + kDay);
}

TEST_P(ShardRetention, AnOpenContactStaysUntilItsEndIsOld) {
  feed({queued("open", kStart)});
  feed(visit("over", kStart));
  kept.commit(false, kStart + 3 * kDay);
  EXPECT_EQ(kept.contacts(), 1U);
  kept.load();
  std::size_t open = 0;
  kept.shard().contacts().each_open([&](const ContactRecord&) { ++open; });
  EXPECT_EQ(open, 1U) << "the overlay counts it as unfinished";
  feed({event_line("contact.left_queue", "open", core::format_rfc3339(kStart + 4 * kDay), R"("reason":"caller")")});
  expect_same_since(kStart + 3 * kDay);
  kept.commit(false, kStart + 5 * kDay);
  EXPECT_EQ(kept.contacts(), 0U);
  expect_same_since(kStart + 5 * kDay);
}

TEST_P(ShardRetention, WhatComesLaterForADroppedContactTakesNothingBack) {
  feed(visit("c", kStart));
  kept.commit(false, kStart + kDay);
  const std::string before = cells_before(kept.shard(), kStart + kDay);
  const Lines again = visit("c", kStart + 2 * kDay);
  feed(again);
  EXPECT_EQ(cells_before(kept.shard(), kStart + kDay), before);
  kept.load();
  EXPECT_EQ(cells_before(kept.shard(), kStart + kDay), before);
  EXPECT_EQ(kept.contacts(), 1U);
}

TEST_P(ShardRetention, ARestartBeforeTheCommitOfADropHasDroppedNothing) {
  for (int i = 0; i < 5; ++i) feed(visit(fmt::format("c-{}", i), kStart + i * kHour));
  kept.shard().pack_changes();
  ASSERT_TRUE(kept.shard().drop_before(kStart + kDay));
  kept.load();
  EXPECT_EQ(kept.contacts(), 5U);
  expect_same_since(kStart);
}

TEST_P(ShardRetention, ARebuildKeepsTheIntervalsOfDroppedContactsAndAddsUpTheOthers) {
  core::FigureConfig without_wrap = with_contracts();
  without_wrap.sources_without_wrap.insert("log");
  for (int i = 0; i < 6; ++i) feed(visit(fmt::format("c-{}", i), kStart + i * 9 * kHour));
  feed(
      {queued("over midnight", kStart + kDay - kMinute), of_agent("contact.answered", "over midnight", kStart + kDay)});
  for (int i = 0; i < 4; ++i) feed(lead(fmt::format("l-{}", i), kStart + i * 11 * kHour));
  kept.commit(false, kStart + kDay);
  kept.rebuild(config);
  expect_same_since(kStart + kDay);
  const std::string before = cells_before(kept.shard(), kStart + kDay);
  kept.rebuild(without_wrap);
  EXPECT_EQ(cells_before(kept.shard(), kStart + kDay), before);
  EXPECT_NE(digest_of(kept.shard(), kStart + kDay), digest_of(plain, kStart + kDay)) << "handled without their wrap";
}

TEST_P(ShardRetention, ALostMaximumOfADroppedContactIsThatOfItsBin) {
  feed({queued("longest", kStart), of_agent("contact.answered", "longest", kStart + Millis{100'000})});
  feed({of_agent("contact.ended", "longest", kStart + 2 * kMinute),
        of_agent("contact.wrapped", "longest", kStart + 2 * kMinute)});
  feed({queued("spans", kStart), of_agent("contact.answered", "spans", kStart + kDay)});
  kept.commit(false, kStart + kDay);
  // Its wait was the longest; now it is known to have been given to another queue.
  feed({event_line("contact.offered", "spans", core::format_rfc3339(kStart + kDay), R"("agent":"a","queue":"other")")});
  const auto longest = [](Shard& shard) {
    shard.settle_maxima();
    std::int64_t most = 0;
    const auto slot = core::slot_of(kStart, core::kInterval);
    shard.book().queues.intervals[0].page(slot)->each([&](const CellKey& key, const QueueCell& cell) {
      if (shard.names().text(key.b) == "q") most = cell.maximum(QueueHist::kWaitAnswered).value();
    });
    return most;
  };
  EXPECT_EQ(longest(plain), 100'000);
  EXPECT_NEAR(static_cast<double>(longest(kept.shard())), 100'000.0, 1'600.0);
}

INSTANTIATE_TEST_SUITE_P(Retention, ShardRetention, testing::Bool(),
                         [](const auto& param) { return param.param ? "WithContactsInTheArchive" : "InMemory"; });

// ---- any log, any moment ----

struct Timed {
  EventTime comes, happened;
  std::string line;
};

/// Contacts over some days, a few of them without an end; what happens comes up to four hours late.
std::vector<Timed> random_days(Random& random, int days) {
  std::vector<Timed> all;
  const auto say = [&](EventTime time, std::string line) {
    const Millis late{random.chance(20) ? random.between(0, (4 * kHour).count()) : 0};
    all.push_back({time + late, time, std::move(line)});
    if (random.chance(5)) all.push_back({time + late + kMinute, time, all.back().line});
  };
  for (int i = 0; i < days * 12; ++i) {
    const std::string id = fmt::format("c{}", i);
    EventTime time = kStart + Millis{random.between(0, (days * kDay).count())};
    const auto next = [&] { return time += Millis{random.between(0, random.chance(20) ? 3'600'000 : 60'000)}; };
    say(time, queued(id, time));
    if (random.chance(10)) continue;
    if (next(); random.chance(30)) {
      say(time, event_line("contact.left_queue", id, core::format_rfc3339(time), R"("reason":"caller")"));
      continue;
    }
    say(time, of_agent("contact.answered", id, time));
    next(), say(time, of_agent("contact.ended", id, time));
    if (next(); random.chance(90)) say(time, of_agent("contact.wrapped", id, time));
  }
  std::stable_sort(all.begin(), all.end(), [](const Timed& a, const Timed& b) { return a.comes < b.comes; });
  return all;
}

TEST(ShardRetentionProperty, WhateverTheLogRestartsAndEvictionFiguresAreThoseOfAShardThatKeepsAll) {
  std::size_t dropped = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const auto log = random_days(random, static_cast<int>(random.between(3, 7)));
    Lines lines;
    for (const Timed& event : log) lines.push_back(event.line);
    const Decoded decoded(lines);
    const std::span<const core::Event> events(decoded.events());
    const Millis keep = random.between(1, 3) * kDay;
    const core::FigureConfig config = with_contracts();
    Shard plain(config);
    plain.set_source("log");
    KeepingShard kept(config);
    if (random.chance(30)) kept.keep_in_memory();
    std::optional<EventTime> since;
    for (std::size_t committed = 0; committed < events.size();) {
      const auto size =
          std::min<std::size_t>(static_cast<std::size_t>(random.between(1, 20)), events.size() - committed);
      const auto batch = events.subspan(committed, size);
      kept.apply_all(batch);
      if (random.chance(10)) {
        kept.load();  // Stopped before it was committed: it comes again.
        continue;
      }
      committed += size;
      for (const core::Event& event : batch) {
        apply_event(plain, event);
        ASSERT_FALSE(since && event.time < *since) << "the log is made so that nothing is too late";
        since = core::retained_since(since, event.time - 4 * kHour, keep);
      }
      // The horizon moves at once, a shard drops what is beyond it with some later commit.
      kept.commit(random.chance(20), random.chance(30) ? since : std::nullopt);
      if (random.chance(10)) kept.load();
      if (random.chance(10)) kept.shard().rebuild();
      if (!random.chance(20)) continue;
      ASSERT_EQ(digest_of(kept.shard(), *since), digest_of(plain, *since)) << "seed " << seed << " at " << committed;
    }
    kept.commit(true, since);
    kept.load();
    ASSERT_EQ(digest_of(kept.shard(), *since), digest_of(plain, *since)) << "seed " << seed << " at the end";
    std::size_t all = 0;
    plain.each_contact(EventTime::min(), EventTime::max(), [&](const ContactRecord&) { ++all; });
    dropped += all - kept.contacts();
  }
  EXPECT_GT(dropped, 5'000U) << "hardly any contact was ever dropped";
}

}  // namespace
}  // namespace processors

// A shard whose contacts leave memory and come back is, at every moment, the shard that keeps all of them.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "processors/digest.h"
#include "processors/shard.h"
#include "tests/support/decoded.h"
#include "tests/support/event_line.h"
#include "tests/support/random_log.h"
#include "tests/support/stored_shard.h"

namespace processors {
namespace {

using test_support::apply_event;
using test_support::Decoded;
using test_support::StoredShard;

std::string digest_of(Shard& shard) {
  Shard* const shards[] = {&shard};
  return state_digest(shards);
}

std::vector<core::Event> disturbed(const Decoded& decoded, std::mt19937_64& random) {
  std::vector<core::Event> events = decoded.events();
  const std::size_t size = events.size();
  for (std::size_t i = 0; i < size; i += 7) events.push_back(events[i]);
  std::shuffle(events.begin(), events.end(), random);
  return events;
}

TEST(ShardArchive, LeavingComingBackAndRestartsChangeNothing) {
  std::size_t pages = 0, intervals = 0, read = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 random(seed);
    const core::FigureConfig config;
    const Decoded decoded(test_support::valid_lines(test_support::random_case(seed).lines));
    const auto events = disturbed(decoded, random);
    Shard plain(config);
    plain.set_source("log");
    StoredShard stored(config);
    core::EventTime latest = core::EventTime::min();
    for (std::size_t first = 0; first < events.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 9, events.size() - first);
      const std::span<const core::Event> batch(events.data() + first, size);
      first += size;
      for (const core::Event& event : batch) apply_event(plain, event), latest = std::max(latest, event.time);
      stored.apply_all(batch);
      if (random() % 3 == 0) continue;
      const auto back = static_cast<core::Slot>(random() % 6);
      stored.commit(random() % 4 == 0, {}, core::interval_at(latest) + 1 - back);
      if (random() % 5 == 0) stored.load();
      if (random() % 2 == 0) stored.let_go();
      // To compare brings everything back, so it is not done every time.
      if (random() % 4 != 0) continue;
      ASSERT_EQ(digest_of(plain), digest_of(stored.shard())) << "seed " << seed << " after " << first << " events";
    }
    stored.commit(false);
    stored.load();
    ASSERT_EQ(digest_of(plain), digest_of(stored.shard())) << "seed " << seed << " at the end";
    stored.shard().rebuild();
    ASSERT_EQ(digest_of(plain), digest_of(stored.shard())) << "seed " << seed << " rebuilt";
    pages += stored.archive().pages_kept();
    intervals += stored.archive().intervals_kept(), read += stored.archive().intervals_read();
  }
  EXPECT_GT(pages, 5'000u) << "hardly anything was ever archived";
  EXPECT_GT(intervals, 20'000u) << "hardly an interval has ever left";
  EXPECT_GT(read, 10'000u) << "hardly an interval has ever come back";
}

std::string at(int seconds) {
  return core::format_rfc3339(core::event_time(1'772'442'000'000 + 1'000 * std::int64_t{seconds}));
}

/// A visit that waited so many seconds, and was talked to for a minute; its wrap is not stated.
std::vector<std::string> visit(const std::string& contact, int wait) {
  return {test_support::event_line("contact.queued", contact, at(0), R"("queue":"q","channel":"voice")"),
          test_support::event_line("contact.answered", contact, at(wait), R"("agent":"a")"),
          test_support::event_line("contact.ended", contact, at(wait + 60))};
}

std::size_t open_contacts(Shard& shard) {
  std::size_t open = 0;
  shard.contacts().each_open([&](const ContactRecord&) { ++open; });
  return open;
}

TEST(ShardArchive, WhatARebuildOpensAgainIsStillOpenAfterARestart) {
  core::FigureConfig without_wrap;
  without_wrap.sources_without_wrap.insert("log");
  const core::FigureConfig with_wrap;
  StoredShard stored(without_wrap);
  for (const char* id : {"c1", "c2", "c3", "c4"})
    stored.apply_all(Decoded(visit(id, 10)).events()), stored.commit(false);
  stored.commit(true), stored.let_go();
  ASSERT_LT(stored.shard().contacts().size(), 4u) << "some have left";
  ASSERT_EQ(open_contacts(stored.shard()), 0u);
  stored.rebuild(with_wrap);
  EXPECT_EQ(open_contacts(stored.shard()), 4u);
  stored.commit(true), stored.let_go(), stored.load();
  EXPECT_EQ(open_contacts(stored.shard()), 4u);
  EXPECT_EQ(stored.shard().contacts().size(), 4u);
}

std::size_t open_deals(Shard& shard) {
  std::size_t open = 0;
  shard.deals().each_open([&](const AttributeRecord&) { ++open; });
  return open;
}

TEST(ShardArchive, AStoreOfBeforeDealsAndChatsHadCellsGetsThem) {
  std::size_t deals = 0, open = 0, chats = 0, intervals = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    std::mt19937_64 random(seed);
    const core::FigureConfig config;
    const Decoded decoded(test_support::valid_lines(test_support::random_case(seed).lines));
    const auto events = disturbed(decoded, random);
    Shard plain(config);
    plain.set_source("log");
    StoredShard stored(config);
    // Such builds counted nothing of deals and chats, and took none for open: all may leave.
    const auto commit = [&](bool snapshot, core::EventTime latest) {
      Shard& shard = stored.shard();
      shard.book().deals.clear(), shard.book().deal_totals.clear();
      shard.book().chats = {}, shard.book().chat_agents = {};
      shard.deals().judge_open([](const AttributeRecord&) { return false; });
      shard.contacts().judge_open([&](const ContactRecord& record) {
        return view_of(record, shard.rules(), shard.names(), {.turns_from = core::EventTime::max()}).open();
      });
      stored.commit(snapshot, {}, core::interval_at(latest) - static_cast<core::Slot>(random() % 3));
      stored.let_go();
    };
    core::EventTime latest = core::EventTime::min();
    const std::size_t half = events.size() / 2;
    for (std::size_t first = 0; first < events.size();) {
      const std::size_t border = first < half ? half : events.size();
      const std::size_t size = std::min<std::size_t>(1 + random() % 9, border - first);
      const std::span<const core::Event> batch(events.data() + first, size);
      first += size;
      for (const core::Event& event : batch) apply_event(plain, event), latest = std::max(latest, event.time);
      stored.apply_all(batch);
      commit(first < half ? random() % 4 == 0 : first == half, latest);
    }
    stored.drop_count_of_tables();
    stored.load();
    ASSERT_EQ(open_deals(stored.shard()), open_deals(plain)) << "seed " << seed;
    ASSERT_EQ(open_contacts(stored.shard()), open_contacts(plain)) << "seed " << seed;
    if (const auto* totals = stored.shard().book().chats.totals.page(0)) chats += totals->size();
    open += open_deals(plain), deals += plain.deals().size();
    ASSERT_EQ(digest_of(plain), digest_of(stored.shard())) << "seed " << seed;
    stored.commit(true, {}, core::interval_at(latest));
    stored.let_go(), stored.load();
    ASSERT_EQ(digest_of(plain), digest_of(stored.shard())) << "seed " << seed << ", once they are kept";
    intervals += stored.archive().intervals_kept();
  }
  EXPECT_GT(deals, 500U);
  EXPECT_GT(open, 100U);
  EXPECT_GT(chats, 500U);
  EXPECT_GT(intervals, 500U);
}

TEST(ShardArchive, AReadThatBreaksOffChangesNothing) {
  const core::FigureConfig config;
  Shard plain(config);
  StoredShard stored(config);
  const auto feed = [&](const std::vector<std::string>& lines) {
    const Decoded decoded(lines);
    for (const core::Event& event : decoded.events()) apply_event(plain, event);
    stored.apply_all(decoded.events());
    stored.commit(false), stored.let_go();
  };
  plain.set_source("log");
  plain.keep_slices();
  for (int i = 0; i < 8; ++i) {
    auto lines = visit("c" + std::to_string(i), 10 + i);
    lines.push_back(test_support::event_line("contact.wrapped", "c" + std::to_string(i), at(90), R"("agent":"a")"));
    feed(lines);
  }
  // The longest wait is found to have been shorter: which one is the longest now, only the archive knows.
  feed({test_support::event_line("contact.answered", "c7", at(1), R"("agent":"a")")});
  stored.archive().break_after(1);
  EXPECT_THROW(stored.shard().settle_maxima(), core::ArchiveFailure);
  EXPECT_THROW(stored.shard().keep_slices(), core::ArchiveFailure);
  stored.archive().mend();
  feed({test_support::event_line("contact.queued", "c9", at(2), R"("queue":"q","channel":"voice")"),
        test_support::event_line("contact.answered", "c9", at(5), R"("agent":"a")")});
  EXPECT_EQ(digest_of(plain), digest_of(stored.shard()));
  stored.shard().keep_slices();
  const auto slices = [](Shard& shard) {
    QueueCell sum;
    shard.book().queues.slices.pages(
        [&](core::Slot, auto& page) { page.each([&](const CellKey&, const QueueCell& cell) { sum.merge(cell); }); });
    return sum.counts;
  };
  EXPECT_EQ(slices(plain), slices(stored.shard()));
}

}  // namespace
}  // namespace processors

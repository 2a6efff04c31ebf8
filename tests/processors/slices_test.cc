// Slices of the rolling windows are filled from the records when a window is first read, whenever that is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "config/load.h"
#include "tests/support/decoded.h"
#include "tests/support/engine.h"
#include "tests/support/random_log.h"
#include "tests/support/stored_shard.h"

namespace {

using test_support::Engine;

constexpr std::uint64_t kCases = 200;

std::string windows_of(Engine& engine) {
  std::string text;
  for (const char* by : {"queue", "client", "agent", "lead"}) {
    for (const char* window : {"5m", "15m", "30m", "1h"}) text += engine.csv({{"by", by}, {"window", window}});
  }
  return text;
}

TEST(Slices, ReadingAWindowEarlyChangesNothingOfALaterOne) {
  std::size_t rows = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    const auto test = test_support::random_case(seed);
    const auto loaded = config::load(test.yaml, "case.yaml");
    ASSERT_TRUE(loaded) << "seed " << seed;
    const auto half = test.lines.begin() + static_cast<std::ptrdiff_t>(test.lines.size() / 2);
    Engine asked_early(loaded->figures), asked_late(loaded->figures);
    asked_early.feed({test.lines.begin(), half});
    windows_of(asked_early);
    asked_early.feed({half, test.lines.end()});
    asked_late.feed(test.lines);
    const std::string expected = windows_of(asked_early);
    ASSERT_EQ(windows_of(asked_late), expected) << "seed " << seed;
    rows += static_cast<std::size_t>(std::count(expected.begin(), expected.end(), '\n')) - 16;
  }
  EXPECT_GT(rows, kCases) << "the logs have hardly anything in a window";
}

template <typename CellType>
void put(std::map<std::string, std::string>& all, const char* family, processors::CellTable<CellType>& slices,
         const core::Names& names) {
  slices.pages([&](core::Slot slice, auto& page) {
    page.each([&](const processors::CellKey& key, const CellType& cell) {
      if (cell.zero()) return;
      std::string bytes;
      core::PackedWriter out(bytes);
      cell.pack(out);
      all[fmt::format("{} {} {}/{}/{}", family, slice, names.text(key.a), names.text(key.b), names.text(key.c))] =
          bytes;
    });
  });
}

std::map<std::string, std::string> slices_of(processors::Shard& shard) {
  std::map<std::string, std::string> all;
  put(all, "queues", shard.book().queues.slices, shard.names());
  put(all, "agents", shard.book().agents.slices, shard.names());
  put(all, "leads", shard.book().leads.slices, shard.names());
  return all;
}

/// The case's events, all within the last hour, so that no slice is too old.
std::vector<core::Event> within_an_hour(const test_support::Decoded& decoded) {
  std::vector<core::Event> events = decoded.events();
  const auto [first, last] = std::ranges::minmax(events, {}, &core::Event::time);
  const core::EventTime begin = first.time;
  const core::Millis span = std::max(last.time - begin, core::Millis{1});
  for (core::Event& event : events) event.time = begin + (event.time - begin) * 3'000'000 / span.count();
  return events;
}

/// Commits of nine events each, in any order, a snapshot with every fifth: some is in the snapshot, some in the
/// journal, and much of what an event touches has left for the archive before.
TEST(Slices, FilledWhileAStateIsRestoredTheyAreTheSame) {
  std::size_t cells = 0, found = 0;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    const auto test = test_support::random_case(seed);
    const auto loaded = config::load(test.yaml, "case.yaml");
    ASSERT_TRUE(loaded) << "seed " << seed;
    const test_support::Decoded decoded(test_support::valid_lines(test.lines));
    if (decoded.events().empty()) continue;
    auto events = within_an_hour(decoded);
    std::shuffle(events.begin(), events.end(), std::mt19937_64(seed));
    const core::EventTime as_of = std::ranges::max(events, {}, &core::Event::time).time;
    test_support::StoredShard stored(loaded->figures);
    for (std::size_t i = 0, commit = 0; i < events.size(); i += 9, ++commit) {
      stored.apply_all(std::span(events).subspan(i, std::min<std::size_t>(9, events.size() - i)));
      stored.commit(commit % 5 == seed % 5), stored.let_go();
    }
    stored.load();
    stored.shard().advance(as_of);
    stored.shard().keep_slices();
    const auto expected = slices_of(stored.shard());
    const std::size_t before = stored.archive().pages_found();
    stored.load(as_of);
    ASSERT_EQ(slices_of(stored.shard()), expected) << "seed " << seed;
    found += stored.archive().pages_found() - before;
    cells += expected.size();
  }
  EXPECT_GT(cells, 20 * kCases);
  EXPECT_GT(found, kCases / 4) << "hardly anything was fetched back while a state was restored";
}

}  // namespace

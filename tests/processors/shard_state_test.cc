// A shard's packed state: whatever pieces a store holds, what comes back is the shard that was.
#include <gtest/gtest.h>

#include "processors/digest.h"
#include "processors/shard.h"
#include "tests/support/decoded.h"
#include "tests/support/event_line.h"
#include "tests/support/random_log.h"
#include "tests/support/stored_shard.h"

namespace processors {
namespace {

using test_support::Decoded;

std::string digest_of(Shard& shard) {
  shard.settle_maxima();
  Shard* const shards[] = {&shard};
  return state_digest(shards);
}

void apply(Shard& shard, const std::vector<core::Event>& events, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) test_support::apply_event(shard, events[i]);
}

/// A shard with the events of a random log, in three commits: a journal, then a snapshot, then journals.
struct Stored {
  explicit Stored(std::uint64_t seed) : decoded(test_support::valid_lines(test_support::random_case(seed).lines)), shard(config) {
    shard.set_source("log");
    const std::size_t n = decoded.events().size();
    for (int third = 0; third < 3; ++third) {
      apply(shard, decoded.events(), n * static_cast<std::size_t>(third) / 3,
            n * static_cast<std::size_t>(third + 1) / 3);
      journals.push_back(shard.pack_changes());
      snapshots.push_back(shard.pack_snapshot().pages);
    }
  }
  core::FigureConfig config;
  Decoded decoded;
  Shard shard;
  std::vector<std::string> journals;
  std::vector<std::vector<std::string>> snapshots;
};

/// After a start with these pages and the journal from `after` on, which is read from its end.
std::string restored(const Stored& stored, const std::vector<std::string>& pages, std::size_t after) {
  Shard shard(stored.config);
  shard.set_source("log");
  for (const auto& page : pages) shard.restore(page);
  for (std::size_t i = stored.journals.size(); i > after; --i) {
    if (!stored.journals[i - 1].empty()) shard.restore(stored.journals[i - 1]);
  }
  shard.restored();
  return digest_of(shard);
}

TEST(ShardState, JournalsAloneGiveTheShardBack) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Stored stored(seed);
    ASSERT_EQ(restored(stored, {}, 0), digest_of(stored.shard)) << seed;
  }
}

TEST(ShardState, ASnapshotAndTheJournalsAfterItGiveTheShardBack) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Stored stored(seed);
    for (std::size_t at = 0; at < 3; ++at) {
      const std::string digest = restored(stored, stored.snapshots[at], at + 1);
      ASSERT_EQ(digest, digest_of(stored.shard)) << "seed " << seed << " snapshot " << at;
    }
  }
}

TEST(ShardState, AJournalEntryThatIsInAlreadyChangesNothing) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Stored stored(seed);
    ASSERT_EQ(restored(stored, stored.snapshots[2], 2), digest_of(stored.shard)) << seed;
  }
}

TEST(ShardState, ARebuildGivesTheSameCells) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Stored stored(seed);
    const std::string before = digest_of(stored.shard);
    stored.shard.rebuild();
    ASSERT_EQ(digest_of(stored.shard), before) << seed;
  }
}

TEST(ShardState, ACommitWithoutChangesIsEmpty) {
  Stored stored(1);
  EXPECT_EQ(stored.shard.pack_changes(), "");
  EXPECT_EQ(stored.shard.dirty_records(), 0U);
}

// Regression: such an event made an empty record, which counted in the digest until the next restart.
TEST(ShardState, AnEventThatLeavesNoTraceMakesNoRecord) {
  const core::FigureConfig config;
  const std::string time = "2026-03-02T09:00:00Z";
  const Decoded decoded({test_support::event_line("lead.contacted", "l1", time, R"("automated":true)"),
                         test_support::event_line("deal.updated", "d1", time)});
  Shard empty(config), shard(config);
  apply(shard, decoded.events(), 0, 2);
  EXPECT_EQ(shard.pack_changes(), "");
  EXPECT_EQ(digest_of(shard), digest_of(empty));
}

TEST(ShardState, ADamagedPieceIsAnErrorAndNeverACrash) {
  Stored stored(2);
  std::size_t refused = 0, tried = 0;
  for (const std::string& piece : {stored.journals[1], stored.snapshots[2].front(), stored.snapshots[2].back()}) {
    for (std::size_t size = 0; size < piece.size(); ++size, ++tried) {
      Shard shard(stored.config);
      try {
        shard.restore(std::string_view(piece).substr(0, size));
        shard.restored();
      } catch (const core::CorruptState&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused * 10, tried * 9) << "only a cut between two records can look whole";
}

/// A journal entry with one lead whose milestone lies at `ms`.
std::string lead_entry(std::uint8_t milestone, std::int64_t ms) {
  std::string bytes;
  core::PackedWriter out(bytes);
  out.byte(3), out.byte(2), out.text("l1");
  out.number(1), out.byte(milestone), out.signed_number(ms), out.text("");
  out.number(0), out.number(0);
  return bytes;
}

// Regression, found by fuzzing: differences of such times overflow.
TEST(ShardState, ATimeThatNoEventCanHaveIsRefused) {
  const core::FigureConfig config;
  Shard shard(config);
  EXPECT_NO_THROW(shard.restore(lead_entry(0, core::to_ms(core::kEndOfEventTime) - 1)));
  EXPECT_NO_THROW(shard.restore(lead_entry(0, core::to_ms(core::kFirstEventTime))));
  EXPECT_THROW(shard.restore(lead_entry(0, core::to_ms(core::kEndOfEventTime))), core::CorruptState);
  EXPECT_THROW(shard.restore(lead_entry(0, core::to_ms(core::kFirstEventTime) - 1)), core::CorruptState);
  EXPECT_THROW(shard.restore(lead_entry(0, std::numeric_limits<std::int64_t>::min())), core::CorruptState);
}

TEST(ShardState, AMilestoneOfALaterVersionIsRefused) {
  const core::FigureConfig config;
  Shard shard(config);
  EXPECT_THROW(shard.restore(lead_entry(static_cast<std::uint8_t>(Milestone::kEnd), 0)), core::CorruptState);
}

// Regression, found by fuzzing: a state of a million years took all memory, a cell for each quarter of an hour.
TEST(ShardState, AnAgentsStatesOfADamagedYearAskForNoCells) {
  const core::FigureConfig config;
  Shard shard(config);
  std::string bytes;
  core::PackedWriter out(bytes);
  out.byte(3), out.byte(4), out.text("anna");
  out.number(0), out.text(""), out.number(0), out.text(""), out.signed_number(0), out.text("");  // no home client
  out.number(1), out.number(2);
  for (const std::int64_t distance_ms : {std::int64_t{0}, std::int64_t{101} * 366 * 86'400'000}) {
    out.signed_number(distance_ms), out.byte(1), out.signed_number(-1);
    for (int name = 0; name < 4; ++name) out.number(0), out.text("");
    out.text("");
  }
  out.number(0);
  shard.restore(bytes), shard.restored();
  std::size_t cells = 0;
  shard.book().agent_times.pages([&](core::Slot, auto& page) { page.each([&](auto&&...) { ++cells; }); });
  EXPECT_EQ(cells, 0U);
}

TEST(ShardState, ACellOfNoIntervalIsRefused) {
  const core::FigureConfig config;
  Shard shard(config);
  std::string bytes;
  core::PackedWriter out(bytes);
  out.byte(1), out.byte(4), out.signed_number(std::int64_t{1} << 32);
  EXPECT_THROW(shard.restore(bytes), core::CorruptState);
}

TEST(ShardState, AJournalEntryHasOnlyTheStatesSinceTheLast) {
  const core::FigureConfig config;
  Shard shard(config);
  shard.set_source("log");
  const auto one = [&](int minute) {
    const Decoded decoded({test_support::event_line(
        "agent.state", "ann", core::format_rfc3339(core::event_time(1'772'438'400'000 + std::int64_t{minute} * 60'000)),
        minute % 2 == 0 ? R"("state":"available")" : R"("state":"away")")});
    shard.apply(decoded.events()[0], Touch::kHome);
    return shard.pack_changes().size();
  };
  const std::size_t first = one(0);
  for (int minute = 1; minute < 1000; ++minute) ASSERT_LE(one(minute), first + 10) << minute << " states of a day before";
  EXPECT_LE(one(-5), first + 10) << "a late one";
}

}  // namespace
}  // namespace processors

// How seldom an event allocates: what it needs lies ready, or was used by others before.
#include <gtest/gtest.h>

#include <chrono>

#include "app/floor.h"
#include "tests/support/counted_allocations.h"
#include "tests/support/load.h"

namespace app {
namespace {

using test_support::allocations;

constexpr std::uint32_t kShards = 8;

/// The part of a load's messages from `first` to `last`, in thousandths.
core::RawBatch part_of(const core::RawBatch& all, std::size_t first, std::size_t last) {
  core::RawBatch part;
  part.source = all.source;
  part.partitions = all.partitions;
  const auto at = [&](std::size_t thousandths) {
    return all.messages.begin() + static_cast<std::ptrdiff_t>(all.messages.size() * thousandths / 1000);
  };
  part.messages.assign(at(first), at(last));
  return part;
}

/// Decoding, routing, applying and packing the journal, in the last quarter-hour of a busy hour of some 3,000 agents.
/// What is left grows with the state: the first cell of an agent in a quarter-hour, rows of states, histograms,
/// contacts that are far larger than most. The budget of docs/performance.md is none at all; this keeps what was
/// reached.
TEST(Allocations, FewerThanThreeOfTenEventsAllocate) {
  if (test_support::kSanitized) GTEST_SKIP() << "a sanitizer allocates by itself";
  const test_support::Load load(30'000, std::chrono::hours{1});
  Floor floor(core::FigureConfig{}, kShards, 1);
  const SourceRules rules = test_support::load_rules();
  const auto apply = [&](const core::RawBatch& batch) {
    const Applied applied = floor.apply(batch, rules, std::nullopt);
    core::Commit commit;
    floor.pack_changes(commit);
    return applied.counts.received;
  };
  for (std::size_t part = 0; part < 85; part += 5) apply(part_of(load.batch(), part * 10, part * 10 + 50));
  const core::RawBatch measured = part_of(load.batch(), 850, 950);
  allocations = 0;
  const auto events = static_cast<double>(apply(measured));
  const double per_event = static_cast<double>(allocations) / events;
  RecordProperty("allocations_per_event", std::to_string(per_event));
  EXPECT_LT(per_event, 0.3) << allocations << " allocations for " << events << " events";
}

}  // namespace
}  // namespace app

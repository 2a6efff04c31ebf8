// The floor: all shards of a store, and how a batch of raw messages becomes their state.
//
// A batch is applied in two steps, each over all workers: its messages are decoded in stretches and every event is put
// down for its home shard; then every shard takes its events. Between the steps, and after them, the workers have met,
// so an event that was read anywhere reaches its home in memory and inside the same commit, without a queue or a lock.
// Where a topic is keyed as the shards are, nearly all events are read at home, and applied in the first step.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/lanes.h"
#include "app/round.h"
#include "app/workers.h"
#include "core/batch.h"
#include "core/store.h"
#include "processors/figures.h"
#include "processors/shard.h"

namespace app {

/// What the pipeline knows of a source when it applies its batches.
struct SourceRules {
  std::string name;
  std::function<std::unique_ptr<core::Decoder>()> make_decoder;
  std::optional<core::Millis> clock_skew;  ///< Live only: later than the append time by more is `future_time`.
};

/// What a batch did.
struct Applied {
  core::EventCounts counts;
  std::map<std::uint32_t, core::EventTime> latest;  ///< Largest event time, by partition's index in the batch.
  std::vector<core::Rejection> rejections;
};

/// Confined to one thread, which lends its shards to the workers inside apply(). The figure configuration is kept.
class Floor {
 public:
  /// A round of fewer messages than that: to wake the other threads would cost more than they save.
  static constexpr std::size_t kWorthWaking = 2048;

  /// `worth_waking`: a round of fewer messages is applied on the caller's thread alone.
  Floor(core::FigureConfig config, std::uint32_t shards, std::size_t threads, processors::MemoryLimits limits = {},
        std::size_t worth_waking = kWorthWaking);

  /// `late_before`: events before it count as late. `round`: at most so many messages are applied together.
  Applied apply(const core::RawBatch& batch, const SourceRules& rules, std::optional<core::EventTime> late_before,
                std::size_t round = 1 << 15);

  /// Whether the last apply() looked for so many contacts in the archive that reading their pages took most of its
  /// time: they would be read once for all events that are applied together.
  bool asks_archive() const { return looked_for_ > 500; }

  /// Contacts that leave memory go to `archive`, if there is one, and come back from it. Before load() and apply(),
  /// which then throw core::ArchiveFailure where it cannot be read, as everything does that looks at all contacts.
  void set_archive(core::Archive* archive);
  /// What leaves memory with `commit`, so that contacts take at most `bytes` in all; gone with let_go(), once the
  /// commit is kept.
  void pack_leaving(std::size_t bytes, core::Commit& commit);
  void let_go();

  /// Contacts of before are not shown any more, and an event of one from before is `too_late`: what it belongs to may
  /// have been dropped, and would be counted again. load() does it with the store's horizon.
  void retain_since(core::EventTime horizon);

  /// Drops what no window can reach any more.
  void advance(core::EventTime as_of);
  /// Intervals that end before `time` are final (`sealed`: also those with something open): where they change from now
  /// on, revise() says so.
  void settle_before(core::EventTime time, bool sealed = false);
  /// Puts into `commit` the revisions since this was last called. Before pack_changes().
  void revise(core::EventTime as_of, core::Commit& commit);

  /// Takes in the state of a store, and says how long the journal of each shard is, in bytes; a Failure names what is
  /// damaged.
  core::Result<std::vector<std::size_t>> load(core::Store& store);
  /// After load(), of slices that are kept from its beginning: adds what the archive has. Where it cannot be read they
  /// are filled when somebody asks for them, and who asks is told.
  void complete_slices();
  /// Puts into `commit` what has changed since this was last called: the journal of every shard, empty where nothing
  /// has, and the archived versions that are not current any more.
  void pack_changes(core::Commit& commit);
  void rebuild();
  /// The same by another configuration, from the records that are here.
  void rebuild_by(core::FigureConfig config);
  /// Forgets every entity that has no event in [from, to); what has one stays whole.
  void keep_only(core::EventTime from, core::EventTime to);

  core::FigureTable figures(const core::FigureQuery& query, const processors::ReadPoint& point) {
    return processors::figures(shards(), *config_, query, point);
  }
  std::string digest();

  std::span<processors::Shard* const> shards() { return views_; }
  const core::FigureConfig& config() const { return *config_; }
  Workers& workers() { return workers_; }

 private:
  static void sum_up(Stretch& stretch, Applied& result);
  core::Decoder& decoder(const SourceRules& rules, std::size_t worker);
  void decode(const core::RawBatch& batch, const SourceRules& rules, std::span<const std::uint32_t> messages,
              std::optional<core::EventTime> late_before, core::Decoder& decoder, Stretch& stretch);
  void hand_over(ShardCounts& counts, bool alone);
  std::size_t fetch_archived(std::size_t shard);
  void guard(const core::RawMessage& message, std::uint32_t index, const SourceRules& rules, std::size_t first_event,
             core::DecodedBatch& decoded) const;

  std::unique_ptr<const core::FigureConfig> config_;
  processors::MemoryLimits limits_;
  const std::size_t worth_waking_;
  std::vector<std::unique_ptr<processors::Shard>> shards_;
  std::vector<processors::Shard*> views_;
  std::map<std::pair<std::string, std::size_t>, std::unique_ptr<core::Decoder>> decoders_;
  Lanes lanes_;
  std::vector<Stretch> stretches_;  ///< of the running round, one for each lane; there may be more
  std::size_t looked_for_ = 0, closing_ranks_ = 0;
  std::optional<core::EventTime> retained_since_;
  Workers workers_;
};

}  // namespace app

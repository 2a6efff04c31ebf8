// A shard with a store of its own: it commits, contacts leave and are dropped, it is stopped and loaded again.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "processors/shard.h"
#include "tests/support/memory_archive.h"

namespace test_support {

/// To the shard of all entities: an outbound attempt touches its lead as well.
inline void apply_event(processors::Shard& shard, const core::Event& event) {
  shard.apply(event, processors::Touch::kHome);
  if (processors::touches_lead(event)) shard.apply(event, processors::Touch::kLead);
}

/// Confined to one thread. The configuration outlives it.
class StoredShard {
 public:
  explicit StoredShard(const core::FigureConfig& config, processors::MemoryLimits limits = {2, 0})
      : config_(&config), limits_(limits) {
    load();
  }

  void apply_all(std::span<const core::Event> events) {
    for (const core::Event& event : events) {
      const auto want = [&](processors::Touch touch) {
        shard_->want(event, touch, processors::home_hash(event, touch));
      };
      want(processors::Touch::kHome);
      if (processors::touches_lead(event)) want(processors::Touch::kLead);
    }
    shard_->fetch_wanted();
    for (const core::Event& event : events) apply_event(*shard_, event);
  }

  /// As the pipeline gathers a commit; it is kept at once, but contacts and intervals leave with let_go().
  /// `lasting_from`: with a snapshot, intervals of before may leave.
  void commit(bool snapshot, std::optional<core::EventTime> drop_before = {},
              core::Slot lasting_from = core::kFirstInterval) {
    if (auto journal = shard_->pack_changes(); !journal.empty()) journals_.push_back(std::move(journal));
    const auto superseded = shard_->take_superseded();
    const bool drops = drop_before && shard_->drop_before(*drop_before);
    if (snapshot || drops) {
      core::Snapshot taken = shard_->pack_snapshot(lasting_from);
      archive_.take(taken);
      snapshot_ = std::move(taken.pages), journals_.clear();
    }
    archive_.commit(evicts_ ? shard_->pack_leaving(0) : std::vector<core::ArchivePage>{}, superseded);
    if (drops) archive_.drop({0, *drop_before});
    if (snapshot || drops) archive_.sweep();
  }
  void let_go() { shard_->let_go(); }
  /// As if a build had written the snapshot that kept no cells of deals and chats, nor said so; they are cleared
  /// before.
  void drop_count_of_tables() {
    std::erase_if(snapshot_, [](const std::string& piece) {
      return piece.front() == static_cast<char>(processors::Piece::kTables);
    });
  }

  /// What was not committed is lost. `windows_as_of`: the slices of the rolling windows as of then are kept from the
  /// first piece on, as a service does.
  void load(std::optional<core::EventTime> windows_as_of = {}) {
    shard_ = std::make_unique<processors::Shard>(*config_, limits_);
    shard_->set_source("log");
    if (windows_as_of) shard_->advance(*windows_as_of), shard_->keep_slices_from_now();
    shard_->set_archive(&archive_);
    const auto restore = [&](const std::string& piece) { shard_->prepare(piece), shard_->restore(piece); };
    std::ranges::for_each(snapshot_, restore);
    std::ranges::for_each(journals_.rbegin(), journals_.rend(), restore);
    shard_->restored();
    shard_->total_up();
    if (windows_as_of) shard_->keep_slices();
  }

  /// As a start with --rebuild.
  void rebuild(const core::FigureConfig& config) {
    config_ = &config;
    load();
    shard_->rebuild();
  }

  /// Contacts leave no more.
  void keep_in_memory() { evicts_ = false; }

  processors::Shard& shard() { return *shard_; }
  MemoryArchive& archive() { return archive_; }

 private:
  const core::FigureConfig* config_;
  const processors::MemoryLimits limits_;
  MemoryArchive archive_;
  std::vector<std::string> snapshot_, journals_;
  std::unique_ptr<processors::Shard> shard_;
  bool evicts_ = true;
};

}  // namespace test_support

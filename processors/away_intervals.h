// Which intervals of a shard are in memory, and which only in its store.
//
// An interval leaves whole (its cells, and its agents' states) in the page that goes with a snapshot, and comes back
// whole as soon as something of it is asked for. The store has the pages as of the last snapshot: those of intervals
// that have come back since, too.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "core/slot_set.h"

namespace processors {

/// Confined to the shard thread.
class AwayIntervals {
 public:
  /// One that was asked for stays through so many snapshots.
  explicit AwayIntervals(std::uint64_t stay) : stay_(stay) {}

  /// `bring_back` reads an interval's page into memory; where it throws, the interval is still away.
  void set_bring_back(std::function<void(core::Slot)> bring_back) { bring_back_ = std::move(bring_back); }
  /// The store has this one's page, and memory does not have it.
  void restore(core::Slot interval) {
    away_.insert(interval), stored_.insert(interval);
    lasting_from_ = std::max(lasting_from_, interval + 1);
  }

  /// Before something of the interval is looked at or changed.
  void need(core::Slot interval) {
    if (interval < lasting_from_) [[unlikely]]
      use(interval);
  }
  bool is_away(core::Slot interval) const { return away_.contains(interval); }
  const core::SlotSet& away() const { return away_; }
  /// Those before it may be away.
  core::Slot lasting_from() const { return lasting_from_; }

  // ---- leaving ----

  /// Whether it may leave with the next snapshot, of those before `lasting_from`: nobody has asked for it lately. By
  /// snapshots, not by time: as-of may stand still for ever.
  bool may_leave(core::Slot interval) const {
    const auto used = used_.find(interval);
    return !away_.contains(interval) && (used == used_.end() || snapshots_ - used->second >= stay_);
  }
  /// A snapshot is taken: of the intervals in memory, these leave with it. Returns those whose pages the store has
  /// although they are in memory and stay there.
  std::vector<core::Slot> leave(core::Slot lasting_from, const std::vector<core::Slot>& leaving) {
    lasting_from_ = std::max(lasting_from_, lasting_from);
    ++snapshots_;
    leaving_ = {};
    for (const core::Slot interval : leaving) leaving_.insert(interval);
    std::vector<core::Slot> back;
    stored_.each([&](core::Slot interval) {
      if (!away_.contains(interval) && !leaving_.contains(interval)) back.push_back(interval);
    });
    stored_ = away_;
    for (const core::Slot interval : leaving) stored_.insert(interval);
    return back;
  }
  const core::SlotSet& leaving() const { return leaving_; }
  /// The snapshot is kept: what was not asked for since is away. Returns them.
  core::SlotSet let_go() {
    leaving_.each([&](core::Slot interval) { away_.insert(interval), used_.erase(interval); });
    return std::exchange(leaving_, {});
  }

 private:
  void use(core::Slot interval) {
    if (away_.contains(interval)) bring_back_(interval), away_.erase(interval);
    leaving_.erase(interval);
    used_[interval] = snapshots_;
  }

  const std::uint64_t stay_;
  std::uint64_t snapshots_ = 0;
  std::function<void(core::Slot)> bring_back_;
  core::SlotSet away_, stored_, leaving_;
  core::Slot lasting_from_ = std::numeric_limits<core::Slot>::min();
  /// After how many snapshots those before lasting_from_ were asked for.
  boost::unordered_flat_map<core::Slot, std::uint64_t> used_;
};

}  // namespace processors

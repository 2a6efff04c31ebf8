// The diary of corrections: makes revisions of what events changed in settled intervals, and counts them by row.
#pragma once

#include <span>
#include <vector>

#include "core/revision.h"
#include "processors/figures.h"
#include "processors/shard.h"

namespace processors {

/// Confined to the thread that commits, while no shard is being changed.
class Diary {
 public:
  /// The revisions of the commit that is being gathered: one for every row that was final at the last commit and whose
  /// figures are not the same any more. Number and cause are set, committed_at is not. Takes the shards' notes. Before
  /// their pack_changes().
  std::vector<core::Revision> revise(std::span<Shard* const> shards, core::EventTime as_of);

  /// What the store has of a row, when it is opened.
  void restore(const core::RevisedRow& row, std::int64_t count) { counts_[row] = count; }
  const RevisionCounts& counts() const { return counts_; }

 private:
  RevisionCounts counts_;
};

}  // namespace processors

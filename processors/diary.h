// The diary of corrections: makes revisions of what events changed in settled intervals.
#pragma once

#include <span>
#include <vector>

#include "core/revision.h"
#include "processors/shard.h"

namespace processors {

/// The revisions of the commit that is being gathered: one for every row that was final at the last commit and whose
/// figures are not the same any more. Number and committed_at are the store's. Takes the shards' notes. Before their
/// pack_changes(), while no shard is being changed.
std::vector<core::Revision> revise(std::span<Shard* const> shards, core::EventTime as_of);

}  // namespace processors

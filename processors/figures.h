// Figures: sums over cells, with what is open added as of a moment of event time.
//
// The same function answers the command line, the API and the gauges of Prometheus, so they cannot disagree.
#pragma once

#include <map>
#include <optional>
#include <span>

#include "core/figure_query.h"
#include "core/figure_table.h"
#include "core/revision.h"
#include "processors/shard.h"

namespace processors {

/// By row and 15-minute interval: how many revisions it has.
using RevisionCounts = std::map<core::RevisedRow, std::int64_t>;

/// The moment for which figures are read, and what is known about how settled the past is.
struct ReadPoint {
  core::EventTime as_of{};
  std::optional<core::EventTime> watermark;
  core::Millis allowed_lateness{30'000};
  bool sealed = false;  ///< The log has been read to its end: every interval is final.
  const RevisionCounts* revisions = nullptr;  ///< How often each interval was corrected; nullptr: not known.
};

/// All shards of a store, read together. Only to be called while no shard is being changed.
core::FigureTable figures(std::span<Shard* const> shards, const core::FigureConfig& config,
                          const core::FigureQuery& query, const ReadPoint& point);

}  // namespace processors

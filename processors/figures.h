// Figures: sums over cells, with what is open added as of a moment of event time.
//
// The same function answers the command line, the API and the gauges of Prometheus, so they cannot disagree.
#pragma once

#include <optional>
#include <span>

#include "core/figure_query.h"
#include "core/figure_table.h"
#include "processors/shard.h"

namespace processors {

/// The moment for which figures are read, and what is known about how settled the past is.
struct ReadPoint {
  core::EventTime as_of{};
  std::optional<core::EventTime> watermark;
  core::Millis allowed_lateness{30'000};
  bool sealed = false;  ///< The log has been read to its end: every interval is final.
};

/// All shards of a store, read together. Only to be called while no shard is being changed.
core::FigureTable figures(std::span<Shard* const> shards, const core::FigureConfig& config,
                          const core::FigureQuery& query, const ReadPoint& point);

}  // namespace processors

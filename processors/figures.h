// Figures: sums over cells, with what is open added as of a moment of event time.
//
// The same function answers the command line, the API and the gauges of Prometheus, so they cannot disagree.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "core/figure_query.h"
#include "core/figure_table.h"
#include "core/revision.h"
#include "processors/shard.h"

namespace processors {

struct RowKey {
  std::string a, b, c;  ///< (client, queue, channel), (client, agent), (client), (client, campaign), (client, currency)
  core::EventTime start{};
  auto operator<=>(const RowKey&) const = default;
};

/// How many revisions the rows of a table have, those of all their 15-minute intervals together.
using RevisionCounts = std::map<RowKey, std::int64_t>;

/// The moment for which figures are read, and what is known about how settled the past is.
struct ReadPoint {
  core::EventTime as_of{};
  std::optional<core::EventTime> watermark;
  core::Millis allowed_lateness{30'000};
  bool sealed = false;  ///< The log has been read to its end: every interval is final.
  const RevisionCounts* revisions = nullptr;  ///< What count_revisions() says of the same query; nullptr: none.
};

/// Those of the rows that the query shows; a window shows none, and nothing is read for it. `config` as for figures().
core::Result<RevisionCounts> count_revisions(const core::FigureConfig& config, const core::FigureQuery& query,
                                             core::RevisionReader& kept);

/// All shards of a store, read together. Only to be called while no shard is being changed.
core::FigureTable figures(std::span<Shard* const> shards, const core::FigureConfig& config,
                          const core::FigureQuery& query, const ReadPoint& point);

/// The same rows with more columns behind the figures: what they are made of (figure_inputs.h).
core::FigureTable figures_with_inputs(std::span<Shard* const> shards, const core::FigureConfig& config,
                                      const core::FigureQuery& query, const ReadPoint& point);

}  // namespace processors

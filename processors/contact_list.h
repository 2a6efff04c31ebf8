// The visits behind a figure: one row each.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/figure_table.h"
#include "processors/figures.h"

namespace processors {

struct ContactFilter {
  enum class Outcome : std::uint8_t { kAnswered, kAbandoned, kFlowedOut, kWaiting, kUnfinished };
  std::optional<std::string> client, queue, channel;
  std::optional<core::EventTime> from, to;  ///< of the visit's begin: [from, to)
  std::optional<Outcome> outcome;
  std::optional<core::Millis> wait_over;    ///< Strictly longer; of an open visit its age at as-of.
};
inline constexpr std::array<std::string_view, 5> kOutcomeWords = {"answered", "abandoned", "flowed_out", "waiting",
                                                                  "unfinished"};

/// In order of begin, then contact and visit. Columns: contact, visit, client, queue, channel, entry, queued, ended,
/// outcome, reason, wait_s, service_class, agent, talk_s, hold_s, wrap_s (of the segment of who answered).
core::FigureTable contact_list(std::span<Shard* const> shards, const ContactFilter& filter, const ReadPoint& point);

}  // namespace processors

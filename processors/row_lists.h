// The rows behind the figures: visits, leads and deals, one row each.
#pragma once

#include <span>

#include "core/figure_table.h"
#include "core/row_query.h"
#include "processors/figures.h"

namespace processors {

/// The list of the query's kind. Only to be called while no shard is being changed.
core::FigureTable row_list(std::span<Shard* const> shards, const core::RowQuery& query, const ReadPoint& point);

/// In order of begin, then contact and visit. Columns: contact, visit, client, queue, channel, entry, queued, ended,
/// outcome, reason, wait_s, service_class, agent, talk_s, hold_s, wrap_s (of the segment of who answered), interaction
/// (the contact where none is stated), customer, parent.
core::FigureTable contact_list(std::span<Shard* const> shards, const core::RowQuery& query, const ReadPoint& point);

/// In order of creation, then lead. Columns: lead, client, campaign, origin, agent, customer, created, state (open,
/// contacted, closed), first_attempt, first_contact, response_s, contact_s, attempts, within_target (yes, no).
core::FigureTable lead_list(std::span<Shard* const> shards, const core::RowQuery& query);

/// In order of opening (of won, lost or closed ones: of close), then deal. Columns: deal, client, currency, product,
/// stage, agent, lead, opened, closed, outcome (open, won, lost), amount, costs (where every cost is stated that the
/// client asks for), cycle_days.
core::FigureTable deal_list(std::span<Shard* const> shards, const core::RowQuery& query);

}  // namespace processors

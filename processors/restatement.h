// A restatement: what figures were under one configuration and are under another, from the same records.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/revision.h"
#include "processors/canonical_state.h"
#include "processors/contracts.h"
#include "processors/figures.h"

namespace processors {

/// What was published: the cells of rows that have figures of their own, and the contracts' periods.
struct Published {
  /// Packed cells by place, of those tables of queues, agents, leads, deals and chats (kCellTables) that were asked
  /// for.
  std::map<std::size_t, std::map<CellPlace, std::string>> cells;
  /// Values of kContractColumns by (client, profile) and begin of the period.
  std::map<std::pair<ContractName, core::EventTime>, std::vector<core::Value>> contracts;
};

/// Which rows a change of configuration can touch, beside contracts: what it cannot need not be read.
struct RowKinds {
  bool queues = false, agents = false, leads = false, deals = false, chats = false;
};
/// `keys`: those that differ, as core::differing_keys() names them.
RowKinds touched_by(std::span<const std::string> keys);

/// Runs job(0) … job(n-1), on whatever threads, and ends when all have ended.
using EachJob = std::function<void(std::size_t n, const std::function<void(std::size_t)>& job)>;

/// Brings back all intervals and settles maxima, the shards side by side. No shard may be changed meanwhile.
Published published(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                    RowKinds kinds, const EachJob& each);

/// The figures that differ, a revision for each row: those of 15-minute intervals, and, as rows of FigureKey::kProfile
/// that begin with their period, those of contracts. Intervals whose time had not passed when `before` was read are
/// left out, nobody relied on them; a contract's running period is not.
std::vector<core::Revision> differences(const Published& before, const Published& after, const ReadPoint& point);

}  // namespace processors

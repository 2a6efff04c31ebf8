// Contract figures as a table: `figures --by profile`, /api/v1/figures and the report's data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/figure_query.h"
#include "core/figure_table.h"
#include "processors/contracts.h"

namespace processors {

/// What is counted and summed, and the figure.
extern const std::vector<std::string> kContractSumColumns;
void contract_sum_values(const ContractCell& sums, const Fraction& figure, const Yardstick& by,
                         std::vector<core::Value>& out);

/// The profile's metric, those, and what the contract makes of it.
extern const std::vector<std::string> kContractColumns;

/// One value a column, in their order.
void contract_values(const ContractFigure& figure, std::vector<core::Value>& out);

/// One row a profile and period of its contract, or interval of the query's kind.
core::FigureTable contract_table(std::span<Shard* const> shards, const core::FigureConfig& config,
                                 const core::FigureQuery& query, const ReadPoint& point);

}  // namespace processors

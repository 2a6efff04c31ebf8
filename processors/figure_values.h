// The columns of a table of figures, and the values that a row's cells give them. All rounding of figures happens here,
// from integers.
#pragma once

#include <string>
#include <vector>

#include "core/figure_table.h"
#include "core/revision.h"
#include "processors/figure_rows.h"

namespace processors {

// Each function adds one value a column, in their order.

extern const std::vector<std::string> kQueueColumns, kAgentColumns, kLeadColumns, kDealColumns, kChatColumns,
    kChatAgentColumns;

void queue_values(const QueueRow& row, std::vector<core::Value>& out);
void agent_values(const AgentRow& row, std::vector<core::Value>& out);
void lead_values(const LeadRow& row, core::Basis basis, core::EventTime as_of, std::vector<core::Value>& out);

void deal_values(const DealRow& row, std::vector<core::Value>& out);
void chat_values(const ChatRow& row, core::EventTime as_of, std::vector<core::Value>& out);
void chat_agent_values(const ChatAgentRow& row, std::vector<core::Value>& out);

/// Those of the columns whose values differ; a row that is not there has no values.
std::vector<core::Revision::Figure> differing_figures(const std::vector<std::string>& columns,
                                                      const std::vector<core::Value>& before,
                                                      const std::vector<core::Value>& after);

}  // namespace processors

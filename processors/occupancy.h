// What an agent's time gives to contracts on occupancy: (on_contact + wrap) / (available + on_contact + wrap).
//
// Whose an agent is, is known when it is read, so each such contract of any client has a cell of the agent, under
// (client, profile, agent): those count whose home is the client.
#pragma once

#include <algorithm>

#include "core/event.h"
#include "processors/cells.h"
#include "processors/rules.h"
#include "processors/running_state.h"

namespace processors {

/// Whether time in the state enters occupancy, and whether as occupied.
constexpr bool enters_occupancy(core::AgentState state) {
  return state == core::AgentState::kAvailable || state == core::AgentState::kOnContact ||
         state == core::AgentState::kWrap;
}
constexpr bool is_occupied(core::AgentState state) {
  return enters_occupancy(state) && state != core::AgentState::kAvailable;
}

/// A span's time in a state as a contract has it; 0 of a state that does not enter.
inline void add_occupancy(core::AgentState state, std::int64_t judged_ms, ContractCell& cell) {
  if (!enters_occupancy(state)) return;
  if (is_occupied(state)) cell.sum(ContractSum::kNumerator, judged_ms);
  cell.sum(ContractSum::kDenominator, judged_ms);
}

/// What a state that goes on gives to a contract's cell in a settled interval.
inline void add_occupancy(const RunningState& running, core::Slot interval, const CellKey& key, Rules& rules,
                          ContractCell& cell) {
  const core::EventTime end = core::slot_start(interval + 1, core::kInterval),
                        start = std::max(running.since, core::slot_start(interval, core::kInterval));
  if (start >= end) return;
  rules.each_occupancy_contract([&](const CellKey& contract, const core::SlaProfile& profile) {
    if (contract.a != key.a || contract.b != key.b) return;
    add_occupancy(running.state, rules.judged_time(profile, {start, end}).count(), cell);
  });
}

}  // namespace processors

#include "processors/agent_time.h"

#include "core/periods.h"

namespace processors {

using core::EventTime;

void AgentBook::add_state(core::NameId agent, core::AgentState state, EventTime from, EventTime to, std::int32_t sign) {
  if (state == core::AgentState::kOffline || cells_.intervals_frozen() || to - from > kLongestState) return;
  const bool judged = rules_.judges_occupancy() && enters_occupancy(state);
  core::each_interval_part(from, to, [&](EventTime start, EventTime end) {
    cells_.agent_time(core::slot_of(start, core::kInterval), agent, state, sign * (end - start).count());
    if (judged) add_to_contracts(agent, state, {start, end}, sign);
  });
}

void AgentBook::add_to_contracts(core::NameId agent, core::AgentState state, const core::Period& span,
                                 std::int32_t sign) {
  const core::Slot interval = core::slot_of(span.start, core::kInterval);
  rules_.each_occupancy_contract([&](const CellKey& contract, const core::SlaProfile& profile) {
    const core::Millis time = rules_.judged_time(profile, span);
    if (time == core::Millis{0}) return;
    cells_.contract({contract.a, contract.b, agent}, interval, rules_.day_of(contract.a, interval),
                    [&](ContractCell& cell) { add_occupancy(state, sign * time.count(), cell); });
  });
}

}  // namespace processors

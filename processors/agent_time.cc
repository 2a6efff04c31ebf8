#include "processors/agent_time.h"

#include "core/periods.h"

namespace processors {

using core::EventTime;

void add_state_time(CellBook& book, core::NameId agent, core::AgentState state, EventTime from, EventTime to,
                    std::int32_t sign) {
  if (state == core::AgentState::kOffline || book.intervals_frozen() || to - from > kLongestState) return;
  core::each_interval_part(from, to, [&](EventTime start, EventTime end) {
    book.agent_time(core::slot_of(start, core::kInterval), agent, state, sign * (end - start).count());
  });
}

}  // namespace processors

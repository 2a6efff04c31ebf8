// How a closed span of an agent's time in a state counts: in the agent's intervals, and in contracts on occupancy.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/event.h"
#include "core/names.h"
#include "core/time.h"
#include "processors/cell_book.h"
#include "processors/occupancy.h"

namespace processors {

/// A state that a later one closes counts whole, up to this long: beyond it one of the two clocks was wrong (a time of
/// the year 1), and it counts not at all.
inline constexpr core::Millis kLongestState = std::chrono::hours{366 * 24};

/// Where an agent's time goes. Confined to the shard thread.
class AgentBook {
 public:
  AgentBook(CellBook& cells, Rules& rules) : cells_(cells), rules_(rules) {}

  /// Adds (+1) or takes back (-1) a span's time in a state, to the intervals that it covers, pro rata.
  void add_state(core::NameId agent, core::AgentState state, core::EventTime from, core::EventTime to,
                 std::int32_t sign);
  CellBook& cells() { return cells_; }

 private:
  void add_to_contracts(core::NameId agent, core::AgentState state, const core::Period& span, std::int32_t sign);

  CellBook& cells_;
  Rules& rules_;
};

}  // namespace processors

// How a closed span of an agent's time in a state counts.
#pragma once

#include <chrono>
#include <cstdint>

#include "core/event.h"
#include "core/names.h"
#include "core/time.h"
#include "processors/cell_book.h"

namespace processors {

/// A state that a later one closes counts whole, up to this long: beyond it one of the two clocks was wrong (a time of
/// the year 1), and it counts not at all.
inline constexpr core::Millis kLongestState = std::chrono::hours{366 * 24};

/// Adds a span's time in a state to the intervals that it covers, pro rata.
void add_state_time(CellBook& book, core::NameId agent, core::AgentState state, core::EventTime from,
                    core::EventTime to, std::int32_t sign);

}  // namespace processors

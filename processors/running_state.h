// An agent's state that goes on: where it counts is known when it is read.
#pragma once

#include <algorithm>

#include "core/event.h"
#include "core/periods.h"
#include "processors/cells.h"

namespace processors {

/// A state that goes on, not offline: its time is counted when it is read, not in cells.
struct RunningState {
  core::AgentState state{};
  core::EventTime since{};
  friend bool operator==(const RunningState&, const RunningState&) = default;
  /// How much of a settled interval it covers.
  core::Millis within(core::Slot interval) const {
    const core::EventTime end = core::slot_start(interval + 1, core::kInterval);
    if (since >= end) return core::Millis{0};
    return end - std::max(since, core::slot_start(interval, core::kInterval));
  }
  void add_to(AgentTimeCell& cell, core::Slot interval) const {
    cell.sum(static_cast<TimeSum>(core::index(state)), within(interval).count());
  }
};

}  // namespace processors

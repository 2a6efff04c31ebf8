// What an alert says: the figure, what stands around it, and what to do first.
#pragma once

#include <string>
#include <vector>

#include "core/alert.h"
#include "processors/alert_sights.h"
#include "processors/contracts.h"

namespace processors {

/// The figure as people read it: "71.20 %", "2m 14s", "3".
std::string alert_value(const Fraction& value, core::AlertUnit unit);

/// Fills in the alert's facts, summary and action as of its entering. `contract`: the profile's running period; nullptr
/// where it has none.
void describe(core::Alert& alert, const AlertSight& sight, const AlertSurroundings& around,
              const ContractFigure* contract);

/// How it left: "81.30 % in 30m", or that there is no figure any more. `rule`: nullptr where there is none any more.
std::string alert_outcome(const core::AlertRule* rule, const std::optional<AlertSight>& sight);

}  // namespace processors

// What alert rules watch, at one moment: read off the live figures and the contracts' running periods, so that an alert
// and a gauge of the same name are one number.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/alert.h"
#include "processors/contracts.h"
#include "processors/live_figures.h"

namespace processors {

/// One rule's figure for one queue, or for its client or contract (the queue is empty then).
struct AlertSight {
  const core::AlertRule* rule = nullptr;
  std::string queue{};
  Fraction value{};         ///< Shares and numbers as they are, spans in milliseconds.
  std::int64_t volume = 0;  ///< What a quotient is of.
  bool enough = true;       ///< The volume is not below what the rule or the contract asks for.
};

/// What rules need to have read.
LiveScope live_scope(std::span<const core::AlertRule> rules);
bool need_contracts(std::span<const core::AlertRule> rules);

/// Every figure that has a value. `contracts`: the running periods; empty where no rule needs them. Rules outlive what
/// is given.
std::vector<AlertSight> alert_sights(std::span<const core::AlertRule> rules, const core::FigureConfig& config,
                                     const LiveFigures& figures, std::span<const ContractFigure> contracts,
                                     core::EventTime as_of);

/// What stands around an alert, for who has to act: of its queue, or of all queues of the client.
struct AlertSurroundings {
  std::int64_t waiting = 0;
  std::optional<core::Millis> oldest_wait{};
  std::optional<std::int64_t> available{};  ///< Agents; absent where nothing says who serves the queue.
};
AlertSurroundings alert_surroundings(const core::AlertKey& key, const LiveFigures& figures, core::EventTime as_of);

}  // namespace processors

// Recovery help: with how many agents a queue would meet its target, if calls go on to come and to take as long as now.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/figure_config.h"
#include "processors/live_figures.h"

namespace app {

/// The profile that would judge a visit which begins now, as most do: inbound. Without one both are nullptr.
struct JudgingProfile {
  const core::SlaProfile* profile = nullptr;
  const core::SlaVersion* version = nullptr;
};
JudgingProfile judging_profile(const core::FigureConfig& config, std::string_view client, std::string_view queue,
                               std::string_view channel, core::EventTime now);

struct Recovery {
  std::optional<std::int32_t> needed;  ///< Agents for the target in the next half-hour; absent: more than 100,000.
  std::optional<double> expected;      ///< The service level with those who are there; absent where nobody knows them.
};

/// By Erlang C (core/erlang.h) from what came in the last half-hour, and the handle time of the shortest window that
/// knows one. nullopt where there is no target for a service level, nothing came, or nothing was completed today.
/// `staffed`: agents of the queue who are available, ringing, on contact or in wrap-up.
std::optional<Recovery> recovery_of(const processors::LiveQueue& live, const core::SlaVersion& version,
                                    std::optional<std::int64_t> staffed);

}  // namespace app

#include "app/recovery.h"

#include <algorithm>
#include <limits>

#include "core/erlang.h"

namespace app {

using core::Window;

JudgingProfile judging_profile(const core::FigureConfig& config, std::string_view client, std::string_view queue,
                               std::string_view channel, core::EventTime now) {
  for (const core::SlaProfile& profile : config.client(client).sla) {
    if (!profile.applies_to(queue, channel) || !profile.judges_level(core::Entry::kInbound)) continue;
    if (const core::SlaVersion* version = profile.in_force(now)) return {&profile, version};
  }
  return {};
}

std::optional<Recovery> recovery_of(const processors::LiveQueue& live, const core::SlaVersion& version,
                                    std::optional<std::int64_t> staffed) {
  constexpr double kHalfHour = 1800;
  const std::int64_t offered = live.windows[core::index(Window::k30m)].offered;
  if (!version.terms.target || version.terms.at_most || offered == 0) return std::nullopt;
  core::Workload load{static_cast<double>(offered) / kHalfHour, 0};
  for (const Window window : {Window::k30m, Window::k1h, Window::kDay}) {
    const processors::QueueSums& sums = live.windows[core::index(window)];
    if (sums.completed == 0) continue;
    load.handle_seconds = static_cast<double>(sums.handle_ms) / static_cast<double>(sums.completed) / 1000;
    break;
  }
  if (load.handle_seconds <= 0) return std::nullopt;
  Recovery recovery;
  // All calls within T would need no end of agents.
  const double target = std::min(static_cast<double>(*version.terms.target) / core::kWhole, 0.9999);
  recovery.needed = core::agents_needed(load, target, version.threshold);
  if (staffed) {
    const auto agents = std::min<std::int64_t>(*staffed, std::numeric_limits<std::int32_t>::max());
    recovery.expected = core::expected_service_level(load, static_cast<std::int32_t>(agents), version.threshold);
  }
  return recovery;
}

}  // namespace app

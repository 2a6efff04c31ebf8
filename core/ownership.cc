#include "core/ownership.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {

std::string to_string(const ProcessId& process) {
  return fmt::format("process {} on host {}", process.number, process.host);
}

Millis heartbeat_age(const Ownership& held, const ProcessId& asking, Moment now) {
  if (held.owner.space == asking.space) return std::max(Millis{0}, now.uptime - held.heartbeat.uptime);
  return std::chrono::abs(now.wall - held.heartbeat.wall);
}

std::optional<std::string> refusal(const Ownership& held, const Claim& claim, Moment now) {
  const Millis age = heartbeat_age(held, claim.process, now);
  const bool free = held.given_up || age >= kHeartbeatLost || held.owner == claim.process;
  if (free || claim.take_over || claim.has_ended(held.owner)) return std::nullopt;
  return fmt::format(
      "{} writes it: its last heartbeat is {} old. Stop that process first; if it has ended, the store is free {} "
      "after its last heartbeat; --take-over takes it at once",
      to_string(held.owner), format_duration(age), format_duration(kHeartbeatLost));
}

std::string lost_to(const Ownership& held, const ProcessId& former) {
  return fmt::format(
      "{} took it over at {}; this process ({}) writes no more. What it had not committed is read again by the new "
      "owner, so nothing is lost or counted twice. Start it again only after the other has been stopped",
      to_string(held.owner), format_rfc3339(EventTime{held.since.time_since_epoch()}), former.number);
}

}  // namespace core

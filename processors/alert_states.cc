#include "processors/alert_states.h"

#include <compare>

#include "core/wide.h"

namespace processors {
namespace {

std::strong_ordering compare(const Fraction& value, core::Level level, core::AlertUnit unit) {
  const std::int64_t scale = unit == core::AlertUnit::kSpan ? 1 : core::kWhole;
  const core::Wide left = core::Wide{value.numerator} * scale, right = core::Wide{level} * value.denominator;
  return left < right ? std::strong_ordering::less
                      : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
}

core::AlertKey key_of(const AlertSight& sight) {
  return {sight.rule->client, sight.rule->profile, sight.rule->name, std::string(sight.queue)};
}

}  // namespace

bool is_beyond(const AlertSight& sight) {
  const auto order = compare(sight.value, sight.rule->enter, sight.rule->unit);
  return sight.rule->below ? order < 0 : order > 0;
}

bool is_back(const AlertSight& sight) {
  if (!sight.rule->leave) return !is_beyond(sight);
  const auto order = compare(sight.value, *sight.rule->leave, sight.rule->unit);
  return sight.rule->below ? order > 0 : order < 0;
}

void AlertStates::restore(const std::vector<core::PendingAlert>& pending, const std::vector<core::AlertKey>& firing) {
  states_.clear();
  for (const core::PendingAlert& one : pending) states_[one.key] = {one.since, 0};
  for (const core::AlertKey& key : firing) states_[key] = {};
}

AlertTurn AlertStates::look(core::EventTime now, std::span<const AlertSight> sights) {
  AlertTurn turn;
  ++looks_;
  for (const AlertSight& sight : sights) step(now, sight, turn);
  for (auto it = states_.begin(); it != states_.end();) {
    if (it->second.seen == looks_) {
      ++it;
      continue;
    }
    if (!it->second.since) turn.left.push_back({it->first, std::nullopt});
    turn.pending_changed = turn.pending_changed || it->second.since.has_value();
    it = states_.erase(it);
  }
  return turn;
}

void AlertStates::step(core::EventTime now, const AlertSight& sight, AlertTurn& turn) {
  const bool enters = is_beyond(sight) && sight.enough;
  if (!enters && states_.empty()) return;
  auto it = states_.find(Names{sight.rule->client, sight.rule->profile, sight.rule->name, sight.queue});
  const bool firing = it != states_.end() && !it->second.since;
  if (firing) {
    it->second.seen = looks_;
    if (!sight.enough || !is_back(sight)) return;
    turn.left.push_back({it->first, sight});
    states_.erase(it);
    return;
  }
  if (!enters) return;  // What was pending is found unseen.
  if (it == states_.end()) {
    it = states_.emplace(key_of(sight), State{now, 0}).first;
    turn.pending_changed = true;
  }
  State& state = it->second;
  state.seen = looks_;
  if (now - *state.since < sight.rule->hold) return;
  turn.entered.push_back({it->first, sight, *state.since});
  turn.pending_changed = true;
  state.since.reset();
}

bool AlertStates::interrupt() {
  return std::erase_if(states_, [](const auto& state) { return state.second.since.has_value(); }) > 0;
}

std::vector<core::PendingAlert> AlertStates::pending() const {
  std::vector<core::PendingAlert> pending;
  for (const auto& [key, state] : states_) {
    if (state.since) pending.push_back({key, *state.since});
  }
  return pending;
}

}  // namespace processors

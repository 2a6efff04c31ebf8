// The packed form of an agent's record: what changed, all that is in memory, and the states of intervals that leave it.
#include <algorithm>

#include "processors/agent_record.h"

namespace processors {

using core::EventTime;

void AgentRecord::pack_home(StateWriter& out) const {
  out.name(home_.client), out.name(home_.source), out.time(home_.time), out.text(home_.id);
}

namespace {

template <typename Writer>
void pack_points(const StateHistory& points, std::size_t first, std::size_t last, Writer& out) {
  out.number(last - first);
  EventTime base{};
  for (std::size_t i = first; i < last; ++i) {
    const StatePoint p = points[i];
    out.signed_number((p.time - base).count());
    out.byte(static_cast<std::uint8_t>(p.state));
    out.signed_number(p.capacity);
    out.name(p.client), out.name(p.reason), out.name(p.queues), out.name(p.source);
    out.text(points.id(i));
    base = p.time;
  }
}

/// Calls visit(point, id) for each.
template <typename Visit>
void unpack_points(StateReader& in, Visit&& visit) {
  EventTime base{};
  for (std::size_t n = in.count(); n > 0; --n) {
    StatePoint p;
    base = p.time = in.time_after(base);
    const std::uint8_t state = in.byte();
    if (state >= core::kAgentStates) throw core::CorruptState("an unknown agent state");
    p.state = static_cast<core::AgentState>(state);
    p.capacity = static_cast<std::int32_t>(in.signed_number());
    p.client = in.name(), p.reason = in.name(), p.queues = in.name(), p.source = in.name();
    visit(p, in.text());
  }
}

/// Stretches of neighbours: in live operation there is one.
using Stretches = std::vector<std::pair<std::size_t, std::size_t>>;

void add_place(Stretches& stretches, std::size_t place) {
  if (stretches.empty() || stretches.back().second != place) stretches.emplace_back(place, place);
  ++stretches.back().second;
}

void pack_stretches(const StateHistory& points, const Stretches& stretches, StateWriter& out) {
  out.number(stretches.size());
  for (const auto& [first, last] : stretches) pack_points(points, first, last, out);
}

}  // namespace

void AgentRecord::pack_shifts(StateWriter& out) const {
  out.number(shifts_.size());
  for (const Shift& shift : shifts_) {
    out.time(shift.from), out.time(shift.to), out.text(shift.activity), out.text(shift.client);
  }
}

void AgentRecord::pack_changes(StateWriter& out) {
  pack_home(out);
  std::sort(changed_.begin(), changed_.end());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  Stretches stretches;
  for (const EventTime time : changed_) add_place(stretches, points_.first_from(time));
  pack_stretches(points_, stretches, out);
  if (shifts_changed_) {
    pack_shifts(out);
  } else {
    out.number(0);
  }
  changed_.clear();
  shifts_changed_ = false;
}

void AgentRecord::pack_all(const core::SlotSet& leaving, StateWriter& out) const {
  pack_home(out);
  Stretches stretches;
  for (const std::size_t place : staying(leaving)) add_place(stretches, place);
  pack_stretches(points_, stretches, out);
  pack_shifts(out);
}

void AgentRecord::pack_within(EventTime from, EventTime to, StateWriter& out) const {
  const std::size_t first = points_.holding(from);
  out.text(id_);
  pack_home(out);
  out.number(1);
  pack_points(points_, first, std::max(first, points_.first_from(to)), out);
  pack_shifts(out);
}

void AgentRecord::unpack(StateReader& in, core::NameId self, core::Names& names, AgentBook& book) {
  StatePoint home;
  home.client = in.name(), home.source = in.name(), home.time = in.time();
  merge_home(home, in.text(), names);
  for (std::size_t pieces = in.count(); pieces > 0; --pieces) {
    unpack_points(in, [&](const StatePoint& p, std::string_view id) { merge_point(p, id, self, names, book); });
  }
  for (std::size_t n = in.count(); n > 0; --n) {
    Shift shift;
    shift.from = in.time(), shift.to = in.time(), shift.activity = in.text(), shift.client = in.text();
    shifts_.insert(std::move(shift));
  }
  changed_.clear();
}

// ---- leaving and coming back ----

void AgentRecord::pack_states(std::size_t first, std::size_t last, ListedWriter& out) const {
  pack_points(points_, first, last, out);
}

void AgentRecord::take_back(core::Slot interval, StateReader& in) {
  unpack_points(in, [&](const StatePoint& p, std::string_view id) {
    const std::size_t place = points_.first_from(p.time);
    if (place == points_.size() || points_.time(place) != p.time) points_.insert(place, p, id), note_queues(p);
  });
  away_.erase(interval);
}

/// Beside the states of what is not away, the one before each of them and the last: what comes next needs them. And the
/// one that says which queues the agent serves, with the last one of its interval: whoever finds a state before an
/// interval that is away takes it for the last one before.
std::vector<std::size_t> AgentRecord::staying(const core::SlotSet& leaving) const {
  const auto stays = [&](std::size_t place) {
    const core::Slot interval = interval_of(place);
    return !leaving.contains(interval) && !away_.contains(interval);
  };
  const bool serves = serves_.queues != core::NameId::kNone;
  const core::Slot served = serves ? core::interval_at(serves_.time) : core::kFirstInterval;
  const auto of_queues = [&](std::size_t place) {
    if (!serves || interval_of(place) != served) return false;
    return points_.time(place) == serves_.time || place + 1 == points_.size() || interval_of(place + 1) != served;
  };
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (stays(i) || i + 1 == points_.size() || stays(i + 1) || of_queues(i)) places.push_back(i);
  }
  return places;
}

void AgentRecord::let_go(const core::SlotSet& leaving) {
  if (leaving.empty() || points_.empty()) return;
  core::SlotSet away = away_after(leaving);
  if (away.stretches() == away_.stretches()) return;
  points_.keep_only(staying(leaving));
  away_ = std::move(away);
}

core::SlotSet AgentRecord::away_after(const core::SlotSet& leaving) const {
  core::SlotSet away = away_;
  if (leaving.empty()) return away;
  each_interval_before(leaving.stretches().back().last + 1, [&](core::Slot interval, std::size_t, std::size_t) {
    if (leaving.contains(interval)) away.insert(interval);
  });
  return away;
}

void AgentRecord::pack_away(const core::SlotSet& away, StateWriter& out) const {
  out.number(away.stretches().size());
  core::Slot base = 0;
  for (const auto& [first, last] : away.stretches()) {
    out.signed_number(std::int64_t{first} - base), out.signed_number(std::int64_t{last} - first);
    base = last;
  }
}

namespace {

std::int64_t sum(std::int64_t a, std::int64_t b) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  if (b < -kMost || b > kMost) throw core::CorruptState("an interval is outside the years 0 to 9999");
  return a + b;
}

}  // namespace

void AgentRecord::unpack_away(StateReader& in) {
  away_ = {};
  std::int64_t base = 0, before = std::int64_t{core::kFirstInterval} - 2;
  for (std::size_t n = in.count(); n > 0; --n) {
    const std::int64_t first = sum(base, in.signed_number()), last = sum(first, in.signed_number());
    if (first <= before + 1 || last < first || last >= core::kEndOfIntervals) {
      throw core::CorruptState("the intervals of an agent that are away are not in order");
    }
    away_.append({static_cast<core::Slot>(first), static_cast<core::Slot>(last)});
    base = before = last;
  }
}

}  // namespace processors

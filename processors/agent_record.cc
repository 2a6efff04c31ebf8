#include "processors/agent_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <chrono>
#include <tuple>

namespace processors {

using core::EventTime;

void add_state_time(CellBook& book, core::NameId agent, core::AgentState state, EventTime from, EventTime to,
                    std::int32_t sign) {
  if (state == core::AgentState::kOffline || book.intervals_frozen() || to - from > kLongestState) return;
  while (from < to) {
    const core::Slot slot = core::slot_of(from, core::kInterval);
    const EventTime end = std::min(to, core::slot_start(slot + 1, core::kInterval));
    book.agent_time(slot, agent, state, sign * (end - from).count());
    from = end;
  }
}

namespace {

/// The queues in order, each once, as one name.
core::NameId intern_joined(std::span<const std::string_view> queues, core::Names& names) {
  boost::container::small_vector<std::string_view, 8> sorted(queues.begin(), queues.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  boost::container::small_vector<char, 256> text;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) text.push_back(kQueueSeparator);
    text.insert(text.end(), sorted[i].begin(), sorted[i].end());
  }
  return names.intern({text.data(), text.size()});
}

}  // namespace

Change AgentRecord::merge(const core::Event& event, core::NameId self, core::Names& names, CellBook& book) {
  if (event.type == core::EventType::kScheduleShift) {
    const bool fresh =
        shifts_.insert({event.from, event.to, std::string(event.activity()), std::string(event.client)}).second;
    shifts_changed_ |= fresh;
    return {fresh, false};
  }
  StatePoint point;
  point.time = event.time;
  point.state = static_cast<core::AgentState>(event.code);
  point.capacity = event.capacity.value_or(-1);
  point.client = names.intern(event.client);
  point.reason = names.intern(event.reason());
  if (event.queues) point.queues = intern_joined(*event.queues, names);
  point.source = names.intern(event.source);
  const bool moved = merge_home(point, event.id, names);
  Change change = merge_point(point, event.id, self, names, book);
  change.changed |= moved;
  return change;
}

void AgentRecord::need_around(EventTime time, CellBook& book) {
  if (book.intervals_frozen()) return;  // From a snapshot, which has what is in memory with it.
  const core::Slot interval = core::interval_at(time);
  book.away().need(interval);
  if (away_.empty()) return;
  const std::size_t before = points_.first_from(time);
  const auto away_before = away_.below(interval);
  if (away_before && (before == 0 || interval_of(before - 1) < *away_before)) book.away().need(*away_before);
  const std::size_t after = points_.first_from(time + core::Millis{1});
  const auto away_after = away_.above(interval);
  if (away_after && (after == points_.size() || interval_of(after) >= *away_after)) book.away().need(*away_after);
}

Change AgentRecord::merge_point(const StatePoint& point, std::string_view id, core::NameId self,
                                const core::Names& names, CellBook& book) {
  need_around(point.time, book);
  const std::size_t place = points_.first_from(point.time);
  const bool replaces = place < points_.size() && points_.time(place) == point.time;
  const std::size_t after = replaces ? place + 1 : place;
  const auto next = after < points_.size() ? std::optional(points_.time(after)) : std::nullopt;
  const auto before = place > 0 ? std::optional(points_[place - 1]) : std::nullopt;
  const auto former = replaces ? std::optional(points_[place]) : std::nullopt;
  if (replaces) {
    const auto rank = [&](const StatePoint& p, std::string_view with) {
      return std::tuple(names.text(p.source), with, p.state, names.text(p.client), names.text(p.reason),
                        names.text(p.queues), p.capacity);
    };
    if (rank(point, id) <= rank(*former, points_.id(place))) return {false, false};
    points_.replace(place, point, id);
  } else {
    points_.insert(place, point, id);
  }
  changed_.push_back(point.time);
  // Places do not hold from here on: an interval that comes back for its cells brings states with it.
  const auto span = [&](core::AgentState state, EventTime from, EventTime to, std::int32_t sign) {
    add_state_time(book, self, state, from, to, sign);
  };
  if (former && next) span(former->state, point.time, *next, -1);
  if (!former && before && next) span(before->state, before->time, *next, -1);
  if (!former && before) span(before->state, before->time, point.time, +1);
  if (next) span(point.state, point.time, *next, +1);
  return {true, false};
}

bool AgentRecord::merge_home(const StatePoint& point, std::string_view id, const core::Names& names) {
  if (point.client == core::NameId::kNone) return false;
  const auto rank = [&](const auto& p, std::string_view with) {
    return std::tuple(p.time, names.text(p.source), with, names.text(p.client));
  };
  if (home_.client != core::NameId::kNone && rank(point, id) <= rank(home_, home_.id)) return false;
  home_.client = point.client, home_.source = point.source, home_.time = point.time, home_.id = id;
  return true;
}

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

bool AgentRecord::touches(EventTime from, EventTime to) const {
  const bool states = !points_.empty() && points_.time(0) < to;
  return states || std::any_of(shifts_.begin(), shifts_.end(),
                               [&](const Shift& shift) { return shift.from < to && shift.to > from; });
}

void AgentRecord::pack_within(EventTime from, EventTime to, StateWriter& out) const {
  const std::size_t first = points_.holding(from);
  out.text(id_);
  pack_home(out);
  out.number(1);
  pack_points(points_, first, std::max(first, points_.first_from(to)), out);
  pack_shifts(out);
}

void AgentRecord::unpack(StateReader& in, core::NameId self, core::Names& names, CellBook& book) {
  StatePoint home;
  home.client = in.name(), home.source = in.name(), home.time = in.time();
  merge_home(home, in.text(), names);
  for (std::size_t pieces = in.count(); pieces > 0; --pieces) {
    unpack_points(in,
                  [&](const StatePoint& p, std::string_view id) { merge_point(p, id, self, names, book); });
  }
  for (std::size_t n = in.count(); n > 0; --n) {
    Shift shift;
    shift.from = in.time(), shift.to = in.time(), shift.activity = in.text(), shift.client = in.text();
    shifts_.insert(std::move(shift));
  }
  changed_.clear();
}

void AgentRecord::mark_all_changed() {
  for (std::size_t i = 0; i < points_.size(); ++i) changed_.push_back(points_.time(i));
  shifts_changed_ = true;
}

// ---- leaving and coming back ----

void AgentRecord::pack_states(std::size_t first, std::size_t last, ListedWriter& out) const {
  pack_points(points_, first, last, out);
}

void AgentRecord::take_back(core::Slot interval, StateReader& in) {
  unpack_points(in, [&](const StatePoint& p, std::string_view id) {
    const std::size_t place = points_.first_from(p.time);
    if (place == points_.size() || points_.time(place) != p.time) points_.insert(place, p, id);
  });
  away_.erase(interval);
}

/// Beside the states of what is not away, the one before each of them and the last: what comes next needs them.
std::vector<std::size_t> AgentRecord::staying(const core::SlotSet& leaving) const {
  const auto stays = [&](std::size_t place) {
    const core::Slot interval = interval_of(place);
    return !leaving.contains(interval) && !away_.contains(interval);
  };
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (stays(i) || i + 1 == points_.size() || stays(i + 1)) places.push_back(i);
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

std::string AgentRecord::canonical(const core::Names& names) const {
  std::string text = fmt::format("agent\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", id_, names.text(home_.client),
                                 core::to_ms(home_.time), names.text(home_.source), home_.id);
  text += states_since(core::EventTime::min(), names);
  for (const Shift& s : shifts_) {
    text += fmt::format("{}\x1f{}\x1f{}\x1f{}\n", core::to_ms(s.from), core::to_ms(s.to), s.activity, s.client);
  }
  return text;
}

std::string AgentRecord::states_since(core::EventTime since, const core::Names& names) const {
  std::string text;
  for (std::size_t i = points_.first_from(since); i < points_.size(); ++i) {
    const StatePoint p = points_[i];
    text += fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\n", core::to_ms(p.time),
                        core::kAgentStateWords[core::index(p.state)], p.capacity, names.text(p.client),
                        names.text(p.reason), names.text(p.queues), names.text(p.source), points_.id(i));
  }
  return text;
}

}  // namespace processors

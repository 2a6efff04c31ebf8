#include "processors/agent_record.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string joined(std::span<const std::string_view> queues) {
  std::vector<std::string_view> sorted(queues.begin(), queues.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return fmt::format("{}", fmt::join(sorted, std::string_view(&kQueueSeparator, 1)));
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
  if (event.queues) point.queues = names.intern(joined(*event.queues));
  point.source = names.intern(event.source);
  const bool moved = merge_home(point, event.id, names);
  Change change = merge_point(point, event.id, self, names, book);
  change.changed |= moved;
  return change;
}

Change AgentRecord::merge_point(const StatePoint& point, std::string_view id, core::NameId self,
                                const core::Names& names, CellBook& book) {
  const std::size_t place = points_.first_from(point.time);
  const bool has_before = place > 0;
  const auto span = [&](core::AgentState state, EventTime from, EventTime to, std::int32_t sign) {
    add_state_time(book, self, state, from, to, sign);
  };
  if (place < points_.size() && points_.time(place) == point.time) {
    const auto rank = [&](const StatePoint& p, std::string_view with) {
      return std::tuple(names.text(p.source), with, p.state, names.text(p.client), names.text(p.reason),
                        names.text(p.queues), p.capacity);
    };
    const StatePoint former = points_[place];
    if (rank(point, id) <= rank(former, points_.id(place))) return {false, false};
    if (place + 1 < points_.size()) {
      span(former.state, point.time, points_.time(place + 1), -1);
      span(point.state, point.time, points_.time(place + 1), +1);
    }
    points_.replace(place, point, id);
    changed_.push_back(point.time);
    return {true, false};
  }
  if (has_before) {
    const StatePoint before = points_[place - 1];
    if (place < points_.size()) span(before.state, before.time, points_.time(place), -1);
    span(before.state, before.time, point.time, +1);
  }
  if (place < points_.size()) span(point.state, point.time, points_.time(place), +1);
  points_.insert(place, point, id);
  changed_.push_back(point.time);
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

void AgentRecord::pack_points(StateWriter& out, std::size_t first, std::size_t last) const {
  out.number(last - first);
  EventTime base{};
  for (std::size_t i = first; i < last; ++i) {
    const StatePoint p = points_[i];
    out.signed_number((p.time - base).count());
    out.byte(static_cast<std::uint8_t>(p.state));
    out.signed_number(p.capacity);
    out.name(p.client), out.name(p.reason), out.name(p.queues), out.name(p.source);
    out.text(points_.id(i));
    base = p.time;
  }
}

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
  // Stretches of neighbours: in live operation there is one.
  std::vector<std::pair<std::size_t, std::size_t>> stretches;
  for (const EventTime time : changed_) {
    const std::size_t place = points_.first_from(time);
    if (stretches.empty() || stretches.back().second != place) stretches.emplace_back(place, place);
    ++stretches.back().second;
  }
  out.number(stretches.size());
  for (const auto& [first, last] : stretches) pack_points(out, first, last);
  if (shifts_changed_) {
    pack_shifts(out);
  } else {
    out.number(0);
  }
  changed_.clear();
  shifts_changed_ = false;
}

void AgentRecord::pack_all(StateWriter& out) const {
  pack_home(out);
  out.number(1);
  pack_points(out, 0, points_.size());
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
  pack_points(out, first, std::max(first, points_.first_from(to)));
  pack_shifts(out);
}

void AgentRecord::unpack(StateReader& in, core::NameId self, core::Names& names, CellBook& book) {
  StatePoint home;
  home.client = in.name(), home.source = in.name(), home.time = in.time();
  merge_home(home, in.text(), names);
  for (std::size_t pieces = in.count(); pieces > 0; --pieces) {
    EventTime base{};
    for (std::size_t n = in.count(); n > 0; --n) {
      StatePoint p;
      base = p.time = in.time_after(base);
      const std::uint8_t state = in.byte();
      if (state >= core::kAgentStates) throw core::CorruptState("an unknown agent state");
      p.state = static_cast<core::AgentState>(state);
      p.capacity = static_cast<std::int32_t>(in.signed_number());
      p.client = in.name(), p.reason = in.name(), p.queues = in.name(), p.source = in.name();
      merge_point(p, in.text(), self, names, book);
    }
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

#include "processors/agent_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <tuple>

namespace processors {

using core::EventTime;

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

Change AgentRecord::merge(const core::Event& event, core::NameId self, core::Names& names, AgentBook& book) {
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
  const core::NameId home = home_.client;
  const bool moved = merge_home(point, event.id, names);
  if (home_.client != home) book.cells().note_home_change();
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
                                const core::Names& names, AgentBook& book) {
  need_around(point.time, book.cells());
  const std::size_t place = points_.first_from(point.time);
  const bool replaces = place < points_.size() && points_.time(place) == point.time;
  const std::size_t after = replaces ? place + 1 : place;
  const auto next = after < points_.size() ? std::optional(points_.time(after)) : std::nullopt;
  const auto before = place > 0 ? std::optional(points_[place - 1]) : std::nullopt;
  const StatePoint former = replaces ? points_[place] : StatePoint{};
  if (replaces) {
    const auto rank = [&](const StatePoint& p, std::string_view with) {
      return std::tuple(names.text(p.source), with, p.state, names.text(p.client), names.text(p.reason),
                        names.text(p.queues), p.capacity);
    };
    if (rank(point, id) <= rank(former, points_.id(place))) return {false, false};
    points_.replace(place, point, id);
  } else {
    points_.insert(place, point, id);
  }
  note_queues(point);
  if (point.queues == core::NameId::kNone && point.time == serves_.time) seek_queues(book.cells());
  changed_.push_back(point.time);
  // Places do not hold from here on: an interval that comes back for its cells brings states with it.
  const auto span = [&](core::AgentState state, EventTime from, EventTime to, std::int32_t sign) {
    book.add_state(self, state, from, to, sign);
  };
  if (next) span(point.state, point.time, *next, +1);
  if (replaces) {
    if (next) span(former.state, point.time, *next, -1);
  } else if (before && next && *next - before->time <= kLongestState) {
    span(before->state, point.time, *next, -1);
  } else if (before) {
    span(before->state, before->time, point.time, +1);
  }
  return {true, false};
}

/// After the state has its place: at its time there is no other.
void AgentRecord::note_queues(const StatePoint& point) {
  if (point.queues != core::NameId::kNone && point.time >= serves_.time) serves_ = {point.time, point.queues};
}

/// Another state without queues has taken the moment of the one that named them: the one before may be anywhere.
void AgentRecord::seek_queues(CellBook& book) {
  serves_ = {};
  const core::SlotSet away = away_;
  away.each([&](core::Slot interval) { book.away().need(interval); });
  for (std::size_t i = points_.size(); i > 0 && serves_.queues == core::NameId::kNone; --i) {
    const StatePoint p = points_[i - 1];
    if (p.queues != core::NameId::kNone) serves_ = {p.time, p.queues};
  }
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

bool AgentRecord::touches(EventTime from, EventTime to) const {
  const bool states = !points_.empty() && points_.time(0) < to;
  return states || std::any_of(shifts_.begin(), shifts_.end(),
                               [&](const Shift& shift) { return shift.from < to && shift.to > from; });
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

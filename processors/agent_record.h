// The record of one agent: the states in order of time, and the planned shifts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "processors/cell_book.h"
#include "processors/contact_record.h"
#include "processors/state_io.h"

namespace processors {

/// From `time` on, the agent is in this state, until the next point.
struct StatePoint {
  core::EventTime time{};
  core::AgentState state{};
  std::int32_t capacity = -1;  ///< -1: not stated
  core::NameId client{}, reason{}, queues{}, source{};
  std::string id;  ///< with source: at equal times the greater (source, id) holds
};

/// Who last stated the agent's client.
struct HomeClient {
  core::NameId client{}, source{};
  core::EventTime time{};
  std::string id;
};

struct Shift {
  core::EventTime from{}, to{};
  std::string activity, client;
  auto operator<=>(const Shift&) const = default;
};

/// A state that a later one closes counts whole, up to this long: beyond it one of the two clocks was wrong (a time of the
/// year 1), and it counts not at all.
inline constexpr core::Millis kLongestState = std::chrono::hours{366 * 24};

/// Separates the queues of a StatePoint; no name holds it.
inline constexpr char kQueueSeparator = '\x1f';

/// Confined to the shard thread.
class AgentRecord {
 public:
  explicit AgentRecord(std::string_view id) : id_(id) {}
  AgentRecord() = default;

  /// Merges agent.state or schedule.shift; the time of closed spans goes into `book`. `self` is the agent's name.
  Change merge(const core::Event& event, core::NameId self, core::Names& names, CellBook& book);

  std::string_view id() const { return id_; }
  const std::vector<StatePoint>& points() const { return points_; }
  const std::set<Shift>& shifts() const { return shifts_; }
  /// The client stated by the latest state that states one (also one that lost its moment to another), else kNone.
  core::NameId home_client() const { return home_.client; }

  /// Calls visit(point, from, to) for every span that overlaps [from, to), cut to it; the running state reaches to
  /// `as_of` unless it is older than `give_up`.
  template <typename Visit>
  void spans(core::EventTime from, core::EventTime to, core::EventTime as_of, core::Millis give_up,
             Visit&& visit) const {
    auto it = std::upper_bound(points_.begin(), points_.end(), from,
                               [](core::EventTime t, const StatePoint& p) { return t < p.time; });
    if (it != points_.begin()) --it;
    for (; it != points_.end() && it->time < to; ++it) {
      const auto next = std::next(it);
      const bool running = next == points_.end();
      if (running && as_of - it->time > give_up) return;
      if (!running && next->time - it->time > kLongestState) continue;
      const auto start = std::max(from, it->time), end = std::min(to, running ? as_of : next->time);
      if (start < end) visit(*it, start, end);
    }
  }
  /// The state at as_of; nullptr if there is none or it is given up.
  const StatePoint* current(core::EventTime as_of, core::Millis give_up) const {
    if (points_.empty() || as_of - points_.back().time > give_up) return nullptr;
    return &points_.back();
  }

  /// The states that changed since the last commit, and the shifts if they did.
  void pack_changes(StateWriter& out);
  void pack_all(StateWriter& out) const;
  /// Whether a state or shift of it lies in [from, to), or a state reaches into it.
  bool touches(core::EventTime from, core::EventTime to) const;
  /// The states in [from, to), with the one that holds at `from`, and all shifts.
  void pack_within(core::EventTime from, core::EventTime to, StateWriter& out) const;
  /// Merges a packed piece (either kind) into this record; `book` as in merge.
  void unpack(StateReader& in, core::NameId self, core::Names& names, CellBook& book);

  /// Every state and the shifts are to be stored again.
  void mark_all_changed();

  std::string canonical(const core::Names& names) const;
  /// As canonical(), of the states from `since` on alone.
  std::string states_since(core::EventTime since, const core::Names& names) const;

 private:
  Change merge_point(StatePoint point, core::NameId self, const core::Names& names, CellBook& book);
  bool merge_home(const StatePoint& point, const core::Names& names);
  void pack_home(StateWriter& out) const;
  void pack_points(StateWriter& out, std::size_t first, std::size_t last) const;
  void pack_shifts(StateWriter& out) const;

  std::string id_;
  std::vector<StatePoint> points_;
  HomeClient home_;
  std::set<Shift> shifts_;
  std::vector<core::EventTime> changed_;  ///< States that the next journal entry has.
  bool shifts_changed_ = false;
};

/// Adds a span's time in a state to the intervals that it covers, pro rata.
void add_state_time(CellBook& book, core::NameId agent, core::AgentState state, core::EventTime from,
                    core::EventTime to, std::int32_t sign);

}  // namespace processors

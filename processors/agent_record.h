// The record of one agent: the states in order of time, and the planned shifts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/slot_set.h"
#include "processors/agent_time.h"
#include "processors/cell_book.h"
#include "processors/contact_record.h"
#include "processors/listed_names.h"
#include "processors/state_history.h"
#include "processors/state_io.h"

namespace processors {

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

/// Confined to the shard thread.
class AgentRecord {
 public:
  explicit AgentRecord(std::string_view id) : id_(id) {}
  AgentRecord() = default;

  /// Merges agent.state or schedule.shift; the time of closed spans goes into `book`. `self` is the agent's name.
  Change merge(const core::Event& event, core::NameId self, core::Names& names, AgentBook& book);

  std::string_view id() const { return id_; }
  /// The id's number among the shard's names.
  core::NameId name(core::Names& names) {
    if (name_ == core::NameId::kNone) name_ = names.intern(id_);
    return name_;
  }
  void prefetch_parts() const { points_.prefetch_last(); }
  /// Those in memory: of what is not away all of them, each with the one before it, and the last one of all.
  const StateHistory& points() const { return points_; }
  const std::set<Shift>& shifts() const { return shifts_; }
  /// The client stated by the latest state that states one (also one that lost its moment to another), else kNone.
  core::NameId home_client() const { return home_.client; }
  /// The queues of the latest state that names some: who goes on a contact serves them still. One name, with
  /// kQueueSeparator between; kNone where no state names any.
  core::NameId queues() const { return serves_.queues; }

  /// Calls visit(point, from, to) for every span that overlaps [from, to), cut to it; the running state reaches to
  /// `as_of` unless it is older than `give_up`. The intervals of [from, to), and what is around `from`, must be in
  /// memory.
  template <typename Visit>
  void spans(core::EventTime from, core::EventTime to, core::EventTime as_of, core::Millis give_up,
             Visit&& visit) const {
    for (std::size_t i = points_.holding(from); i < points_.size() && points_.time(i) < to; ++i) {
      const StatePoint point = points_[i];
      const bool running = i + 1 == points_.size();
      if (running && as_of - point.time > give_up) return;
      if (!running && points_.time(i + 1) - point.time > kLongestState) continue;
      const auto start = std::max(from, point.time), end = std::min(to, running ? as_of : points_.time(i + 1));
      if (start < end) visit(point, start, end);
    }
  }
  /// The state at as_of; nullopt if there is none or it is given up.
  std::optional<StatePoint> current(core::EventTime as_of, core::Millis give_up) const {
    if (points_.empty() || as_of - points_.time(points_.size() - 1) > give_up) return std::nullopt;
    return points_[points_.size() - 1];
  }

  /// The states that changed since the last commit, and the shifts if they did.
  void pack_changes(StateWriter& out);
  /// All that is in memory and stays there while `leaving` leaves.
  void pack_all(const core::SlotSet& leaving, StateWriter& out) const;
  /// Whether a state or shift of it lies in [from, to), or a state reaches into it.
  bool touches(core::EventTime from, core::EventTime to) const;
  /// The states in [from, to), with the one that holds at `from`, and all shifts.
  void pack_within(core::EventTime from, core::EventTime to, StateWriter& out) const;
  /// Merges a packed piece (either kind) into this record; `book` as in merge.
  void unpack(StateReader& in, core::NameId self, core::Names& names, AgentBook& book);

  /// Every state and the shifts are to be stored again.
  void mark_all_changed();

  // ---- states leave memory with their interval, and come back with it (shard_intervals.cc) ----

  /// Brings back the states of the interval of `time`, and the last before and the first after it.
  void need_around(core::EventTime time, CellBook& book);

  /// Calls visit(interval, first, last) for each interval before `end` whose states, at the places [first, last), are
  /// not away.
  template <typename Visit>
  void each_interval_before(core::Slot end, Visit&& visit) const {
    for (std::size_t first = 0, last = 0; first < points_.size(); first = last) {
      const core::Slot interval = interval_of(first);
      if (interval >= end) return;
      while (last < points_.size() && interval_of(last) == interval) ++last;
      if (!away_.contains(interval)) visit(interval, first, last);
    }
  }
  void pack_states(std::size_t first, std::size_t last, ListedWriter& out) const;
  void take_back(core::Slot interval, StateReader& in);
  /// The states of `leaving` are away from now on.
  void let_go(const core::SlotSet& leaving);
  /// Where states will be away once `leaving` has left.
  core::SlotSet away_after(const core::SlotSet& leaving) const;
  void pack_away(const core::SlotSet& away, StateWriter& out) const;
  void unpack_away(StateReader& in);

  std::string canonical(const core::Names& names) const;
  /// As canonical(), of the states from `since` on alone.
  std::string states_since(core::EventTime since, const core::Names& names) const;

 private:
  /// `id`, with the source: at equal times the greater (source, id) holds.
  Change merge_point(const StatePoint& point, std::string_view id, core::NameId self, const core::Names& names,
                     AgentBook& book);
  bool merge_home(const StatePoint& point, std::string_view id, const core::Names& names);
  void note_queues(const StatePoint& point);
  void seek_queues(CellBook& book);
  core::Slot interval_of(std::size_t place) const { return core::slot_of(points_.time(place), core::kInterval); }
  std::vector<std::size_t> staying(const core::SlotSet& leaving) const;
  void pack_home(StateWriter& out) const;
  void pack_shifts(StateWriter& out) const;

  std::string id_;
  core::NameId name_{};
  StateHistory points_;
  HomeClient home_;
  /// The latest state that names queues, which stays in memory whatever leaves.
  struct Serves {
    core::EventTime time = core::EventTime::min();
    core::NameId queues{};
  } serves_;
  std::set<Shift> shifts_;
  core::SlotSet away_;  ///< Intervals with states that are not in memory, but maybe the last one of each.
  std::vector<core::EventTime> changed_;  ///< States that the next journal entry has.
  bool shifts_changed_ = false;
};

}  // namespace processors

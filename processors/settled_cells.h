// What the cells of settled intervals were before events of the running commit changed them: of this the diary makes
// revisions (diary.h).
//
// An interval is settled once the watermark has passed its end by the allowed lateness. Where nothing is ever settled
// (a replay) nothing is noted.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/event.h"
#include "core/periods.h"
#include "core/revision.h"
#include "processors/cell_table.h"
#include "processors/cells.h"

namespace processors {

/// Which cell of a family's intervals. Agents' time, which goes by the clock, contracts, each of which has a basis of
/// its own, and deals, which have none, stand under kArrival.
struct IntervalKey {
  core::Basis basis{};
  core::Slot interval = 0;
  CellKey key;
  friend bool operator==(const IntervalKey&, const IntervalKey&) = default;
  friend std::size_t hash_value(const IntervalKey& place) {
    return hash_value(place.key) ^
           (static_cast<std::size_t>(place.interval) * 0x9e3779b97f4a7c15ULL + static_cast<std::size_t>(place.basis));
  }
};

/// Those of one family. Confined to the shard thread.
template <typename CellType>
class FormerCells {
 public:
  struct Note {
    IntervalKey place;
    CellType former;
    std::uint32_t cause = 0;            ///< index in SettledCells::causes()
    std::uint32_t events = 1;           ///< that touched it
    std::uint64_t first = 0, last = 0;  ///< numbers of the events
  };

  const std::vector<Note>& notes() const { return notes_; }
  std::vector<Note>& notes() { return notes_; }
  const Note* find(const IntervalKey& place) const {
    const auto it = places_.find(place);
    return it == places_.end() ? nullptr : &notes_[it->second];
  }
  /// The note of this place, with `now` as its former cell if it is the first.
  std::pair<Note*, bool> at(const IntervalKey& place, const CellType& now) {
    const auto [it, fresh] = places_.try_emplace(place, static_cast<std::uint32_t>(notes_.size()));
    if (fresh) notes_.push_back({place, now});
    return {&notes_[it->second], fresh};
  }
  /// An open record contributed to the row when the last commit was made: the row was not final.
  void hold(const IntervalKey& place) { held_.insert(place); }
  bool held(const IntervalKey& place) const { return held_.contains(place); }
  void clear() { places_.clear(), notes_.clear(), held_.clear(); }

 private:
  boost::unordered_flat_map<IntervalKey, std::uint32_t, boost::hash<IntervalKey>> places_;
  std::vector<Note> notes_;
  boost::unordered_flat_set<IntervalKey, boost::hash<IntervalKey>> held_;
};

/// Confined to the shard thread.
class SettledCells {
 public:
  /// Intervals before the one in which `time` lies are settled.
  /// `sealed`: a replayed log has ended, and what is open in it holds no row.
  void settle_before(core::EventTime time, bool sealed) {
    sealed_ = sealed;
    first_unsettled_ = core::slot_of(time, core::kInterval);
  }
  bool sealed() const { return sealed_; }
  bool any_settled() const { return first_unsettled_ != kNone; }
  core::Slot first_unsettled() const { return first_unsettled_; }
  bool covers(core::Slot interval) const { return interval < first_unsettled_; }
  bool covers(core::EventTime time) const { return any_settled() && covers(core::slot_of(time, core::kInterval)); }

  /// The configured source whose events come next; the name outlives them.
  void set_source(std::string_view name) { source_ = name; }
  /// This event is applied next; it is looked at while it is.
  void begin_event(const core::Event& event) {
    event_ = &event;
    ++number_;
  }
  std::uint64_t event_number() const { return number_; }

  /// The running event is about to change a settled cell.
  template <typename CellType>
  typename FormerCells<CellType>::Note& note(const IntervalKey& place, const CellType& now) {
    const auto [note, fresh] = of<CellType>().at(place, now);
    if (fresh) {
      note->cause = cause();
      note->first = note->last = number_;
    } else if (note->last != number_) {
      note->last = number_;
      // Former events may have changed nothing, or have taken back what they changed.
      const bool unchanged = now.same_as(note->former);
      if (unchanged) note->cause = cause();
      note->events = unchanged ? 1 : note->events + 1;
    }
    return *note;
  }

  /// An agent's home client at the last commit, where events have changed it since.
  void note_move(core::NameId agent, core::NameId home_before) { former_homes_.try_emplace(agent, home_before); }
  std::optional<core::NameId> former_home(core::NameId agent) const {
    const auto it = former_homes_.find(agent);
    return it == former_homes_.end() ? std::nullopt : std::optional(it->second);
  }

  template <typename CellType>
  FormerCells<CellType>& of() {
    return std::get<FormerCells<CellType>>(families_);
  }
  template <typename CellType>
  const FormerCells<CellType>& of() const {
    return std::get<FormerCells<CellType>>(families_);
  }
  const std::vector<core::RevisionCause>& causes() const { return causes_; }
  void clear() {
    std::apply([](auto&... family) { (family.clear(), ...); }, families_);
    causes_.clear();
    former_homes_.clear();
  }

 private:
  static constexpr core::Slot kNone = std::numeric_limits<core::Slot>::min();

  /// The running event's place in the list of causes.
  std::uint32_t cause() {
    if (causes_.empty() || cause_number_ != number_) {
      cause_number_ = number_;
      const core::Event& e = *event_;
      causes_.push_back({std::string(source_), std::string(e.source), std::string(e.id),
                         std::string(core::kEventTypeWords[core::index(e.type)]), std::string(core::routing_key(e)),
                         e.time});
    }
    return static_cast<std::uint32_t>(causes_.size() - 1);
  }

  core::Slot first_unsettled_ = kNone;
  bool sealed_ = false;
  const core::Event* event_ = nullptr;
  std::string_view source_;
  std::uint64_t number_ = 0, cause_number_ = 0;
  std::vector<core::RevisionCause> causes_;
  boost::unordered_flat_map<core::NameId, core::NameId> former_homes_;
  std::tuple<FormerCells<QueueCell>, FormerCells<AgentCell>, FormerCells<LeadCell>, FormerCells<AgentTimeCell>,
             FormerCells<ContractCell>, FormerCells<DealCell>, FormerCells<ChatCell>, FormerCells<ChatAgentCell>>
      families_;
};

}  // namespace processors

// The states of one agent in order of time: some 25 to 35 bytes each.
//
// Nearly all that a state says, earlier ones of the agent said as well: it is kept once, and a state has its number.
// The ids, which are all different, stand one after another as in short_text.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/hash_index.h"
#include "core/names.h"
#include "core/time.h"

namespace processors {

/// Separates the queues of a state; no name holds it.
inline constexpr char kQueueSeparator = '\x1f';

/// What a state says, but for when and with which id.
struct StateTerms {
  core::AgentState state{};
  std::int32_t capacity = -1;  ///< -1: not stated
  core::NameId client{}, reason{}, queues{}, source{};
  friend bool operator==(const StateTerms&, const StateTerms&) = default;
};

/// From `time` on, the agent is in this state, until the next point.
struct StatePoint : StateTerms {
  core::EventTime time{};
};

/// Places count from 0 in order of time; no two states have the same time. Confined to the shard thread.
class StateHistory {
 public:
  std::size_t size() const { return states_.size(); }
  bool empty() const { return states_.empty(); }
  core::EventTime time(std::size_t place) const { return states_[place].time; }
  StatePoint operator[](std::size_t place) const {
    const Kept& kept = states_[place];
    return {terms_[kept.terms], kept.time};
  }
  std::string id(std::size_t place) const;

  /// The place of the first state at or after `time`; size() if there is none.
  std::size_t first_from(core::EventTime time) const;
  /// The place of the state that holds at `time`; 0 if none does yet.
  std::size_t holding(core::EventTime time) const;

  /// `place` is that of first_from(point.time), where no state has this time yet. Throws std::length_error when the ids
  /// take 4 GiB.
  void insert(std::size_t place, const StatePoint& point, std::string_view id);
  /// The state at `place` has the time of `point`. The former id keeps its bytes: two states of one time are rare.
  void replace(std::size_t place, const StatePoint& point, std::string_view id);

  /// Only the states at these places stay; `places` are in order.
  void keep_only(const std::vector<std::size_t>& places);

  /// Has loaded what insert() of a next state looks at.
  void prefetch_last() const {
    if (states_.empty()) return;
    core::load_ahead(states_.data() + states_.size() - 1), core::load_ahead(ids_.data() + ids_.size());
    core::load_ahead(terms_.data(), std::min<std::size_t>(terms_.size() * sizeof(StateTerms), 256));
  }

  /// How much memory the states take.
  std::size_t bytes() const;

 private:
  struct Kept {
    core::EventTime time{};
    std::uint32_t terms = 0;  ///< place in terms_
    std::uint32_t id = 0;     ///< where it begins in ids_
  };
  static_assert(sizeof(Kept) == 16, "there is one of each state");

  Kept keep(const StatePoint& point, std::string_view id);
  std::uint32_t number_of(const StateTerms& terms);

  std::vector<Kept> states_;
  std::vector<char> ids_;
  std::vector<StateTerms> terms_;
  core::HashIndex index_;  ///< places in terms_
};

}  // namespace processors

// The agents: shifts, breaks, states, and who is free.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/random.h"
#include "simulation/stage.h"

namespace simulation {

/// An agent has one place or more for contacts (`capacity`); a place is free, taken, or cooling off after a missed
/// ring. The agent's state follows from them, from the shift and from breaks, and every change of it is an event. A
/// break or the shift's end waits until the last contact is done. Confined to one thread.
class Staff {
 public:
  explicit Staff(Stage& stage);

  /// Plans the first shifts; those that run at the start begin with it.
  void open();
  /// Everybody goes home. Only when nobody has a contact.
  void close(core::EventTime now);

  /// Takes a place of the longest idle agent of the group, for a ring or a dialling.
  std::optional<AgentNo> take(GroupNo group);
  bool anyone_free(GroupNo group);

  void ring(AgentNo agent, core::EventTime now);
  /// The ring ended without an answer; the place is free again at once, or after `cool_off`.
  void ring_ended(AgentNo agent, core::EventTime now, core::Millis cool_off);
  void answered(AgentNo agent, core::EventTime now);
  void dials(AgentNo agent, core::EventTime now);
  void wraps(AgentNo agent, core::EventTime now);
  /// Talking (`wrapped` false) or wrap-up is over: the place is free again.
  void done(AgentNo agent, core::EventTime now, bool wrapped);

  /// Shifts, breaks and cooling off.
  void happen(const Happening& happening);

  /// Groups in which somebody became free since the last call.
  std::vector<GroupNo> take_freed();

  core::AgentState state(AgentNo agent) const { return agents_[index(agent)].state; }

 private:
  struct Agent {
    core::AgentState state = core::AgentState::kOffline;
    core::EventTime since{};
    std::uint32_t capacity = 1, free = 0, ringing = 0, talking = 0, wrapping = 0, cooling = 0;
    std::uint32_t epoch = 0;   ///< Entries of the line with another epoch are void.
    std::uint64_t shifts = 0;  ///< Tells happenings of an earlier shift.
    bool on_duty = false, break_due = false, on_break = false, announced = false;
    std::string_view reason;  ///< of the break
    core::Millis break_length{};
    std::uint32_t busy() const { return ringing + talking + wrapping; }
  };
  struct Place {
    AgentNo agent;
    std::uint32_t epoch;
  };

  void begin_shift(AgentNo no, const Happening& happening);
  void end_shift(AgentNo no, core::EventTime now);
  void plan_breaks(AgentNo no, core::EventTime now);
  void free_place(AgentNo no);
  void free_all_places(AgentNo no);
  void settle(AgentNo no, core::EventTime now);
  core::AgentState state_of(const Agent& agent) const;
  void tell_state(AgentNo no, core::EventTime now);

  Stage& stage_;
  Random random_;
  std::vector<Agent> agents_;
  std::vector<std::deque<Place>> lines_;  ///< Free places by group, longest idle first.
  std::vector<std::string> queues_json_;  ///< by group
  std::vector<GroupNo> freed_;
};

}  // namespace simulation

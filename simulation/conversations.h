// Agents' segments: talking, holds, messages, passing on, wrap-up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/random.h"
#include "simulation/staff.h"
#include "simulation/stage.h"

namespace simulation {

/// Decides a whole segment when it begins and writes its events ahead of time; the agent is kept busy until its end.
/// Confined to one thread.
class Conversations {
 public:
  Conversations(Stage& stage, Staff& staff);

  /// `agent` (who is talking already) begins a segment at `start`; `arrival` is where it counts in basis arrival. An
  /// outbound leg may start after now. Returns the end of talking.
  core::EventTime begin(const Leg& leg, AgentNo agent, core::EventTime arrival, core::EventTime start);

  /// `agent` dialled in vain: busy until then, with no segment.
  void in_vain(AgentNo agent, core::EventTime until);

  /// Talking is over; the leg that follows, where the agent passed the contact on.
  std::optional<Leg> talk_ended(const Happening& happening);
  void wrap_ended(const Happening& happening);

  std::string contact_name(std::uint64_t contact) const { return numbered('c', contact); }

 private:
  struct Busy {
    AgentNo agent{};
    core::EventTime wrapped{};
    std::optional<Leg> onward;
  };

  void keep_busy(Busy busy, core::EventTime talk_end);
  core::Millis write_holds(const Leg& leg, AgentNo agent, core::EventTime start, core::EventTime talk_end);
  /// `started`: when the customer wrote first, of a chat that has begun.
  void write_messages(const Leg& leg, AgentNo agent, std::optional<core::EventTime> started, core::EventTime start,
                      core::EventTime talk_end);
  std::optional<Leg> write_end(const Leg& leg, AgentNo agent, core::EventTime talk_end);
  Leg passed_on(const Leg& leg);
  EventFeed& event(core::EventType type, const Leg& leg, AgentNo agent, core::EventTime time);

  Stage& stage_;
  Staff& staff_;
  Random random_;
  std::vector<Busy> busy_;  ///< Positions are used again.
  std::vector<std::uint32_t> free_;
};

}  // namespace simulation

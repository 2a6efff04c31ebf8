// The queues: customers who wait, rings at agents, answers, and those who leave.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "simulation/conversations.h"
#include "simulation/random.h"
#include "simulation/staff.h"
#include "simulation/stage.h"

namespace simulation {

/// Every visit knows from its begin when and why it leaves if nobody answers. A free agent gets the longest waiting
/// visit of the queues of the agent's group. Memory: the visits that are open. Confined to one thread.
class Visits {
 public:
  Visits(Stage& stage, Staff& staff, Conversations& conversations);

  /// A new customer, whose visit was taken from the budget, enters `queue`.
  void arrive(QueueNo queue, core::EventTime now);
  /// A leg, whose visit was taken from the budget, is queued.
  void enqueue(Leg leg, core::EventTime now);
  /// kReturn, kLeave, kRingEnd
  void happen(const Happening& happening);
  /// Rings at agents of this group while one is free and somebody waits.
  void serve(GroupNo group, core::EventTime now);

 private:
  struct Offer {
    std::uint64_t number = 0;  ///< 0: nothing rings
    AgentNo agent{};
    core::EventTime rang{};
    core::OfferEnd outcome{};
    bool with_id = false;
    bool begin_lost = false;  ///< The source tells only its end.
  };
  struct Visit {
    Leg leg;
    core::EventTime begin{};
    core::LeaveReason reason{};
    Offer offer;
    bool open = false;
  };
  struct Waiting {
    std::uint32_t slot;
    std::uint64_t visit;
  };
  struct LeavePlan {
    core::Millis after{};
    core::LeaveReason reason{};
  };

  LeavePlan plan_leaving(const QueuePlan& queue);
  std::uint32_t open_slot();
  bool waits(const Waiting& waiting) const;
  std::optional<std::uint32_t> take_longest_waiting(GroupNo group);
  void ring(std::uint32_t slot, AgentNo agent, core::EventTime now);
  Offer draw_offer(const Visit& visit, AgentNo agent, core::EventTime now);
  core::EventTime ring_end(const Visit& visit, core::EventTime now);
  void end_offer(const Visit& visit, core::OfferEnd outcome, core::EventTime now);
  void answer(std::uint32_t slot, core::EventTime now);
  void miss(std::uint32_t slot, core::EventTime now);
  void leave(std::uint32_t slot, core::EventTime now);
  void follow_up(const Leg& leg, core::LeaveReason reason, core::EventTime now);
  void close(std::uint32_t slot);

  bool has_visit_ids(const Leg& leg) const { return stage_.plan[leg.queue].channel == "voice"; }
  std::string visit_name(const Leg& leg) const {
    return has_visit_ids(leg) ? numbered('v', leg.visit) : numbered('c', leg.contact);
  }
  EventFeed& event(core::EventType type, const Leg& leg, core::EventTime time);
  void write_queued(const Leg& leg, core::EventTime now);

  Stage& stage_;
  Staff& staff_;
  Conversations& conversations_;
  Random random_;
  std::vector<Visit> visits_;  ///< Positions are used again.
  std::vector<std::uint32_t> free_;
  std::vector<std::deque<Waiting>> lines_;  ///< by queue, in order of begin
  std::vector<Leg> returns_;                ///< Customers who will be called back.
  std::vector<std::uint32_t> free_returns_;
};

}  // namespace simulation

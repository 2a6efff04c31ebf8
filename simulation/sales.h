// Leads, the outbound calls that they cause, and deals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/conversations.h"
#include "simulation/random.h"
#include "simulation/staff.h"
#include "simulation/stage.h"

namespace simulation {

/// A lead is tried by free agents of its client (dialled) or by e-mail, some times, until somebody is reached, it is
/// closed or forgotten. Memory: the leads and deals that are not done with. Confined to one thread.
class Sales {
 public:
  Sales(Stage& stage, Staff& staff, Conversations& conversations);

  void create_lead(core::EventTime now);
  /// kLeadStep, kDealStep
  void happen(const Happening& happening);

 private:
  struct Lead {
    std::uint64_t number = 0, customer = 0;
    ClientNo client{};
    std::size_t campaign = 0;
    core::EventTime created{};
    std::vector<core::EventTime> attempts;
    std::optional<core::EventTime> contacted, closed;
    AgentNo owner{};
    int tries = 0, refusals = 0;  ///< Refusal: nobody was free to dial.
  };
  struct Deal {
    std::uint64_t number = 0, lead = 0;
    ClientNo client{};
    AgentNo agent{};
    std::int64_t cents = 0;
    int step = 0;
    core::EventTime opened{};
    std::int64_t cost_cents = 0;
  };

  void write_created(const Lead& lead);
  void assign(Lead& lead);
  void step(std::uint32_t slot, core::EventTime now);
  void write_to(Lead& lead, core::EventTime now, bool reached);
  /// false: no agent is free.
  bool dial(Lead& lead, core::EventTime now);
  core::EventTime dial_once(Lead& lead, const Leg& leg, AgentNo agent, core::EventTime at);
  void go_on(std::uint32_t slot, core::EventTime now);
  void finish(std::uint32_t slot);
  void close(Lead& lead, core::EventTime at, const char* result);
  void plan_deal(const Lead& lead);
  void deal_step(std::uint32_t slot, core::EventTime now);
  EventFeed& lead_event(core::EventType type, const Lead& lead, core::EventTime time);
  EventFeed& deal_event(core::EventType type, const Deal& deal, core::EventTime time);

  Stage& stage_;
  Staff& staff_;
  Conversations& conversations_;
  Random random_;
  std::vector<Lead> leads_;  ///< Positions are used again; so are the deals'.
  std::vector<std::uint32_t> free_leads_;
  std::vector<Deal> deals_;
  std::vector<std::uint32_t> free_deals_;
};

}  // namespace simulation

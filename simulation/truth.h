// The exact figures of a simulated centre, known by construction.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/figure_config.h"
#include "core/time.h"
#include "simulation/plan.h"
#include "simulation/truth_cells.h"

namespace simulation {

/// Is told by the centre what it decides, when it decides it; never reads an event. Written by the contract's words
/// (metrics) for the default configuration, on its own: it shares no code with what it judges. Memory: one cell per
/// key and quarter-hour in which something happened, none per contact. Confined to one thread.
class Truth {
 public:
  enum class Outcome { kAnswered, kAbandoned, kFlowedOut };

  struct Segment {
    QueueNo queue{};
    AgentNo agent{};
    core::EventTime arrival{}, start{}, talk_end{}, wrapped{};  ///< In this order of time.
    core::Millis hold{};
  };

  struct Lead {
    ClientNo client{};
    std::size_t campaign = 0;
    core::EventTime created{};
    std::span<const core::EventTime> attempts;  ///< In order of time.
    std::optional<core::EventTime> contacted, closed;
  };

  struct Deal {
    ClientNo client{};
    std::string currency;
    core::EventTime opened{};
    std::optional<core::EventTime> closed;  ///< With costs stated by then.
    bool won = false;
    std::int64_t cents = 0, cost_cents = 0;
  };

  /// A customer's first unanswered message, and what ended it.
  struct Turn {
    QueueNo queue{};
    std::optional<AgentNo> agent;  ///< who answered; nobody: the chat closed before
    core::EventTime chat_start{}, begin{}, end{};
    bool first() const { return begin == chat_start; }
  };

  explicit Truth(const Plan& plan);

  void visit_began(QueueNo queue, core::EventTime begin);
  void visit_ended(QueueNo queue, core::EventTime begin, core::EventTime end, Outcome outcome);
  void offer(QueueNo queue, AgentNo agent, core::EventTime visit_begin, core::EventTime rang);
  void missed_offer(QueueNo queue, AgentNo agent, core::EventTime visit_begin, core::EventTime ended);
  void segment(const Segment& segment);
  void turn(const Turn& turn);
  void agent_state(AgentNo agent, core::AgentState state, core::EventTime from, core::EventTime to);
  /// Once, when nothing more will happen to the lead.
  void lead(const Lead& lead);
  void deal(const Deal& deal);

  /// The sections of a truth file: a line "# by=queue every=15m basis=arrival" (deals have no basis), then what
  /// `floorwatch figures --format csv` prints for that after a replay. `as_of` is the largest event time; nothing may
  /// be open but leads and deals.
  std::string text(core::EventTime as_of) const;

 private:
  using PerBasis = std::array<Quarters<QueueCell>, 2>;  ///< by core::Basis

  QueueCell& queue_cell(core::Basis basis, QueueNo queue, core::EventTime time);
  AgentCell& agent_cell(core::Basis basis, AgentNo agent, ClientNo client, core::EventTime time);

  const Plan& plan_;
  std::vector<PerBasis> queues_;  ///< by QueueNo
  /// By AgentNo; then by the client whose row it is.
  std::vector<std::array<std::map<ClientNo, Quarters<AgentCell>>, 2>> agents_;
  std::array<std::map<std::pair<ClientNo, std::size_t>, Quarters<LeadCell>>, 2> leads_;
  std::map<std::pair<ClientNo, std::string>, Quarters<DealCell>> deals_;  ///< by client and currency
  std::array<std::map<QueueNo, Quarters<ChatCell>>, 2> chats_;            ///< by core::Basis
  std::array<std::map<std::pair<ClientNo, AgentNo>, Quarters<ChatAgentCell>>, 2> chat_agents_;

  friend class TruthTables;
};

}  // namespace simulation

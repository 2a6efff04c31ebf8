#include "simulation/truth.h"

#include <algorithm>

namespace simulation {

namespace {

constexpr std::array kBases = {core::Basis::kArrival, core::Basis::kEvent};
constexpr core::Millis kThreshold{20'000}, kShortAbandon{5'000}, kLeadTarget{300'000}, kRedialGap{30'000};
constexpr std::int64_t kQuarterMs = 900'000;

std::int64_t quarter(core::EventTime time) { return core::floor_div(core::to_ms(time), kQuarterMs); }

/// Attempts until the first contact and the close; one that soon follows another does not count.
std::int64_t counted_attempts(const Truth::Lead& lead) {
  std::int64_t counted = 0;
  std::optional<core::EventTime> before;
  for (const core::EventTime attempt : lead.attempts) {
    if (before == attempt) continue;
    const bool in_time = (!lead.contacted || attempt <= *lead.contacted) && (!lead.closed || attempt <= *lead.closed);
    if (in_time && (!before || attempt - *before > kRedialGap)) ++counted;
    before = attempt;
  }
  return counted;
}

void count_end(QueueCell& cell, core::Millis wait, Truth::Outcome outcome) {
  const bool within = wait <= kThreshold;
  switch (outcome) {
    case Truth::Outcome::kAnswered:
      ++(within ? cell.answered_within : cell.answered_late);
      cell.wait.add(wait);
      break;
    case Truth::Outcome::kAbandoned:
      ++(wait <= kShortAbandon ? cell.abandoned_short : within ? cell.abandoned_within : cell.abandoned_late);
      break;
    case Truth::Outcome::kFlowedOut:
      ++(within ? cell.flowed_out_within : cell.flowed_out_late);
      break;
  }
}

}  // namespace

Truth::Truth(const Plan& plan) : plan_(plan), queues_(plan.queues.size()), agents_(plan.agents.size()) {}

QueueCell& Truth::queue_cell(core::Basis basis, QueueNo queue, core::EventTime time) {
  return queues_[index(queue)][core::index(basis)][quarter(time)];
}

AgentCell& Truth::agent_cell(core::Basis basis, AgentNo agent, ClientNo client, core::EventTime time) {
  return agents_[index(agent)][core::index(basis)][client][quarter(time)];
}

void Truth::visit_began(QueueNo queue, core::EventTime begin) {
  for (const core::Basis basis : kBases) ++queue_cell(basis, queue, begin).offered;
}

void Truth::visit_ended(QueueNo queue, core::EventTime begin, core::EventTime end, Outcome outcome) {
  count_end(queue_cell(core::Basis::kArrival, queue, begin), end - begin, outcome);
  count_end(queue_cell(core::Basis::kEvent, queue, end), end - begin, outcome);
}

void Truth::offer(QueueNo queue, AgentNo agent, core::EventTime visit_begin, core::EventTime rang) {
  const ClientNo client = plan_[queue].client;
  ++agent_cell(core::Basis::kArrival, agent, client, visit_begin).offers;
  ++agent_cell(core::Basis::kEvent, agent, client, rang).offers;
}

void Truth::missed_offer(QueueNo queue, AgentNo agent, core::EventTime visit_begin, core::EventTime ended) {
  const ClientNo client = plan_[queue].client;
  for (const core::Basis basis : kBases) {
    const core::EventTime time = basis == core::Basis::kArrival ? visit_begin : ended;
    ++queue_cell(basis, queue, time).missed_offers;
    ++agent_cell(basis, agent, client, time).missed_offers;
  }
}

void Truth::segment(const Segment& segment) {
  const ClientNo client = plan_[segment.queue].client;
  const std::int64_t hold_ms = segment.hold.count();
  const std::int64_t talk_ms = (segment.talk_end - segment.start).count() - hold_ms;
  const std::int64_t wrap_ms = (segment.wrapped - segment.talk_end).count();
  for (const core::Basis basis : kBases) {
    const bool by_arrival = basis == core::Basis::kArrival;
    const core::EventTime begun = by_arrival ? segment.arrival : segment.start;
    const core::EventTime completed = by_arrival ? segment.arrival : segment.wrapped;
    ++queue_cell(basis, segment.queue, begun).handled;
    ++agent_cell(basis, segment.agent, client, begun).handled;
    Handling& handling = queue_cell(basis, segment.queue, completed).handling;
    handling.handle.add(core::Millis{talk_ms + hold_ms + wrap_ms});
    AgentCell& agent = agent_cell(basis, segment.agent, client, completed);
    ++agent.completed;
    for (auto* sums : {&handling.talk_ms, &agent.talk_ms}) *sums += talk_ms;
    for (auto* sums : {&handling.hold_ms, &agent.hold_ms}) *sums += hold_ms;
    for (auto* sums : {&handling.wrap_ms, &agent.wrap_ms}) *sums += wrap_ms;
  }
}

void Truth::turn(const Turn& turn) {
  const core::Millis span = turn.end - turn.begin;
  for (const core::Basis basis : kBases) {
    const bool by_arrival = basis == core::Basis::kArrival;
    auto& rows = chats_[core::index(basis)][turn.queue];
    if (turn.first()) ++rows[quarter(turn.begin)].started;
    const std::int64_t ended = quarter(by_arrival ? turn.chat_start : turn.end);
    if (!turn.agent) {  // Of a later turn nothing is counted.
      if (turn.first()) ++rows[ended].missed;
      continue;
    }
    rows[ended].response.add(span);
    if (turn.first()) rows[ended].first_response.add(span);
    ChatAgentCell& agent = chat_agents_[core::index(basis)][{plan_[turn.queue].client, *turn.agent}][ended];
    agent.response.add(span);
    if (turn.first()) agent.first_response.add(span);
  }
}

void Truth::agent_state(AgentNo agent, core::AgentState state, core::EventTime from, core::EventTime to) {
  if (state == core::AgentState::kOffline) return;
  const ClientNo home = plan_[plan_[agent].group].client;
  while (from < to) {
    const core::EventTime boundary = core::event_time((quarter(from) + 1) * kQuarterMs);
    const core::EventTime part_end = std::min(boundary, to);
    for (const core::Basis basis : kBases)
      agent_cell(basis, agent, home, from).state_ms[core::index(state)] += (part_end - from).count();
    from = part_end;
  }
}

void Truth::lead(const Lead& lead) {
  const std::int64_t counted = counted_attempts(lead);
  for (const core::Basis basis : kBases) {
    auto& rows = leads_[core::index(basis)][{lead.client, lead.campaign}];
    // Everything of a cohort stands at its creation; facts of their own stand at their own time.
    const auto at = [&](core::EventTime own) -> LeadCell& {
      return rows[quarter(basis == core::Basis::kArrival ? lead.created : own)];
    };
    ++at(lead.created).created;
    if (!lead.attempts.empty()) {
      const core::Millis response = lead.attempts.front() - lead.created;
      LeadCell& cell = at(lead.attempts.front());
      ++cell.attempted;
      cell.response.add(response);
      cell.within_target += response <= kLeadTarget ? 1 : 0;
      cell.attempts += counted;
      cell.leads_with_attempts += counted > 0 ? 1 : 0;
    }
    if (lead.contacted) {
      LeadCell& cell = at(*lead.contacted);
      ++cell.contacted;
      cell.contact.add(*lead.contacted - lead.created);
    }
    if (!lead.contacted && !lead.closed) {
      LeadCell& cell = at(lead.created);
      ++cell.open;
      cell.oldest_open = std::min(cell.oldest_open, lead.created);
    }
  }
}

void Truth::deal(const Deal& deal) {
  auto& rows = deals_[{deal.client, deal.currency}];
  DealCell& opened = rows[quarter(deal.opened)];
  ++opened.opened;
  opened.won_of_opened += deal.won ? 1 : 0;
  if (!deal.closed) return;
  DealCell& closed = rows[quarter(*deal.closed)];
  ++(deal.won ? closed.won : closed.lost);
  (deal.won ? closed.won_cents : closed.lost_cents) += deal.cents;
  if (!deal.won) return;
  closed.cost_cents += deal.cost_cents;
  closed.cycle.add(*deal.closed - deal.opened);
}

}  // namespace simulation

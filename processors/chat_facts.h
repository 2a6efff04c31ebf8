// The facts of a chat's turns: to which cells they add, and how much. `Book` as in contact_facts.h, with its chat() and
// chat_agent().
#pragma once

#include "processors/cells.h"
#include "processors/chat_turns.h"
#include "processors/rules.h"
#include "processors/sla_facts.h"

namespace processors {

template <typename Book>
void add_turn_begin(const TurnView& t, Rules& rules, std::int32_t sign, Book& book) {
  if (!t.first) return;
  const auto started = [&](ChatCell& cell) { cell.count(ChatCount::kStarted, sign); };
  book.chat(core::Basis::kArrival, t.begin, t.key, started);
  book.chat(core::Basis::kEvent, t.begin, t.key, started);
  add_contract_begin(t, rules, sign, book);
}
/// Whether add_turn_begin() says the same of both.
inline bool same_begin(const TurnView& a, const TurnView& b) {
  return a.key == b.key && a.first == b.first && a.begin == b.begin;
}

template <typename Book>
void add_turn_end(const TurnView& t, Rules& rules, std::int32_t sign, Book& book) {
  const auto both = [&](const auto& to, const auto& add) {
    to(core::Basis::kArrival, t.arrival, add), to(core::Basis::kEvent, t.end, add);
  };
  const auto to_queue = [&](core::Basis basis, core::EventTime time, const auto& add) {
    book.chat(basis, time, t.key, add);
  };
  if (t.outcome == TurnView::Outcome::kClosed && t.first) {
    both(to_queue, [&](ChatCell& cell) { cell.count(ChatCount::kMissed, sign); });
  }
  if (t.outcome != TurnView::Outcome::kAnswered) return;
  const std::int64_t span = t.span().count();
  both(to_queue, [&](ChatCell& cell) {
    cell.count(ChatCount::kResponses, sign), cell.sum(ChatSum::kResponse, sign * span);
    cell.span(ChatHist::kResponse, span, sign);
    if (!t.first) return;
    cell.count(ChatCount::kResponded, sign), cell.sum(ChatSum::kFirstResponse, sign * span);
    cell.span(ChatHist::kFirstResponse, span, sign);
  });
  if (t.first) add_contract_end(t, rules, sign, book);
  if (t.agent == core::NameId::kNone) return;
  const auto to_agent = [&](core::Basis basis, core::EventTime time, const auto& add) {
    book.chat_agent(basis, time, CellKey{t.key.a, t.agent}, add);
  };
  both(to_agent, [&](ChatAgentCell& cell) {
    cell.count(ChatAgentCount::kResponses, sign), cell.sum(ChatSum::kResponse, sign * span);
    if (!t.first) return;
    cell.count(ChatAgentCount::kResponded, sign), cell.sum(ChatSum::kFirstResponse, sign * span);
  });
}

}  // namespace processors

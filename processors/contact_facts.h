// The facts of a contact: to which cells its visits, offers, segments, dials and turns add, and how much.
//
// `sign` is +1 to add and -1 to take back; taking back exactly what was added is all that late and contradicting
// events need. `Book` is a CellBook, or anything with its queue(), agent(), chat(), chat_agent()
// and contract().
#pragma once

#include "processors/cells.h"
#include "processors/chat_facts.h"
#include "processors/contact_view.h"
#include "processors/rules.h"
#include "processors/service_level.h"
#include "processors/sla_facts.h"

namespace processors {

using core::Basis;

constexpr QueueCount operator+(QueueCount column, std::size_t offset) {
  return static_cast<QueueCount>(static_cast<std::size_t>(column) + offset);
}

// Each part of a contact has a beginning and an end that are counted apart, so that a part that ends does not take
// back its beginning only to add it again: most events add an end.

template <typename Book>
void add_visit_begin(const VisitView& v, Rules& rules, std::int32_t sign, Book& book) {
  const auto offered = [&](QueueCell& cell) { cell.count(QueueCount::kOffered + core::index(v.entry), sign); };
  book.queue(Basis::kArrival, v.begin, v.key, offered);
  book.queue(Basis::kEvent, v.begin, v.key, offered);
  add_contract_begin(v, rules, sign, book);
}
/// Whether add_visit_begin() says the same of both.
inline bool same_begin(const VisitView& a, const VisitView& b) {
  return a.key == b.key && a.entry == b.entry && a.begin == b.begin;
}

template <typename Book>
void add_visit_end(const VisitView& v, Rules& rules, std::int32_t sign, Book& book) {
  if (v.outcome == VisitView::Outcome::kOpen) return;
  const core::SlaVersion& sla = rules.sla(v.key, v.entry, v.begin);
  const ServiceClass result = service_class(v, sla);
  const FormulaParts parts = formula_parts(sla.formula);
  const std::int64_t wait = v.wait().count();
  const auto ended = [&](QueueCell& cell) {
    cell.count(QueueCount::kAnsweredWithin + static_cast<std::size_t>(result), sign);
    if (in_part(parts.numerator, result)) cell.count(QueueCount::kServiceNumerator, sign);
    if (in_part(parts.denominator, result)) cell.count(QueueCount::kServiceDenominator, sign);
    if (v.outcome == VisitView::Outcome::kAnswered) {
      cell.sum(QueueSum::kWaitAnswered, sign * wait);
      cell.span(QueueHist::kWaitAnswered, wait, sign);
    } else if (result >= ServiceClass::kFlowedOutWithin) {
      cell.count(QueueCount::kFlowedOutBy + core::index(v.reason), sign);
    } else {
      cell.sum(QueueSum::kWaitAbandoned, sign * wait);
      cell.span(QueueHist::kWaitAbandoned, wait, sign);
    }
  };
  book.queue(Basis::kArrival, v.begin, v.key, ended);
  book.queue(Basis::kEvent, v.end, v.key, ended);
  add_contract_end(v, rules, sign, book);
}

/// Adds to the queue's and to the agent's cell, in both bases.
template <typename View, typename Book, typename Add>
void add_to_both(const View& view, core::EventTime arrival, core::EventTime at, Book& book, const Add& add) {
  const CellKey agent{view.key.a, view.agent};
  book.queue(Basis::kArrival, arrival, view.key, add);
  book.queue(Basis::kEvent, at, view.key, add);
  book.agent(Basis::kArrival, arrival, agent, add);
  book.agent(Basis::kEvent, at, agent, add);
}

template <typename Book>
void add_offer_begin(const OfferView& o, std::int32_t sign, Book& book) {
  add_to_both(o, o.arrival, o.begin, book,
              [&](auto& cell) { cell.count(std::decay_t<decltype(cell)>::CountColumn::kOffers, sign); });
}
inline bool same_begin(const OfferView& a, const OfferView& b) {
  return a.key == b.key && a.agent == b.agent && a.arrival == b.arrival && a.begin == b.begin;
}

template <typename Book>
void add_offer_end(const OfferView& o, std::int32_t sign, Book& book) {
  if (!o.missed) return;
  add_to_both(o, o.missed_arrival, o.end, book,
              [&](auto& cell) { cell.count(std::decay_t<decltype(cell)>::CountColumn::kMissedOffers, sign); });
}

template <typename Book>
void add_segment_begin(const SegmentView& s, Rules& rules, std::int32_t sign, Book& book) {
  const CellKey agent{s.key.a, s.agent};
  const auto handled = [&](QueueCell& cell) {
    cell.count(QueueCount::kHandled, sign);
    if (s.transferred) cell.count(QueueCount::kTransferred, sign);
    if (s.outbound) cell.count(QueueCount::kConnected, sign);
  };
  const auto handled_by = [&](AgentCell& cell) { cell.count(AgentCount::kHandled, sign); };
  book.queue(Basis::kArrival, s.arrival, s.key, handled);
  book.queue(Basis::kEvent, s.start, s.key, handled);
  book.agent(Basis::kArrival, s.arrival, agent, handled_by);
  book.agent(Basis::kEvent, s.start, agent, handled_by);
  add_contract_begin(s, rules, sign, book);
}
inline bool same_begin(const SegmentView& a, const SegmentView& b) {
  return a.key == b.key && a.agent == b.agent && a.transferred == b.transferred && a.outbound == b.outbound &&
         a.arrival == b.arrival && a.start == b.start;
}

template <typename Book>
void add_segment_end(const SegmentView& s, Rules& rules, std::int32_t sign, Book& book) {
  if (!s.complete) return;
  add_to_both(s, s.arrival, s.completed, book, [&](auto& cell) {
    using CellType = std::decay_t<decltype(cell)>;
    cell.count(CellType::CountColumn::kCompleted, sign);
    cell.sum(CellType::SumColumn::kTalk, sign * s.talk.count());
    cell.sum(CellType::SumColumn::kHold, sign * s.hold.count());
    cell.sum(CellType::SumColumn::kWrap, sign * s.wrap.count());
    if constexpr (CellType::kHists > 0) cell.span(QueueHist::kHandle, s.handle().count(), sign);
  });
  add_contract_end(s, rules, sign, book);
}

template <typename Book>
void add_dial(const DialView& d, std::int32_t sign, Book& book) {
  const auto dialled = [&](QueueCell& cell) { cell.count(QueueCount::kDialled, sign); };
  book.queue(Basis::kArrival, d.time, d.key, dialled);
  book.queue(Basis::kEvent, d.time, d.key, dialled);
}

/// All facts of a view.
template <typename Book>
void add_contact(const ContactView& view, Rules& rules, std::int32_t sign, Book& book) {
  for (const auto& v : view.visits) add_visit_begin(v, rules, sign, book), add_visit_end(v, rules, sign, book);
  for (const auto& o : view.offers) add_offer_begin(o, sign, book), add_offer_end(o, sign, book);
  for (const auto& s : view.segments) add_segment_begin(s, rules, sign, book), add_segment_end(s, rules, sign, book);
  for (const auto& d : view.dials) add_dial(d, sign, book);
  for (const auto& t : view.turns) add_turn_begin(t, rules, sign, book), add_turn_end(t, rules, sign, book);
}

/// Of parts of one kind: takes back what the old ones added and adds the new ones. Those that did not change are not
/// touched; those that stand at another place in the list are taken back and added, which comes to the same.
template <typename Parts, typename Same, typename Begin, typename End>
void replace_parts(const Parts& old_parts, const Parts& new_parts, const Same& same, const Begin& begin,
                   const End& end) {
  for (std::size_t i = 0; i < old_parts.size() || i < new_parts.size(); ++i) {
    const bool was = i < old_parts.size(), is = i < new_parts.size();
    if (was && is && old_parts[i] == new_parts[i]) continue;
    const bool begin_holds = was && is && same(old_parts[i], new_parts[i]);
    if (was && !begin_holds) begin(old_parts[i], -1);
    if (was) end(old_parts[i], -1);
    if (is && !begin_holds) begin(new_parts[i], +1);
    if (is) end(new_parts[i], +1);
  }
}

template <typename Book>
void replace_turns(const Turns& before, const Turns& after, Rules& rules, Book& book) {
  replace_parts(
      before, after, [](const TurnView& a, const TurnView& b) { return same_begin(a, b); },
      [&](const TurnView& t, std::int32_t n) { add_turn_begin(t, rules, n, book); },
      [&](const TurnView& t, std::int32_t n) { add_turn_end(t, rules, n, book); });
}

/// facts(after) − facts(before).
template <typename Book>
void replace_contact(const ContactView& before, const ContactView& after, Rules& rules, Book& book) {
  const auto same = [](const auto& a, const auto& b) { return same_begin(a, b); };
  replace_parts(
      before.visits, after.visits, same,
      [&](const VisitView& v, std::int32_t n) { add_visit_begin(v, rules, n, book); },
      [&](const VisitView& v, std::int32_t n) { add_visit_end(v, rules, n, book); });
  replace_parts(
      before.offers, after.offers, same, [&](const OfferView& o, std::int32_t n) { add_offer_begin(o, n, book); },
      [&](const OfferView& o, std::int32_t n) { add_offer_end(o, n, book); });
  replace_parts(
      before.segments, after.segments, same,
      [&](const SegmentView& s, std::int32_t n) { add_segment_begin(s, rules, n, book); },
      [&](const SegmentView& s, std::int32_t n) { add_segment_end(s, rules, n, book); });
  replace_parts(
      before.dials, after.dials, [](const DialView&, const DialView&) { return false; },
      [&](const DialView& d, std::int32_t n) { add_dial(d, n, book); }, [](const DialView&, std::int32_t) {});
  replace_turns(before.turns, after.turns, rules, book);
}

}  // namespace processors

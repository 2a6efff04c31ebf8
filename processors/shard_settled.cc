// What a shard notes of settled intervals for the diary of corrections.
#include "processors/contact_facts.h"
#include "processors/occupancy.h"
#include "processors/shard.h"
#include "processors/sla_facts.h"
#include "processors/still_open.h"

namespace processors {

namespace {

/// A day of quarter-hours.
constexpr core::Slot kMovedRows = 96;

/// Whether an exact maximum is lost in the intervals [first, last).
template <typename CellType>
bool maximum_lost(const CellTable<CellType>& table, core::Slot first, core::Slot last) {
  const auto lost_in = [](const auto& page) {
    bool lost = false;
    page.each([&](const CellKey&, const CellType& cell) { lost = lost || cell.maximum_lost(); });
    return lost;
  };
  constexpr std::int64_t kFew = 1000;
  bool lost = false;
  if (std::int64_t{last} - first > kFew) {
    table.pages(
        [&](core::Slot slot, const auto& page) { lost = lost || (slot >= first && slot < last && lost_in(page)); });
    return lost;
  }
  for (core::Slot slot = first; slot < last && !lost; ++slot) {
    const auto* page = table.page(slot);
    lost = page != nullptr && lost_in(*page);
  }
  return lost;
}

/// The notes that the running event has made.
template <typename Notes, typename Use>
void each_new(Notes& notes, std::uint64_t event, Use&& use) {
  for (auto note = notes.rbegin(); note != notes.rend() && note->first == event; ++note) use(*note);
}

}  // namespace

void Shard::settle_before(core::EventTime time, bool sealed) {
  SettledCells& settled = book_.settled();
  const core::Slot first = settled.first_unsettled(), last = core::slot_of(time, core::kInterval);
  if (last <= first) return;
  // What is noted of an interval is what was published of it, with its maximum.
  const auto lost = [&](const auto& tables) {
    return maximum_lost(tables[0], first, last) || maximum_lost(tables[1], first, last);
  };
  if (lost(book_.queues.intervals) || lost(book_.leads.intervals) || lost(book_.chats.intervals) ||
      maximum_lost(book_.deals, first, last)) {
    settle_maxima();
  }
  settled.settle_before(time, sealed);
}

void Shard::hold(const ContactView& view) {
  SettledCells& settled = book_.settled();
  if (settled.sealed()) return;
  const auto hold_queue = [&](core::Basis basis, core::EventTime time, const CellKey& key) {
    if (!settled.covers(time)) return;
    settled.of<QueueCell>().hold({basis, core::slot_of(time, core::kInterval), key});
  };
  const auto hold_contract = [&](const Contract& contract, core::EventTime at) {
    if (settled.covers(at)) settled.of<ContractCell>().hold({{}, core::slot_of(at, core::kInterval), contract.key});
  };
  for (const VisitView& v : view.visits) {
    if (!still_waits(v, rules_, as_of_)) continue;
    hold_queue(core::Basis::kArrival, v.begin, v.key), hold_queue(core::Basis::kEvent, v.begin, v.key);
    const core::Millis threshold = rules_.sla(v.key, v.entry, v.begin).threshold;
    if (as_of_ - v.begin > threshold) hold_queue(core::Basis::kEvent, v.begin + threshold + core::Millis{1}, v.key);
    if (!settled.covers(v.begin)) continue;
    each_visit_contract(v, rules_, [&](const Contract& contract) {
      hold_contract(contract, v.begin);
      if (const auto from = counts_open_from(v, contract, as_of_)) hold_contract(contract, *from);
    });
  }
  for (const SegmentView& s : view.segments) {
    if (!still_handled(s, rules_, as_of_)) continue;
    for (const auto& [basis, time] :
         {std::pair(core::Basis::kArrival, s.arrival), std::pair(core::Basis::kEvent, s.start)}) {
      hold_queue(basis, time, s.key);
      if (!settled.covers(time)) continue;
      settled.of<AgentCell>().hold({basis, core::slot_of(time, core::kInterval), CellKey{s.key.a, s.agent}});
    }
    if (!settled.covers(s.arrival)) continue;
    each_handle_contract(s, rules_, [&](const Contract& contract) {
      hold_contract(contract, counted_at(contract, s.arrival, s.start));
    });
  }
  for (const TurnView& t : view.turns) {
    if (!still_unanswered(t, rules_, as_of_)) continue;
    for (const core::Basis basis : {core::Basis::kArrival, core::Basis::kEvent}) {
      const core::EventTime time = counted_in(basis, t);
      if (settled.covers(time)) settled.of<ChatCell>().hold({basis, core::slot_of(time, core::kInterval), t.key});
    }
    if (!t.first || !settled.covers(t.begin)) continue;
    each_response_contract(t, rules_, [&](const Contract& contract) { hold_contract(contract, t.begin); });
  }
}

void Shard::hold(const LeadView& view) {
  SettledCells& settled = book_.settled();
  if (settled.sealed() || !view.open || !settled.covers(view.created)) return;
  const core::Slot interval = core::slot_of(view.created, core::kInterval);
  for (const core::Basis basis : {core::Basis::kArrival, core::Basis::kEvent}) {
    settled.of<LeadCell>().hold({basis, interval, view.key});
  }
  rules_.each_lead_contract(view.key.a, view.created, [&](const Contract& contract) {
    settled.of<ContractCell>().hold({{}, interval, contract.key});
  });
}

/// Of an opening's cohort some may be won yet.
void Shard::hold(const DealView& view) {
  SettledCells& settled = book_.settled();
  if (settled.sealed() || !view.open() || !settled.covers(*view.opened)) return;
  settled.of<DealCell>().hold({{}, core::slot_of(*view.opened, core::kInterval), view.key});
}

void Shard::hold_rows_of_open_contacts() {
  contacts_.each_open_unchanged([&](const ContactRecord& r) { hold(view_of(r, rules_, names_)); });
}

void Shard::hold_rows_of_open_leads() {
  leads_.each_open_unchanged([&](const AttributeRecord& record) {
    if (const auto view = view_of(record, rules_, names_)) hold(*view);
  });
}

void Shard::hold_rows_of_open_deals() {
  deals_.each_open_unchanged([&](const AttributeRecord& record) {
    if (const auto view = deal_view_of(record, rules_, names_)) hold(*view);
  });
}

/// What it gives to occupancy is not settled before it has ended: it may be given up.
void Shard::hold(const AgentMoment& moment) {
  SettledCells& settled = book_.settled();
  if (settled.sealed() || !rules_.judges_occupancy() || !moment.running) return;
  if (!enters_occupancy(moment.running->state)) return;
  rules_.each_occupancy_contract([&](const CellKey& contract, const core::SlaProfile&) {
    if (contract.a != client_of(moment)) return;
    for (core::Slot i = core::slot_of(moment.running->since, core::kInterval); i < settled.first_unsettled(); ++i) {
      settled.of<ContractCell>().hold({{}, i, contract});
    }
  });
}

void Shard::hold_rows_of_running_states() {
  if (!rules_.judges_occupancy()) return;
  for (std::size_t i = 0; i < agents_.size(); ++i) hold(moment_of(agents_[i].record));
}

/// The cells of contracts to which the agent belongs, or belonged.
void Shard::note_occupancy(core::NameId agent, core::Slot interval, const AgentMoment& before,
                           const AgentMoment& after) {
  rules_.each_occupancy_contract([&](const CellKey& contract, const core::SlaProfile&) {
    if (contract.a != client_of(before) && contract.a != client_of(after)) return;
    const CellKey key{contract.a, contract.b, agent};
    book_.settled().note(IntervalKey{{}, interval, key}, book_.contracts.at(interval, key));
  });
}

/// A state that began in settled intervals and ended, or the other way round: what was published of them had its time,
/// though the cells had not. Of one whose client is another now all time moves; the diary has the last day of it.
void Shard::note_agent(core::NameId agent, const AgentMoment& before, const AgentMoment& after) {
  SettledCells& settled = book_.settled();
  if (!settled.any_settled()) return;
  const CellKey key{agent};
  const bool moved = before.home != after.home;
  if (moved) {
    settled.note_move(agent, before.home);
    for (core::Slot i = settled.first_unsettled() - kMovedRows; i < settled.first_unsettled(); ++i) {
      book_.away().need(i);
      if (const AgentTimeCell* cell = book_.agent_times.find(i, key)) {
        settled.note(IntervalKey{{}, i, key}, *cell);
        note_occupancy(agent, i, before, after);
      }
    }
  }
  if (moved || before.running != after.running) {
    core::EventTime first = core::slot_start(settled.first_unsettled(), core::kInterval);
    for (const auto& running : {before.running, after.running}) {
      if (running) first = std::min(first, running->since);
    }
    for (core::Slot i = core::slot_of(first, core::kInterval); i < settled.first_unsettled(); ++i) {
      book_.away().need(i);
      settled.note(IntervalKey{{}, i, key}, book_.agent_times.at(i, key));
      note_occupancy(agent, i, before, after);
    }
  }
  if (!before.running) return;
  each_new(settled.of<AgentTimeCell>().notes(), settled.event_number(),
           [&](auto& note) { before.running->add_to(note.former, note.place.interval); });
  each_new(settled.of<ContractCell>().notes(), settled.event_number(), [&](auto& note) {
    add_occupancy(*before.running, note.place.interval, note.place.key, rules_, note.former);
  });
}

}  // namespace processors

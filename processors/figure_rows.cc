#include "processors/figure_rows.h"

#include <date/tz.h>

#include "processors/lead_facts.h"
#include "processors/row_cells.h"

namespace processors {

using core::EventTime;
using core::NameId;
using core::Period;

namespace {

void overlay_visit(const VisitView& v, Shard& shard, Placement& placement, ShardRows<QueueRow>& rows) {
  if (v.outcome != VisitView::Outcome::kOpen) return;
  const core::Millis age = placement.point().as_of - v.begin;
  const bool given_up = age > shard.rules().give_up_visit(v.key.c);
  if (QueueRow* row = rows.row(v.key, v.begin, core::Millis{0})) {
    row->cell.count(given_up ? QueueCount::kUnfinished : QueueCount::kWaiting, 1);
    if (!given_up) rows.unsettle(*row);
  }
  const core::SlaVersion& sla = shard.rules().sla(v.key, v.entry, v.begin);
  if (given_up || age <= sla.threshold) return;
  // Open for longer than T: answered late, of which every formula has a share of the denominator only.
  const EventTime passed = v.begin + sla.threshold + core::Millis{1};
  const EventTime at = placement.basis() == core::Basis::kArrival ? v.begin : passed;
  QueueRow* row = rows.row(v.key, at, core::Millis{0});
  if (row == nullptr) return;
  row->cell.count(QueueCount::kServiceDenominator, 1);
  rows.unsettle(*row);
}

template <typename Row, typename Note>
void overlay_segment(const SegmentView& s, const CellKey& key, Shard& shard, Placement& placement, ShardRows<Row>& rows,
                     Note&& note) {
  if (s.complete) return;
  const bool given_up = placement.point().as_of - s.start > shard.rules().give_up().segment;
  const EventTime at = placement.basis() == core::Basis::kArrival ? s.arrival : s.start;
  Row* row = rows.row(key, at, core::Millis{0});
  if (row == nullptr) return;
  if (given_up) {
    note(*row);
  } else {
    rows.unsettle(*row);
  }
}

}  // namespace

Rows<QueueRow> queue_rows(std::span<Shard* const> shards, Placement& placement) {
  Rows<QueueRow> result;
  const core::FigureQuery& query = placement.query();
  for (Shard* shard : shards) {
    shard->settle_maxima();
    ShardRows<QueueRow> rows(*shard, placement);
    sum_contact_cells(*shard, shard->book().queues, placement, rows);
    each_open_contact(*shard, [&](const ContactView& view) {
      for (const auto& v : view.visits) overlay_visit(v, *shard, placement, rows);
      for (const auto& s : view.segments) {
        overlay_segment(s, s.key, *shard, placement, rows,
                        [](QueueRow& row) { row.cell.count(QueueCount::kUnfinished, 1); });
      }
    });
    rows.hand_over(result, query.by == core::FigureKey::kClient, [&](const RowKey& key) {
      return matches(query.client, key.a) && matches(query.queue, key.b) && matches(query.channel, key.c);
    });
  }
  return result;
}

namespace {

/// The agents' time, at the agent's home client: from the cells of whole intervals, and from the states themselves for
/// windows and for what the bounds of a total cut off.
void add_agent_times(Shard& shard, Placement& placement, ShardRows<AgentRow>& rows) {
  const core::Millis give_up = shard.rules().give_up().agent_state;
  const EventTime as_of = placement.point().as_of;
  const NameId fallback = shard.names().intern("default");
  core::PeriodParts parts;
  if (placement.cuts_intervals()) parts = core::parts_of(placement.span(""));
  boost::unordered_flat_map<NameId, CellKey> keys;
  for (std::size_t i = 0; i < shard.agents().size(); ++i) {
    AgentRecord& agent = shard.agents()[i].record;
    const NameId self = shard.names().intern(agent.id());
    const NameId home = agent.home_client() == NameId::kNone ? fallback : agent.home_client();
    const CellKey key{home, self};
    keys[self] = key;
    const auto add = [&](EventTime at, core::AgentState state, core::Millis amount) {
      if (state == core::AgentState::kOffline) return;
      AgentRow* row = rows.row(key, at, core::Millis{0});
      if (row != nullptr) row->time.sum(static_cast<TimeSum>(core::index(state)), amount.count());
    };
    const auto add_spans = [&](const Period& span) {
      shard.bring_back(span.start, span.end);
      agent.need_around(span.start, shard.book()), agent.need_around(span.end, shard.book());
      agent.spans(span.start, span.end, as_of, give_up,
                  [&](const StatePoint& p, EventTime from, EventTime to) { add(from, p.state, to - from); });
    };
    if (placement.windowed()) {
      add_spans(placement.span(shard.names().text(home)));
      continue;
    }
    for (const Period& edge : parts.edges) add_spans(edge);
    const auto running = agent.current(as_of, give_up);
    if (!running) continue;
    core::each_interval_part(std::max(running->time, parts.whole.start), std::min(as_of, parts.whole.end),
                             [&](EventTime from, EventTime to) { add(from, running->state, to - from); });
  }
  if (placement.windowed()) return;
  const Period reach = placement.reach();
  shard.each_page<AgentTimeCell>({}, reach.start, reach.end, [&](core::Slot slot, auto& page) {
    const EventTime start = core::slot_start(slot, core::kInterval);
    if (start < parts.whole.start || start >= parts.whole.end) return;
    page.each([&](const CellKey& agent, AgentTimeCell& cell) {
      AgentRow* row = rows.row(keys.at(agent.a), start, core::kInterval);
      if (row != nullptr) row->time.merge(cell);
    });
  });
}

}  // namespace

Rows<AgentRow> agent_rows(std::span<Shard* const> shards, Placement& placement) {
  Rows<AgentRow> result;
  for (Shard* shard : shards) {
    ShardRows<AgentRow> rows(*shard, placement);
    sum_contact_cells(*shard, shard->book().agents, placement, rows);
    each_open_contact(*shard, [&](const ContactView& view) {
      for (const auto& s : view.segments) {
        overlay_segment(s, CellKey{s.key.a, s.agent}, *shard, placement, rows, [](AgentRow&) {});
      }
    });
    add_agent_times(*shard, placement, rows);
    rows.hand_over(result, false, [&](const RowKey& key) { return matches(placement.query().client, key.a); });
  }
  return result;
}

Rows<LeadRow> lead_rows(std::span<Shard* const> shards, Placement& placement) {
  Rows<LeadRow> result;
  for (Shard* shard : shards) {
    shard->settle_maxima();
    ShardRows<LeadRow> rows(*shard, placement);
    sum_cells(*shard, shard->book().leads, placement, rows, [&](auto& book) {
      shard->each_lead(EventTime::min(), EventTime::max(), [&](const AttributeRecord& record) {
        if (const auto view = view_of(record, shard->rules(), shard->names()))
          add_lead(*view, shard->rules(), +1, book);
      });
    });
    shard->leads().each_open([&](const AttributeRecord& record) {
      const auto view = view_of(record, shard->rules(), shard->names());
      LeadRow* row = rows.row(view->key, view->created, core::Millis{0});
      if (row == nullptr) return;
      row->cell.count(LeadCount::kOpen, 1);
      row->oldest_open = std::min(row->oldest_open.value_or(view->created), view->created);
      rows.unsettle(*row);
    });
    rows.hand_over(result, false, [&](const RowKey& key) { return matches(placement.query().client, key.a); });
  }
  return result;
}

}  // namespace processors

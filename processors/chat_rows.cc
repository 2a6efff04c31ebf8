// The rows of chats, by queue and by agent.
#include <algorithm>

#include "processors/row_cells.h"
#include "processors/still_open.h"

namespace processors {
namespace {

/// A turn that waits stands where its chat started, in basis `event` where the customer wrote.
void overlay_turn(const TurnView& t, Shard& shard, Placement& placement, ShardRows<ChatRow>& rows) {
  if (t.outcome != TurnView::Outcome::kOpen) return;
  ChatRow* row = rows.row(t.key, counted_in(placement.basis(), t), core::Millis{0});
  if (row == nullptr) return;
  if (!still_unanswered(t, shard.rules(), placement.point().as_of)) {
    row->cell.count(ChatCount::kUnfinished, 1);
    return;
  }
  row->cell.count(ChatCount::kUnanswered, 1);
  row->oldest_unanswered = std::min(row->oldest_unanswered.value_or(t.begin), t.begin);
  rows.unsettle(*row);
}

}  // namespace

Rows<ChatRow> chat_rows(std::span<Shard* const> shards, Placement& placement) {
  Rows<ChatRow> result;
  const core::FigureQuery& query = placement.query();
  for (Shard* shard : shards) {
    shard->settle_maxima();
    ShardRows<ChatRow> rows(*shard, placement);
    sum_contact_cells(*shard, shard->book().chats, placement, rows);
    each_open_contact(*shard, [&](const ContactView& view) {
      for (const TurnView& t : view.turns) overlay_turn(t, *shard, placement, rows);
    });
    rows.hand_over(result, false, [&](const RowKey& key) {
      return matches(query.client, key.a) && matches(query.queue, key.b) && matches(query.channel, key.c);
    });
  }
  return result;
}

Rows<ChatAgentRow> chat_agent_rows(std::span<Shard* const> shards, Placement& placement) {
  Rows<ChatAgentRow> result;
  for (Shard* shard : shards) {
    ShardRows<ChatAgentRow> rows(*shard, placement);
    sum_contact_cells(*shard, shard->book().chat_agents, placement, rows);
    rows.hand_over(result, false, [&](const RowKey& key) { return matches(placement.query().client, key.a); });
  }
  return result;
}

}  // namespace processors

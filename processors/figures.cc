#include "processors/figures.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "processors/contract_periods.h"
#include "processors/contract_table.h"
#include "processors/figure_inputs.h"
#include "processors/figure_values.h"
#include "processors/row_frame.h"

namespace processors {
namespace {

using core::Value;
using Cells = std::vector<Value>;

/// With a row of nothing for every known key in every interval of the range (`--all`).
template <typename Row>
Rows<Row> with_gaps(Rows<Row> rows, Placement& placement) {
  if (!placement.query().all || placement.windowed() || placement.query().every == core::Every::kTotal) return rows;
  if (rows.empty()) return rows;
  std::set<std::tuple<std::string, std::string, std::string>> keys;
  core::EventTime first = core::EventTime::max(), last = core::EventTime::min();
  for (const auto& [key, row] : rows) {
    keys.emplace(key.a, key.b, key.c);
    first = std::min(first, key.start), last = std::max(last, key.start);
  }
  first = placement.query().from.value_or(first);
  last = placement.query().to ? *placement.query().to - core::Millis{1} : last;
  for (const auto& [a, b, c] : keys) {
    for (core::EventTime at = first; at <= last;) {
      const auto period = placement.place(a, at);
      if (!period) {  // The interval of `first` begins before the range.
        at += core::kInterval;
        continue;
      }
      Row row;
      row.period = *period;
      row.status = placement.status(period->end, *period);
      rows.try_emplace(RowKey{a, b, c, period->start}, row);
      at = period->end;
    }
  }
  return rows;
}

template <typename Row>
void add_revisions(Rows<Row>& rows, const RevisionCounts* counts) {
  if (counts == nullptr) return;
  for (auto& [key, row] : rows) {
    if (const auto found = counts->find(key); found != counts->end()) row.revisions = found->second;
  }
}

template <typename Row, typename WriteValues>
core::FigureTable table_of(Rows<Row> rows, Placement& placement, const std::vector<std::string>& columns,
                           WriteValues&& write_values) {
  const core::FigureQuery& query = placement.query();
  add_revisions(rows, placement.point().revisions);
  core::FigureTable table;
  table.columns = core::key_columns(query.by);
  const std::size_t keys = table.columns.size();
  for (const char* column : {"start", "end", "status", "revision"}) table.columns.emplace_back(column);
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  const TimeWords words(query);
  for (const auto& [key, row] : rows) {
    if (row.nothing() && !query.all) continue;
    Cells cells;
    cells.reserve(table.columns.size());
    const std::array parts = {&key.a, &key.b, &key.c};
    for (const std::string* part : std::span(parts).first(keys)) cells.emplace_back(*part);
    cells.push_back(words(row.period.start));
    cells.push_back(words(row.period.end));
    cells.emplace_back(std::string(status_word(row.status, row.revisions)));
    cells.emplace_back(row.revisions);
    write_values(row, cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

/// Where a contract's row begins that holds this time; nullopt: before its first version.
std::optional<core::EventTime> contract_row(const core::SlaProfile& profile, const date::time_zone& zone,
                                            core::Every every, core::EventTime time) {
  if (every != core::Every::kTotal) return core::period_of(every, zone, time).start;
  const auto period = contract_period(profile, zone, time);
  return period ? std::optional(period->start) : std::nullopt;
}

/// Of every row those of its quarter-hours, and of a contract's period its restatements, which stand at its begin.
core::Result<RevisionCounts> count_contract_revisions(const core::FigureConfig& config, const core::FigureQuery& query,
                                                      core::RevisionReader& kept) {
  RevisionCounts counts;
  core::FigureQuery one_by_one = query;
  one_by_one.every = core::Every::k15m, one_by_one.from = one_by_one.to = std::nullopt;
  const auto read = kept.counts(one_by_one, [&](const core::RevisedRow& row, std::int64_t n) {
    const core::ClientConfig& client = config.client(row.a);
    const auto profile = std::ranges::find(client.sla, row.b, &core::SlaProfile::name);
    if (profile == client.sla.end()) return;
    const auto start = contract_row(*profile, *core::find_zone(client.timezone), query.every, row.start);
    if (start) counts[RowKey{row.a, row.b, {}, *start}] += n;
  });
  if (!read) return tl::unexpected(read.error());
  return counts;
}

core::FigureTable read_table(std::span<Shard* const> shards, const core::FigureConfig& config,
                             const core::FigureQuery& query, const ReadPoint& point, bool with_inputs) {
  if (query.by == core::FigureKey::kProfile) return contract_table(shards, config, query, point);
  Placement placement(config, query, point);
  if (placement.rolling()) {
    for (Shard* shard : shards) shard->keep_slices();
  }
  const auto table = [&]<typename Row>(Rows<Row> rows, std::vector<std::string> columns, const auto& values) {
    if (with_inputs) each_row_input(Row{}, [&](std::string name, const Value&) { columns.push_back(std::move(name)); });
    return table_of(std::move(rows), placement, columns, [&](const Row& row, Cells& out) {
      values(row, out);
      if (with_inputs) each_row_input(row, [&](const std::string&, Value value) { out.push_back(std::move(value)); });
    });
  };
  switch (query.by) {
    case core::FigureKey::kAgent:
      return table(with_gaps(agent_rows(shards, placement), placement), kAgentColumns, agent_values);
    case core::FigureKey::kLead:
      return table(with_gaps(lead_rows(shards, placement), placement), kLeadColumns,
                   [&](const LeadRow& row, Cells& out) { lead_values(row, placement.basis(), point.as_of, out); });
    case core::FigureKey::kDeal: {
      auto rows = with_gaps(deal_rows(shards, placement), placement);
      count_open_deals(shards, placement, rows);
      return table(std::move(rows), kDealColumns, deal_values);
    }
    case core::FigureKey::kChat:
      return table(with_gaps(chat_rows(shards, placement), placement), kChatColumns,
                   [&](const ChatRow& row, Cells& out) { chat_values(row, point.as_of, out); });
    case core::FigureKey::kChatAgent:
      return table(with_gaps(chat_agent_rows(shards, placement), placement), kChatAgentColumns, chat_agent_values);
    case core::FigureKey::kClient:
    case core::FigureKey::kQueue:
    case core::FigureKey::kProfile:
      break;
  }
  return table(with_gaps(queue_rows(shards, placement), placement), kQueueColumns, queue_values);
}

}  // namespace

core::Result<RevisionCounts> count_revisions(const core::FigureConfig& config, const core::FigureQuery& query,
                                             core::RevisionReader& kept) {
  RevisionCounts counts;
  if (query.window) return counts;
  if (query.by == core::FigureKey::kProfile) return count_contract_revisions(config, query, kept);
  const bool whole_client = query.by == core::FigureKey::kClient;
  core::FigureQuery rows = query;
  if (whole_client) rows.by = core::FigureKey::kQueue;
  if (rows.to) *rows.to += core::longest(query.every);  // `to` is of where a row begins, not of its last 15 minutes.
  const ReadPoint point;
  Placement placement(config, query, point);
  const auto read = kept.counts(rows, [&](const core::RevisedRow& row, std::int64_t n) {
    const auto period = placement.place(row.a, row.start);
    if (!period) return;
    counts[whole_client ? RowKey{row.a, {}, {}, period->start} : RowKey{row.a, row.b, row.c, period->start}] += n;
  });
  if (!read) return tl::unexpected(read.error());
  return counts;
}

core::FigureTable figures(std::span<Shard* const> shards, const core::FigureConfig& config,
                          const core::FigureQuery& query, const ReadPoint& point) {
  return read_table(shards, config, query, point, false);
}

core::FigureTable figures_with_inputs(std::span<Shard* const> shards, const core::FigureConfig& config,
                                      const core::FigureQuery& query, const ReadPoint& point) {
  return read_table(shards, config, query, point, true);
}

}  // namespace processors

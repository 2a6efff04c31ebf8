#include "processors/restatement.h"

#include <set>

#include "core/packed.h"
#include "processors/contract_table.h"
#include "processors/figure_values.h"

namespace processors {
namespace {

using core::FigureKey;
using Figures = std::vector<core::Revision::Figure>;

/// A table whose cells make rows of figures.
struct RowTable {
  std::size_t table;  ///< in kCellTables
  FigureKey by;
  core::Basis basis;
};
template <typename CellType>
constexpr RowTable rows_in(FigureKey by, core::Basis basis) {
  return {CellBook::number_of<CellType>(basis), by, basis};
}
constexpr std::array<RowTable, 11> kRowTables = {{rows_in<QueueCell>(FigureKey::kQueue, core::Basis::kArrival),
                                                  rows_in<QueueCell>(FigureKey::kQueue, core::Basis::kEvent),
                                                  rows_in<AgentCell>(FigureKey::kAgent, core::Basis::kArrival),
                                                  rows_in<AgentCell>(FigureKey::kAgent, core::Basis::kEvent),
                                                  rows_in<LeadCell>(FigureKey::kLead, core::Basis::kArrival),
                                                  rows_in<LeadCell>(FigureKey::kLead, core::Basis::kEvent),
                                                  rows_in<DealCell>(FigureKey::kDeal, core::Basis::kArrival),
                                                  rows_in<ChatCell>(FigureKey::kChat, core::Basis::kArrival),
                                                  rows_in<ChatCell>(FigureKey::kChat, core::Basis::kEvent),
                                                  rows_in<ChatAgentCell>(FigureKey::kChatAgent, core::Basis::kArrival),
                                                  rows_in<ChatAgentCell>(FigureKey::kChatAgent, core::Basis::kEvent)}};

template <typename Row>
Row row_of(const std::string& packed) {
  Row row;
  core::PackedReader in(packed);
  if (!packed.empty()) row.cell.unpack(in);
  return row;
}

std::vector<core::Value> values_of(const RowTable& table, const std::string& packed, core::EventTime as_of) {
  std::vector<core::Value> values;
  switch (table.by) {
    case FigureKey::kAgent:
      agent_values(row_of<AgentRow>(packed), values);
      break;
    case FigureKey::kLead:
      lead_values(row_of<LeadRow>(packed), table.basis, as_of, values);
      break;
    case FigureKey::kDeal:
      deal_values(row_of<DealRow>(packed), values);
      break;
    case FigureKey::kChat:
      chat_values(row_of<ChatRow>(packed), as_of, values);
      break;
    case FigureKey::kChatAgent:
      chat_agent_values(row_of<ChatAgentRow>(packed), values);
      break;
    default:
      queue_values(row_of<QueueRow>(packed), values);
  }
  return values;
}

const std::vector<std::string>& columns_of(FigureKey by) {
  if (by == FigureKey::kDeal) return kDealColumns;
  if (by == FigureKey::kChat) return kChatColumns;
  if (by == FigureKey::kChatAgent) return kChatAgentColumns;
  return by == FigureKey::kAgent ? kAgentColumns : by == FigureKey::kLead ? kLeadColumns : kQueueColumns;
}

/// Visits the keys of both in order, with what each has of it or `none`.
template <typename Map, typename Visit>
void each_of_both(const Map& before, const Map& after, const typename Map::mapped_type& none, Visit&& visit) {
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    if (b == after.end() || (a != before.end() && a->first < b->first)) {
      visit(a->first, a->second, none), ++a;
    } else if (a == before.end() || b->first < a->first) {
      visit(b->first, none, b->second), ++b;
    } else {
      visit(a->first, a->second, b->second), ++a, ++b;
    }
  }
}

}  // namespace

RowKinds touched_by(std::span<const std::string> keys) {
  RowKinds kinds;
  for (const std::string& key : keys) {
    const bool of_client = key.starts_with("clients.");
    const auto names = [&](std::string_view part) { return of_client && key.find(part) != std::string::npos; };
    if (key.starts_with("calendars.") || names("\".timezone")) continue;  // Contracts alone.
    if (names("\".sla")) {
      kinds.queues = true;
    } else if (names("\".leads.")) {
      kinds.leads = true;
    } else if (names("\".deals.")) {
      kinds.deals = true;
    } else {
      return {true, true, true, true, true};
    }
  }
  return kinds;
}

Published published(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                    RowKinds kinds, const EachJob& each) {
  Published state;
  each(shards.size(), [&](std::size_t s) {
    shards[s]->bring_back(core::EventTime::min(), core::EventTime::max());
    shards[s]->settle_maxima();
  });
  std::vector<std::size_t> tables;
  for (const RowTable& table : kRowTables) {
    const bool wanted = table.by == FigureKey::kAgent                                       ? kinds.agents
                        : table.by == FigureKey::kLead                                      ? kinds.leads
                        : table.by == FigureKey::kDeal                                      ? kinds.deals
                        : table.by == FigureKey::kChat || table.by == FigureKey::kChatAgent ? kinds.chats
                                                                                            : kinds.queues;
    state.cells[table.table];
    if (wanted) tables.push_back(table.table);
  }
  each(tables.size(), [&](std::size_t i) {
    auto& cells = state.cells.at(tables[i]);
    each_cell(shards, tables[i],
              [&](const CellPlace& place, std::string_view packed) { cells.emplace_hint(cells.end(), place, packed); });
  });
  ContractReader reader(shards, config, point);
  for (const ContractFigure& figure : reader.periods(std::nullopt, std::nullopt, std::nullopt)) {
    contract_values(figure, state.contracts[{{figure.client, figure.profile}, figure.period.start}]);
  }
  return state;
}

std::vector<core::Revision> differences(const Published& before, const Published& after, const ReadPoint& point) {
  std::vector<core::Revision> revisions;
  const std::optional<core::EventTime> settled = point.sealed ? std::optional(core::EventTime::max())
                                                 : point.watermark
                                                     ? std::optional(*point.watermark - point.allowed_lateness)
                                                     : std::nullopt;
  each_of_both(before.contracts, after.contracts, {},
               [&](const auto& key, const std::vector<core::Value>& was, const std::vector<core::Value>& is) {
                 Figures figures = differing_figures(kContractColumns, was, is);
                 if (figures.empty()) return;
                 core::Revision& revision = revisions.emplace_back();
                 revision.row = {FigureKey::kProfile, {}, key.first.first, key.first.second, {}, key.second};
                 revision.figures = std::move(figures);
               });
  for (const RowTable& table : kRowTables) {
    each_of_both(before.cells.at(table.table), after.cells.at(table.table), std::string{},
                 [&](const CellPlace& place, const std::string& was, const std::string& is) {
                   const core::EventTime start = core::slot_start(place.interval, core::kInterval);
                   if (was == is || !settled || start + core::kInterval > *settled) return;
                   Figures figures = differing_figures(columns_of(table.by), values_of(table, was, point.as_of),
                                                       values_of(table, is, point.as_of));
                   if (figures.empty()) return;
                   core::Revision& revision = revisions.emplace_back();
                   revision.row = {table.by, table.basis, place.a, place.b, place.c, start};
                   revision.figures = std::move(figures);
                 });
  }
  return revisions;
}

}  // namespace processors

#include "processors/diary.h"

#include <algorithm>
#include <map>
#include <optional>

#include "processors/contract_table.h"
#include "processors/figure_values.h"
#include "processors/occupancy.h"

namespace processors {
namespace {

using core::RevisedRow;

/// A row that events touched: what it was, what it is, and why.
template <typename Row>
struct Touched {
  Row before, after;
  core::RevisionCause cause;
  std::uint32_t events = 0;
  bool held = false;
};

struct ContractRow {
  ContractCell cell;
};

template <typename Row>
using TouchedRows = std::map<RevisedRow, Touched<Row>>;

/// The names of a row as this shard knows them; where it does not know one, it has no part in the row.
std::optional<CellKey> key_of(const RevisedRow& row, const core::Names& names) {
  const auto a = names.find(row.a), b = names.find(row.b), c = names.find(row.c);
  if (!a || !b || !c) return std::nullopt;
  return CellKey{*a, *b, *c};
}

template <typename CellType, typename Row>
void collect(Shard& shard, core::FigureKey by, TouchedRows<Row>& rows) {
  const SettledCells& settled = shard.book().settled();
  const core::Names& names = shard.names();
  for (const auto& note : settled.of<CellType>().notes()) {
    const CellKey& key = note.place.key;
    // Of occupancy a contract's cells are by agent, see below.
    if (std::is_same_v<CellType, ContractCell> && key.c != core::NameId::kNone) continue;
    const CellType* now = shard.book().table<CellType>(note.place.basis).find(note.place.interval, key);
    if (now != nullptr && now->same_as(note.former)) continue;
    Touched<Row>& row = rows[{by, note.place.basis, std::string(names.text(key.a)), std::string(names.text(key.b)),
                              std::string(names.text(key.c)), core::slot_start(note.place.interval, core::kInterval)}];
    if (row.events == 0) row.cause = settled.causes()[note.cause];
    row.events = std::max(row.events, note.events);
  }
}

/// The sums of a row's cells over the shards, before and after.
template <typename CellType, typename Row>
void sum_up(Shard& shard, TouchedRows<Row>& rows) {
  const FormerCells<CellType>& formers = shard.book().settled().of<CellType>();
  for (auto& [row, touched] : rows) {
    shard.book().away().need(core::slot_of(row.start, core::kInterval));  // It may bring names with it.
    const auto key = key_of(row, shard.names());
    if (!key) continue;
    const IntervalKey place{row.basis, core::slot_of(row.start, core::kInterval), *key};
    touched.held = touched.held || formers.held(place);
    const CellType* now = shard.book().table<CellType>(row.basis).find(place.interval, place.key);
    if (now == nullptr) continue;
    const auto* note = formers.find(place);
    touched.before.cell.merge(note != nullptr ? note->former : *now);
    touched.after.cell.merge(*now);
  }
}

/// An agent whose time is kept in this shard: it stands at the home client, which events may have changed.
struct AgentHomes {
  std::string before, after;
  AgentHomes(Shard& shard, const AgentRecord& record, core::NameId agent) {
    const auto text = [&](core::NameId home) {
      return home == core::NameId::kNone ? "default" : std::string(shard.names().text(home));
    };
    after = text(record.home_client());
    const auto former = shard.book().settled().former_home(agent);
    before = former ? text(*former) : after;
  }
};

/// An agent's time in an interval: the cell, and what the running state gives to it.
AgentTimeCell time_of(Shard& shard, const AgentRecord& record, core::NameId agent, core::Slot interval) {
  const AgentTimeCell* cell = shard.book().agent_times.find(interval, CellKey{agent});
  AgentTimeCell now = cell != nullptr ? *cell : AgentTimeCell{};
  if (const auto running = shard.running_state(record)) running->add_to(now, interval);
  return now;
}

/// Rows of agents whose time changed: in both bases.
void collect_times(Shard& shard, TouchedRows<AgentRow>& rows) {
  const SettledCells& settled = shard.book().settled();
  for (const auto& note : settled.of<AgentTimeCell>().notes()) {
    const core::NameId id = note.place.key.a;
    const std::string agent(shard.names().text(id));
    const AgentRecord& record = shard.agents().at(agent).record;
    const AgentHomes homes(shard, record, id);
    if (homes.before == homes.after && time_of(shard, record, id, note.place.interval).same_as(note.former)) continue;
    for (const core::Basis basis : {core::Basis::kArrival, core::Basis::kEvent}) {
      for (const std::string& home : {homes.before, homes.after}) {
        Touched<AgentRow>& row = rows[{
            core::FigureKey::kAgent, basis, home, agent, {}, core::slot_start(note.place.interval, core::kInterval)}];
        if (row.events == 0) row.cause = settled.causes()[note.cause];
        row.events = std::max(row.events, note.events);
      }
    }
  }
}

void sum_up_times(Shard& shard, TouchedRows<AgentRow>& rows) {
  for (auto& [row, touched] : rows) {
    const auto* slot = shard.agents().find(row.b);
    const auto agent = shard.names().find(row.b);
    if (slot == nullptr || !agent) continue;
    const core::Slot interval = core::slot_of(row.start, core::kInterval);
    shard.book().away().need(interval);
    const CellKey key{*agent};
    const AgentHomes homes(shard, slot->record, key.a);
    const AgentTimeCell now = time_of(shard, slot->record, key.a, interval);
    const auto* note = shard.book().settled().of<AgentTimeCell>().find({{}, interval, key});
    if (row.a == homes.before) touched.before.time.merge(note != nullptr ? note->former : now);
    if (row.a == homes.after) touched.after.time.merge(now);
  }
}

/// What an agent gives to a contract on occupancy in an interval: the cell, and the running state.
ContractCell occupancy_of(Shard& shard, const AgentRecord& record, const IntervalKey& place) {
  const ContractCell* cell = shard.book().contracts.find(place.interval, place.key);
  ContractCell now = cell != nullptr ? *cell : ContractCell{};
  if (const auto running = shard.running_state(record)) {
    add_occupancy(*running, place.interval, place.key, shard.rules(), now);
  }
  return now;
}

void collect_occupancy(Shard& shard, TouchedRows<ContractRow>& rows) {
  const SettledCells& settled = shard.book().settled();
  for (const auto& note : settled.of<ContractCell>().notes()) {
    const CellKey& key = note.place.key;
    if (key.c == core::NameId::kNone) continue;
    const AgentRecord& record = shard.agents().at(std::string(shard.names().text(key.c))).record;
    const AgentHomes homes(shard, record, key.c);
    const std::string client(shard.names().text(key.a));
    if (client != homes.before && client != homes.after) continue;
    if (homes.before == homes.after && occupancy_of(shard, record, note.place).same_as(note.former)) continue;
    Touched<ContractRow>& row = rows[{core::FigureKey::kProfile,
                                      {},
                                      client,
                                      std::string(shard.names().text(key.b)),
                                      {},
                                      core::slot_start(note.place.interval, core::kInterval)}];
    if (row.events == 0) row.cause = settled.causes()[note.cause];
    row.events = std::max(row.events, note.events);
  }
}

void sum_up_occupancy(Shard& shard, TouchedRows<ContractRow>& rows) {
  const auto& formers = shard.book().settled().of<ContractCell>();
  for (auto& [row, touched] : rows) {
    const auto contract = key_of(row, shard.names());
    if (!contract || !shard.rules().is_of_occupancy(*contract)) continue;
    const core::Slot interval = core::slot_of(row.start, core::kInterval);
    shard.book().away().need(interval);
    for (std::size_t i = 0; i < shard.agents().size(); ++i) {
      AgentRecord& record = shard.agents()[i].record;
      const core::NameId agent = record.name(shard.names());
      const AgentHomes homes(shard, record, agent);
      if (row.a != homes.before && row.a != homes.after) continue;
      const IntervalKey place{{}, interval, {contract->a, contract->b, agent}};
      const ContractCell now = occupancy_of(shard, record, place);
      const auto* note = formers.find(place);
      if (row.a == homes.before) touched.before.cell.merge(note != nullptr ? note->former : now);
      if (row.a == homes.after) touched.after.cell.merge(now);
    }
  }
}

/// `values(row, out)` writes the figures of a row; those of `columns` that differ make the revision.
template <typename Row, typename Values>
void revise_rows(TouchedRows<Row>& rows, const std::vector<std::string>& columns, const Values& values,
                 std::vector<core::Revision>& out) {
  std::vector<core::Value> before, after;
  for (auto& [row, touched] : rows) {
    if (touched.held) continue;
    before.clear(), after.clear();
    values(row, touched.before, before), values(row, touched.after, after);
    auto figures = differing_figures(columns, before, after);
    if (figures.empty()) continue;
    core::Revision& revision = out.emplace_back();
    revision.row = row;
    revision.cause = std::move(touched.cause);
    revision.events = touched.events;
    revision.figures = std::move(figures);
  }
}

template <typename CellType>
bool maximum_lost(CellBook& book) {
  for (const auto& note : book.settled().of<CellType>().notes()) {
    const auto* cell = book.table<CellType>(note.place.basis).find(note.place.interval, note.place.key);
    if (cell != nullptr && cell->maximum_lost()) return true;
  }
  return false;
}

/// Judged by the version that was in force when the quarter-hour began.
void contract_values_of(Shard& shard, const RevisedRow& of, const ContractRow& row, std::vector<core::Value>& out) {
  const auto& profiles = shard.rules().client(shard.names().intern(of.a)).sla;
  const auto profile = std::ranges::find(profiles, of.b, &core::SlaProfile::name);
  const core::SlaVersion* version = profile == profiles.end() ? nullptr : profile->in_force(of.start);
  if (version == nullptr) return;
  const Fraction figure{row.cell[ContractSum::kNumerator], row.cell[ContractSum::kDenominator]};
  contract_sum_values(row.cell, figure, yardstick_of(profile->metric, version->terms), out);
}

}  // namespace

std::vector<core::Revision> revise(std::span<Shard* const> shards, core::EventTime as_of) {
  TouchedRows<QueueRow> queues;
  TouchedRows<AgentRow> agents;
  TouchedRows<LeadRow> leads;
  TouchedRows<ContractRow> contracts;
  TouchedRows<DealRow> deals;
  TouchedRows<ChatRow> chats;
  TouchedRows<ChatAgentRow> chat_agents;
  for (Shard* shard : shards) {
    CellBook& book = shard->book();
    if (maximum_lost<QueueCell>(book) || maximum_lost<LeadCell>(book) || maximum_lost<DealCell>(book) ||
        maximum_lost<ChatCell>(book)) {
      shard->settle_maxima();
    }
    collect<QueueCell>(*shard, core::FigureKey::kQueue, queues);
    collect<AgentCell>(*shard, core::FigureKey::kAgent, agents);
    collect<LeadCell>(*shard, core::FigureKey::kLead, leads);
    collect<ContractCell>(*shard, core::FigureKey::kProfile, contracts);
    collect_occupancy(*shard, contracts);
    collect<DealCell>(*shard, core::FigureKey::kDeal, deals);
    collect<ChatCell>(*shard, core::FigureKey::kChat, chats);
    collect<ChatAgentCell>(*shard, core::FigureKey::kChatAgent, chat_agents);
    collect_times(*shard, agents);
  }
  // A row is of all shards: what is open in any of them counts. Looked for only where a row has changed.
  for (Shard* shard : shards) {
    const bool judged = !contracts.empty();
    if (!queues.empty() || !agents.empty() || !chats.empty() || judged) shard->hold_rows_of_open_contacts();
    if (!leads.empty() || judged) shard->hold_rows_of_open_leads();
    if (judged) shard->hold_rows_of_running_states();
    if (!deals.empty()) shard->hold_rows_of_open_deals();
  }
  for (Shard* shard : shards) {
    sum_up<QueueCell>(*shard, queues);
    sum_up<AgentCell>(*shard, agents);
    sum_up<LeadCell>(*shard, leads);
    sum_up<ContractCell>(*shard, contracts), sum_up_occupancy(*shard, contracts);
    sum_up<DealCell>(*shard, deals);
    sum_up<ChatCell>(*shard, chats), sum_up<ChatAgentCell>(*shard, chat_agents);
    sum_up_times(*shard, agents);
    shard->book().settled().clear();
  }
  std::vector<core::Revision> revisions;
  revise_rows(
      queues, kQueueColumns, [](const RevisedRow&, const QueueRow& row, auto& out) { queue_values(row, out); },
      revisions);
  revise_rows(
      agents, kAgentColumns, [](const RevisedRow&, const AgentRow& row, auto& out) { agent_values(row, out); },
      revisions);
  revise_rows(
      leads, kLeadColumns,
      [&](const RevisedRow& of, const LeadRow& row, auto& out) { lead_values(row, of.basis, as_of, out); }, revisions);
  revise_rows(
      deals, kDealColumns, [](const RevisedRow&, const DealRow& row, auto& out) { deal_values(row, out); }, revisions);
  revise_rows(
      chats, kChatColumns, [&](const RevisedRow&, const ChatRow& row, auto& out) { chat_values(row, as_of, out); },
      revisions);
  revise_rows(
      chat_agents, kChatAgentColumns,
      [](const RevisedRow&, const ChatAgentRow& row, auto& out) { chat_agent_values(row, out); }, revisions);
  revise_rows(
      contracts, kContractSumColumns,
      [&](const RevisedRow& of, const ContractRow& row, auto& out) { contract_values_of(*shards[0], of, row, out); },
      revisions);
  return revisions;
}

}  // namespace processors

#include "processors/canonical_state.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "core/packed.h"
#include "core/sha256.h"
#include "processors/cell_words.h"

namespace processors {
namespace {

using core::EventTime;
using VisitRecord = std::function<void(const RecordText&)>;

void each_contact(Shard& shard, EventTime since, const VisitRecord& visit) {
  shard.each_contact(EventTime::min(), EventTime::max(), [&](const ContactRecord& record) {
    if (!shard.retains(record)) return;
    const bool without_wrap = !shard.rules().sends_wrap(record.source());
    visit({record.id(), record.canonical(shard.names(), without_wrap), record.touches(EventTime::min(), since),
           shard.reaches_past(record)});
  });
}

auto each_attribute(RecordKind kind, EventTime since, const VisitRecord& visit) {
  return [kind, since, &visit](const AttributeRecord& record) {
    visit(
        {record.id(), record.canonical(kRecordKindWords[core::index(kind)]), record.touches(EventTime::min(), since)});
  };
}

void each_agent(Shard& shard, std::optional<EventTime> since, const VisitRecord& visit) {
  shard.bring_back(since.value_or(EventTime::min()), EventTime::max());
  for (std::size_t i = 0; i < shard.agents().size(); ++i) {
    const AgentRecord& record = shard.agents()[i].record;
    visit({record.id(), since ? record.states_since(*since, shard.names()) : record.canonical(shard.names())});
  }
}

}  // namespace

void each_record(std::span<Shard* const> shards, RecordKind kind, std::optional<EventTime> since,
                 const VisitRecord& visit) {
  const EventTime back_to = since.value_or(EventTime::min());
  for (Shard* shard : shards) {
    switch (kind) {
      case RecordKind::kContact:
        each_contact(*shard, back_to, visit);
        break;
      case RecordKind::kLead:
        shard->each_lead(EventTime::min(), EventTime::max(), each_attribute(kind, back_to, visit));
        break;
      case RecordKind::kDeal:
        shard->each_deal(EventTime::min(), EventTime::max(), each_attribute(kind, back_to, visit));
        break;
      case RecordKind::kAgent:
        each_agent(*shard, since, visit);
        break;
    }
  }
}

std::vector<RecordPrint> record_prints(std::span<Shard* const> shards, RecordKind kind,
                                       std::optional<EventTime> since) {
  std::vector<RecordPrint> all;
  each_record(shards, kind, since, [&](const RecordText& record) {
    if (record.text.empty()) return;
    all.push_back(
        {std::string(record.id), core::Sha256().update(record.text).bytes(), record.reaches_back, record.reaches_past});
  });
  std::sort(all.begin(), all.end(), [](const RecordPrint& a, const RecordPrint& b) { return a.id < b.id; });
  return all;
}

void each_cell(std::span<Shard* const> shards, std::size_t table,
               const std::function<void(const CellPlace& place, std::string_view packed)>& visit) {
  CellBook::with_kind(table, [&]<typename CellType>(std::type_identity<CellType>) {
    std::map<CellPlace, CellType> sums;
    for (Shard* shard : shards) {
      shard->bring_back(EventTime::min(), EventTime::max());
      const auto& names = shard->names();
      const auto text = [&](core::NameId name) { return std::string(names.text(name)); };
      shard->book()
          .table<CellType>(kCellTables[table].basis.value_or(core::Basis::kArrival))
          .pages([&](core::Slot slot, auto& page) {
            page.each([&](const CellKey& key, CellType& cell) {
              if (!cell.zero()) sums[{slot, text(key.a), text(key.b), text(key.c)}].merge(cell);
            });
          });
    }
    std::string packed;
    for (const auto& [place, cell] : sums) {
      packed.clear();
      core::PackedWriter out(packed);
      cell.pack(out);
      visit(place, packed);
    }
  });
}

std::string differing_columns(std::size_t table, std::string_view cell, std::string_view other) {
  std::string text;
  CellBook::with_kind(table, [&]<typename CellType>(std::type_identity<CellType>) {
    const auto unpacked = [](std::string_view packed) {
      CellType one;
      core::PackedReader in(packed);
      if (!packed.empty()) one.unpack(in);
      return one;
    };
    text = differing_columns(unpacked(cell), unpacked(other));
  });
  return text.empty() ? "how often a longest span occurs" : text;
}

}  // namespace processors

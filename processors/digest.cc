#include "processors/digest.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/sha256.h"

namespace processors {
namespace {

/// A record's id and where it is: sorted by id without holding all canonical texts at once.
struct Place {
  std::string_view id;
  Shard* shard;
  std::size_t index;
};

template <typename TableOf, typename TextOf>
void add_records(core::Sha256& hash, std::span<Shard* const> shards, TableOf&& table_of, TextOf&& text_of) {
  std::vector<Place> places;
  for (Shard* shard : shards) {
    auto& table = table_of(*shard);
    for (std::size_t i = 0; i < table.size(); ++i) places.push_back({table.id(i), shard, i});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.id < b.id; });
  for (const Place& place : places) {
    table_of(*place.shard).visit(place.index, [&](const auto& record) { hash.update(text_of(*place.shard, record)); });
  }
}

/// Cells of one table summed over shards, written in order of slot and names.
template <typename TableOf>
void add_cells(core::Sha256& hash, std::span<Shard* const> shards, std::string_view title, TableOf&& table_of) {
  using CellType = typename std::decay_t<decltype(table_of(*shards[0]))>::CellType;
  std::map<std::tuple<core::Slot, std::string_view, std::string_view, std::string_view>, CellType> sums;
  for (Shard* shard : shards) {
    const auto& names = shard->names();
    table_of(*shard).pages([&](core::Slot slot, auto& page) {
      page.each([&](const CellKey& key, CellType& cell) {
        if (!cell.zero()) sums[{slot, names.text(key.a), names.text(key.b), names.text(key.c)}].merge(cell);
      });
    });
  }
  hash.update(title);
  std::string bytes;
  for (const auto& [key, cell] : sums) {
    bytes.clear();
    core::PackedWriter out(bytes);
    out.signed_number(std::get<0>(key));
    out.text(std::get<1>(key)), out.text(std::get<2>(key)), out.text(std::get<3>(key));
    cell.pack(out);
    hash.update(bytes);
  }
}

}  // namespace

std::string state_digest(std::span<Shard* const> shards) {
  for (Shard* shard : shards) shard->settle_maxima();
  core::Sha256 hash;
  add_records(hash, shards, [](Shard& s) -> auto& { return s.contacts(); }, [](Shard& s, const ContactRecord& r) {
    return r.canonical(s.names(), !s.rules().sends_wrap(r.source()));
  });
  add_records(hash, shards, [](Shard& s) -> auto& { return s.leads(); },
              [](Shard&, const AttributeRecord& r) { return r.canonical("lead"); });
  add_records(hash, shards, [](Shard& s) -> auto& { return s.deals(); },
              [](Shard&, const AttributeRecord& r) { return r.canonical("deal"); });
  add_records(hash, shards, [](Shard& s) -> auto& { return s.agents(); },
              [](Shard& s, const AgentRecord& r) { return r.canonical(s.names()); });
  for (std::size_t basis = 0; basis < 2; ++basis) {
    add_cells(hash, shards, "queues\n", [&](Shard& s) -> auto& { return s.book().queues.intervals[basis]; });
    add_cells(hash, shards, "agents\n", [&](Shard& s) -> auto& { return s.book().agents.intervals[basis]; });
    add_cells(hash, shards, "leads\n", [&](Shard& s) -> auto& { return s.book().leads.intervals[basis]; });
  }
  add_cells(hash, shards, "times\n", [](Shard& s) -> auto& { return s.book().agent_times; });
  return hash.hex();
}

}  // namespace processors

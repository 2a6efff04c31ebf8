#include "processors/digest.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "core/sha256.h"

namespace processors {
namespace {

/// A record's id and the hash of its canonical text: sorted by id without holding all texts at once.
struct Hashed {
  std::string id;
  std::array<unsigned char, 32> hash;
};

void add_sorted(core::Sha256& hash, std::vector<Hashed>& records) {
  std::sort(records.begin(), records.end(), [](const Hashed& a, const Hashed& b) { return a.id < b.id; });
  for (const Hashed& record : records) {
    hash.update({reinterpret_cast<const char*>(record.hash.data()), record.hash.size()});
  }
}

Hashed hashed(std::string_view id, std::string_view canonical) {
  return {std::string(id), core::Sha256().update(canonical).bytes()};
}

void add_contacts(core::Sha256& hash, std::span<Shard* const> shards) {
  std::vector<Hashed> records;
  for (Shard* shard : shards) {
    shard->each_contact(core::EventTime::min(), core::EventTime::max(), [&](const ContactRecord& record) {
      const bool without_wrap = !shard->rules().sends_wrap(record.source());
      records.push_back(hashed(record.id(), record.canonical(shard->names(), without_wrap)));
    });
  }
  add_sorted(hash, records);
}

template <typename TableOf, typename TextOf>
void add_records(core::Sha256& hash, std::span<Shard* const> shards, TableOf&& table_of, TextOf&& text_of) {
  std::vector<Hashed> records;
  for (Shard* shard : shards) {
    auto& table = table_of(*shard);
    for (std::size_t i = 0; i < table.size(); ++i) {
      records.push_back(hashed(table[i].record.id(), text_of(*shard, table[i].record)));
    }
  }
  add_sorted(hash, records);
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
  add_contacts(hash, shards);
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

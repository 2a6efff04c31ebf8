#include "processors/digest.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/packed.h"
#include "core/sha256.h"
#include "processors/canonical_state.h"

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

void add_records(core::Sha256& hash, std::span<Shard* const> shards, RecordKind kind) {
  std::vector<Hashed> records;
  each_record(shards, kind, std::nullopt, [&](const RecordText& record) {
    records.push_back({std::string(record.id), core::Sha256().update(record.text).bytes()});
  });
  add_sorted(hash, records);
}

void add_cells(core::Sha256& hash, std::span<Shard* const> shards, std::size_t table) {
  hash.update(kCellTables[table].family), hash.update("\n");
  std::string bytes;
  each_cell(shards, table, [&](const CellPlace& place, std::string_view packed) {
    bytes.clear();
    core::PackedWriter out(bytes);
    out.signed_number(place.interval);
    out.text(place.a), out.text(place.b), out.text(place.c);
    hash.update(bytes), hash.update(packed);
  });
}

}  // namespace

std::string state_digest(std::span<Shard* const> shards) {
  for (Shard* shard : shards) shard->settle_maxima();
  core::Sha256 hash;
  for (std::size_t kind = 0; kind < kRecordKindWords.size(); ++kind) {
    add_records(hash, shards, static_cast<RecordKind>(kind));
  }
  for (std::size_t table = 0; table < kCellTables.size(); ++table) add_cells(hash, shards, table);
  return hash.hex();
}

}  // namespace processors

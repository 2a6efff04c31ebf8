#include "processors/digest.h"

#include <string>

#include "core/packed.h"
#include "core/sha256.h"
#include "processors/canonical_state.h"

namespace processors {
namespace {

void add_records(core::Sha256& hash, std::span<Shard* const> shards, RecordKind kind) {
  for (const RecordPrint& record : record_prints(shards, kind, std::nullopt)) {
    hash.update({reinterpret_cast<const char*>(record.hash.data()), record.hash.size()});
  }
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

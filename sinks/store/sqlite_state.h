// Reading the state of all shards: the pages of their snapshots, and the journal since.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/store.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// In the order of core::Store::load(). `visit` may end it with a Failure. `path` names the store where a checksum
/// differs; a store that is older than checksums has none. Confined to the thread of the database.
core::Result<void> load_state(
    sqlite3* db, const std::string& path, bool has_checksums,
    const std::function<core::Result<void>(core::StatePart part, std::uint32_t shard, std::string_view bytes)>& visit);

}  // namespace sinks

// The tables of the SQLite store, and how a file of an earlier version gets those of today.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version with checksums of pages and journal.
inline constexpr std::int64_t kChecksumsSince = 2;

/// The version that made the tables; 0: there are none yet. A Failure: the file is no database, a foreign one, or made
/// by a newer floorwatch.
core::Result<std::int64_t> schema_version(sqlite3* db, const std::string& path);

/// Makes the tables, or changes those of an earlier version into today's, in one transaction. `fill_new` is part of it
/// and called where there were none.
core::Result<void> bring_up_to_date(sqlite3* db, const std::string& path,
                                    const std::function<core::Result<void>()>& fill_new);

}  // namespace sinks

// The embedded store: one SQLite file in WAL mode. Records and the place in the log are in the same transaction, so
// synchronous=NORMAL is enough: after a power cut both are those of the same earlier commit.
#pragma once

#include <memory>
#include <string>

#include "core/store.h"

namespace sinks {

enum class OpenMode {
  kRead,   ///< An existing store, read only: what is loaded is one consistent moment.
  kWrite,  ///< An existing store, or a new one with the identity that is given.
};

/// Opens the store at `path`. In kWrite mode `fresh` is the identity of a new store; an existing one keeps its own.
/// An earlier version's store is brought up to date in kWrite mode. It is not owned yet: claim() before writing.
/// Failures say what to do: no such file (kRead), not a floorwatch store, made by a newer version, locked, read-only.
core::Result<std::unique_ptr<core::Store>> open_sqlite_store(const std::string& path, OpenMode mode,
                                                             const core::StoreIdentity& fresh);

/// The path of a store URL `sqlite:PATH`; nullopt for another kind of URL.
std::optional<std::string> sqlite_path(std::string_view url);

}  // namespace sinks

// Takes out of a shard's archive what nobody can ask for any more: pages without a current version, and the ids of
// superseded versions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// Runs in the transaction of a commit that has a snapshot of the shard: loading that snapshot and what follows it asks
/// for no version that was superseded before. Confined to the store's thread.
class ArchiveSweep {
 public:
  core::Result<void> prepare(sqlite3* db);
  /// Does nothing while most versions are current.
  core::Result<void> run(std::uint32_t shard);

 private:
  struct Current {
    std::map<std::int64_t, std::string> ids;        ///< by bucket, as in a row
    std::unordered_map<std::uint64_t, bool> pages;  ///< those there are: whether a current version is in it
  };
  core::Result<bool> pays(std::uint32_t shard);
  core::Result<Current> current(std::uint32_t shard);
  core::Result<void> drop_pages_but(const Current& current, std::uint32_t shard);
  core::Result<void> write_ids(const Current& current, std::uint32_t shard);

  std::map<std::uint32_t, std::int64_t> left_;  ///< by shard: superseded versions that the last run left
  Statement count_superseded_, count_ids_, superseded_, ids_, pages_;
  Statement drop_orphans_, drop_page_, drop_ids_, put_ids_;
};

}  // namespace sinks

// The archive's tables: pages of contacts, which page has which contact, and which versions are not current any more.
//
// The ids of a commit's contacts are kept in 64 buckets by hash, a row for each bucket: writing them costs a few rows a
// commit, and finding one reads its bucket, some twelve bytes for each contact of the shard and bucket. With snapshots
// goes what is superseded (archive_sweep.h). Ids may name pages that are kept no longer.
#pragma once

#include <memory>
#include <mutex>

#include "core/archive.h"
#include "core/store.h"
#include "sinks/store/archive_sweep.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {

/// The first version of the schema that has an archive.
inline constexpr std::int64_t kArchiveSince = 3;

/// Writes a commit's part of the archive, within the transaction of the store. Confined to the store's thread.
class ArchiveWriter {
 public:
  core::Result<void> prepare(sqlite3* db);
  core::Result<void> write(const core::Commit& commit);

 private:
  core::Result<void> write_ids(const std::vector<core::ArchivePage>& pages);
  core::Result<void> drop(const core::Outlived& outlived);

  Statement put_page_, put_ids_, put_superseded_, drop_pages_, drop_ids_, drop_superseded_;
  ArchiveSweep sweep_;
};

/// Reads what is committed. Thread-safe: one caller at a time, the others wait.
class SqliteArchive : public core::Archive {
 public:
  /// `db` outlives it; `own`: what it then also closes; `version`: of its schema.
  static core::Result<std::unique_ptr<core::Archive>> open(sqlite3* db, DatabaseHandle own, std::int64_t version);

  void find(std::uint32_t shard, std::span<const std::uint64_t> hashes, std::optional<std::uint64_t> as_of,
            const Visit& visit) override;
  void pages(std::uint32_t shard, std::uint64_t since, core::EventTime from, core::EventTime to,
             const Visit& visit) override;
  void hashes(std::uint32_t shard, const std::function<void(std::uint64_t)>& visit) override;
  void intervals(std::uint32_t shard, core::Slot first, core::Slot last,
                 const std::function<void(core::Slot, std::string_view)>& visit) override;
  void interval_slots(std::uint32_t shard, const std::function<void(core::Slot)>& visit) override;

 private:
  std::vector<std::uint64_t> superseded_of(std::uint32_t shard, std::uint64_t page);
  bool is_superseded(std::uint32_t shard, std::uint64_t page, std::uint64_t hash);

  DatabaseHandle own_;
  std::mutex mutex_;
  bool has_intervals_ = false;  ///< Stores of before have none.
  Statement bucket_, page_, range_, all_ids_, superseded_, is_superseded_, intervals_, interval_slots_;
};

}  // namespace sinks

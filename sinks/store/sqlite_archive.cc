#include "sinks/store/sqlite_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "sinks/store/archive_ids.h"
#include "sinks/store/interval_table.h"

namespace sinks {
namespace {

using core::Result;

/// As each_row(), where a failure is thrown.
template <typename Visit>
void read_rows(Statement& statement, Visit&& visit) {
  const auto read = each_row(statement, visit);
  if (!read) throw core::ArchiveFailure("what left memory cannot be read back from the store: " + read.error().message);
}

/// The page's bytes, with the checksum in the next column.
std::string_view checked(const Statement& row, int column, std::uint32_t shard, std::uint64_t page) {
  const std::string_view bytes = row.text(column);
  if (row.integer(column + 1) == checksum(bytes)) return bytes;
  throw core::ArchiveFailure(
      fmt::format("the archive of contacts is damaged (the checksum of shard {}, page {} differs): {}", shard, page,
                  kRestoreOrReplay));
}

}  // namespace

// ---- writing ----

Result<void> ArchiveWriter::prepare(sqlite3* db) {
  TRY(Statement::prepare(db, "INSERT INTO archive(shard, number, first, last, bytes, checksum) VALUES(?, ?, ?, ?, ?, ?)",
                         put_page_));
  TRY(Statement::prepare(db, "INSERT INTO archive_ids VALUES(?, ?, ?, ?)", put_ids_));
  TRY(Statement::prepare(db, "INSERT OR IGNORE INTO superseded VALUES(?, ?, ?)", put_superseded_));
  TRY(Statement::prepare(db, "DELETE FROM archive WHERE shard = ? AND last < ?", drop_pages_));
  // A row of ids bears the number of its youngest page, so it goes when all of its pages are gone.
  const std::string below =
      "WHERE shard = ?1 AND number < ifnull((SELECT min(number) FROM archive WHERE shard = ?1), 9223372036854775807)";
  TRY(Statement::prepare(db, "DELETE FROM archive_ids " + below, drop_ids_));
  TRY(Statement::prepare(db, "DELETE FROM superseded " + below, drop_superseded_));
  return sweep_.prepare(db);
}

Result<void> ArchiveWriter::write(const core::Commit& commit) {
  for (const core::ArchivePage& page : commit.archive) {
    put_page_.bind(1, std::int64_t{page.shard}).bind(2, static_cast<std::int64_t>(page.number));
    put_page_.bind(3, core::to_ms(page.first)).bind(4, core::to_ms(page.last)).bind_blob(5, page.bytes).bind(6, checksum(page.bytes));
    TRY(put_page_.run());
  }
  for (const core::Superseded& old : commit.superseded) {
    put_superseded_.bind(1, std::int64_t{old.shard}).bind(2, static_cast<std::int64_t>(old.page));
    TRY(put_superseded_.bind(3, static_cast<std::int64_t>(old.hash)).run());
  }
  TRY(write_ids(commit.archive));
  for (const core::Outlived& outlived : commit.outlived) TRY(drop(outlived));
  for (const core::Snapshot& snapshot : commit.snapshots) TRY(sweep_.run(snapshot.shard));
  return {};
}

Result<void> ArchiveWriter::drop(const core::Outlived& outlived) {
  TRY(drop_pages_.bind(1, std::int64_t{outlived.shard}).bind(2, core::to_ms(outlived.before)).run());
  TRY(drop_ids_.bind(1, std::int64_t{outlived.shard}).run());
  return drop_superseded_.bind(1, std::int64_t{outlived.shard}).run();
}

Result<void> ArchiveWriter::write_ids(const std::vector<core::ArchivePage>& pages) {
  struct Bucket {
    std::string ids;
    std::uint64_t number = 0;  ///< of the youngest page: makes the row's key its own
  };
  std::map<std::pair<std::uint32_t, std::int64_t>, Bucket> buckets;
  for (const core::ArchivePage& page : pages) {
    for (const std::uint64_t hash : page.hashes) {
      Bucket& bucket = buckets[{page.shard, bucket_of(hash)}];
      append_id(bucket.ids, hash, page.number);
      bucket.number = std::max(bucket.number, page.number);
    }
  }
  for (const auto& [key, bucket] : buckets) {
    put_ids_.bind(1, std::int64_t{key.first}).bind(2, key.second).bind(3, static_cast<std::int64_t>(bucket.number));
    TRY(put_ids_.bind_blob(4, bucket.ids).run());
  }
  return {};
}

// ---- reading ----

Result<std::unique_ptr<core::Archive>> SqliteArchive::open(sqlite3* db, DatabaseHandle own, std::int64_t version) {
  auto archive = std::make_unique<SqliteArchive>();
  archive->own_ = std::move(own);
  const std::array<std::pair<Statement*, const char*>, 6> statements = {{
      {&archive->bucket_, "SELECT ids FROM archive_ids WHERE shard = ? AND bucket = ?"},
      {&archive->page_, "SELECT bytes, checksum FROM archive WHERE shard = ? AND number = ?"},
      {&archive->range_,
       "SELECT number, bytes, checksum FROM archive WHERE shard = ? AND number >= ? AND last >= ? AND first <= ? "
       "ORDER BY number DESC"},
      {&archive->all_ids_, "SELECT ids FROM archive_ids WHERE shard = ?"},
      {&archive->superseded_, "SELECT hash FROM superseded WHERE shard = ? AND number = ?"},
      {&archive->is_superseded_, "SELECT 1 FROM superseded WHERE shard = ? AND number = ? AND hash = ?"},
  }};
  for (const auto& [statement, sql] : statements) {
    TRY(Statement::prepare(db, sql, *statement));
  }
  archive->has_intervals_ = version >= kIntervalsSince;
  if (archive->has_intervals_) {
    TRY(Statement::prepare(
        db,
        "SELECT interval, bytes, checksum FROM intervals WHERE shard = ? AND interval BETWEEN ? AND ? "
        "ORDER BY interval",
        archive->intervals_));
    TRY(Statement::prepare(db, "SELECT interval FROM intervals WHERE shard = ?", archive->interval_slots_));
  }
  return std::unique_ptr<core::Archive>(std::move(archive));
}

std::vector<std::uint64_t> SqliteArchive::superseded_of(std::uint32_t shard, std::uint64_t page) {
  std::vector<std::uint64_t> hashes;
  superseded_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(page));
  read_rows(superseded_, [&] { hashes.push_back(static_cast<std::uint64_t>(superseded_.integer(0))); });
  return hashes;
}

bool SqliteArchive::is_superseded(std::uint32_t shard, std::uint64_t page, std::uint64_t hash) {
  bool found = false;
  is_superseded_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(page));
  is_superseded_.bind(3, static_cast<std::int64_t>(hash));
  read_rows(is_superseded_, [&] { found = true; });
  return found;
}

void SqliteArchive::find(std::uint32_t shard, std::span<const std::uint64_t> hashes, std::optional<std::uint64_t> as_of,
                         const Visit& visit) {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> wanted(hashes.begin(), hashes.end());
  std::sort(wanted.begin(), wanted.end());
  std::set<std::uint64_t, std::greater<>> numbers;
  for (std::size_t i = 0; i < wanted.size();) {
    const std::int64_t bucket = bucket_of(wanted[i]);
    const auto begin = wanted.begin() + static_cast<std::ptrdiff_t>(i);
    while (i < wanted.size() && bucket_of(wanted[i]) == bucket) ++i;
    const auto end = wanted.begin() + static_cast<std::ptrdiff_t>(i);
    bucket_.bind(1, std::int64_t{shard}).bind(2, bucket);
    read_rows(bucket_, [&] {
      each_id(bucket_.text(0), [&](std::uint64_t hash, std::uint64_t page) {
        if ((as_of && page > *as_of) || !std::binary_search(begin, end, hash) || numbers.contains(page)) return;
        if (as_of || !is_superseded(shard, page, hash)) numbers.insert(page);
      });
    });
  }
  for (const std::uint64_t number : numbers) {
    const auto superseded = as_of ? std::vector<std::uint64_t>{} : superseded_of(shard, number);
    page_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(number));
    read_rows(page_, [&] { visit(number, checked(page_, 0, shard, number), superseded); });
  }
}

void SqliteArchive::pages(std::uint32_t shard, std::uint64_t since, core::EventTime from, core::EventTime to,
                          const Visit& visit) {
  const std::lock_guard lock(mutex_);
  range_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(since));
  range_.bind(3, core::to_ms(from)).bind(4, core::to_ms(to));
  read_rows(range_, [&] {
    const auto number = static_cast<std::uint64_t>(range_.integer(0));
    visit(number, checked(range_, 1, shard, number), superseded_of(shard, number));
  });
}

void SqliteArchive::hashes(std::uint32_t shard, const std::function<void(std::uint64_t)>& visit) {
  const std::lock_guard lock(mutex_);
  all_ids_.bind(1, std::int64_t{shard});
  read_rows(all_ids_, [&] { each_id(all_ids_.text(0), [&](std::uint64_t hash, std::uint64_t) { visit(hash); }); });
}

void SqliteArchive::intervals(std::uint32_t shard, core::Slot first, core::Slot last,
                              const std::function<void(core::Slot, std::string_view)>& visit) {
  const std::lock_guard lock(mutex_);
  if (!has_intervals_) return;
  intervals_.bind(1, std::int64_t{shard}).bind(2, std::int64_t{first}).bind(3, std::int64_t{last});
  read_rows(intervals_, [&] {
    const std::string_view bytes = intervals_.text(1);
    const auto interval = static_cast<core::Slot>(intervals_.integer(0));
    if (intervals_.integer(2) != checksum(bytes)) {
      throw core::ArchiveFailure(fmt::format("the store is damaged (the checksum of shard {}, interval {} differs): {}",
                                             shard, core::format_rfc3339(core::slot_start(interval, core::kInterval)),
                                             kRestoreOrReplay));
    }
    visit(interval, bytes);
  });
}

void SqliteArchive::interval_slots(std::uint32_t shard, const std::function<void(core::Slot)>& visit) {
  const std::lock_guard lock(mutex_);
  if (!has_intervals_) return;
  interval_slots_.bind(1, std::int64_t{shard});
  read_rows(interval_slots_, [&] { visit(static_cast<core::Slot>(interval_slots_.integer(0))); });
}

}  // namespace sinks

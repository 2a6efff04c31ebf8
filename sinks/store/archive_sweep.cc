#include "sinks/store/archive_sweep.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sinks/store/archive_ids.h"

namespace sinks {

using core::Result;

Result<void> ArchiveSweep::prepare(sqlite3* db) {
  const std::array<std::pair<Statement*, const char*>, 9> statements = {{
      {&count_superseded_, "SELECT count(*) FROM superseded WHERE shard = ?"},
      {&count_ids_, "SELECT ifnull(sum(length(ids)), 0) FROM archive_ids WHERE shard = ?"},
      {&superseded_, "SELECT number, hash FROM superseded WHERE shard = ?"},
      {&ids_, "SELECT ids FROM archive_ids WHERE shard = ?"},
      {&pages_, "SELECT number FROM archive WHERE shard = ?"},
      {&drop_page_, "DELETE FROM archive WHERE shard = ? AND number = ?"},
      {&drop_orphans_,
       "DELETE FROM superseded WHERE shard = ?1 AND number NOT IN (SELECT number FROM archive WHERE shard = ?1)"},
      {&drop_ids_, "DELETE FROM archive_ids WHERE shard = ?"},
      {&put_ids_, "INSERT INTO archive_ids VALUES(?, ?, ?, ?)"},
  }};
  for (const auto& [statement, sql] : statements) TRY(Statement::prepare(db, sql, *statement));
  return {};
}

Result<void> ArchiveSweep::run(std::uint32_t shard) {
  const auto worth = pays(shard);
  if (!worth) return tl::unexpected(worth.error());
  if (!*worth) return {};
  const auto kept = current(shard);
  if (!kept) return tl::unexpected(kept.error());
  TRY(drop_pages_but(*kept, shard));
  const auto left = count_superseded_.bind(1, std::int64_t{shard}).run_for_number();
  if (!left) return tl::unexpected(left.error());
  left_[shard] = left->value_or(0);
  return write_ids(*kept, shard);
}

Result<bool> ArchiveSweep::pays(std::uint32_t shard) {
  const auto superseded = count_superseded_.bind(1, std::int64_t{shard}).run_for_number();
  if (!superseded) return tl::unexpected(superseded.error());
  const auto bytes = count_ids_.bind(1, std::int64_t{shard}).run_for_number();
  if (!bytes) return tl::unexpected(bytes.error());
  // What an earlier run has left beside current versions is not listed any more, and would be left again.
  const std::int64_t listed = superseded->value_or(0) - left_[shard];
  return listed * 2 > bytes->value_or(0) / static_cast<std::int64_t>(kIdBytes);
}

Result<ArchiveSweep::Current> ArchiveSweep::current(std::uint32_t shard) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> old;  // (page, hash)
  superseded_.bind(1, std::int64_t{shard});
  TRY(each_row(superseded_,
               [&] { old.emplace_back(superseded_.integer(0), static_cast<std::uint64_t>(superseded_.integer(1))); }));
  std::sort(old.begin(), old.end());
  Current current;
  pages_.bind(1, std::int64_t{shard});
  TRY(each_row(pages_, [&] { current.pages.emplace(static_cast<std::uint64_t>(pages_.integer(0)), false); }));
  ids_.bind(1, std::int64_t{shard});
  TRY(each_row(ids_, [&] {
    each_id(ids_.text(0), [&](std::uint64_t hash, std::uint64_t page) {
      const auto there = current.pages.find(page);  // Others were dropped with their time.
      if (there == current.pages.end() || std::binary_search(old.begin(), old.end(), std::pair(page, hash))) return;
      append_id(current.ids[bucket_of(hash)], hash, page);
      there->second = true;
    });
  }));
  return current;
}

Result<void> ArchiveSweep::drop_pages_but(const Current& current, std::uint32_t shard) {
  for (const auto& [page, kept] : current.pages) {
    if (!kept) TRY(drop_page_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(page)).run());
  }
  return drop_orphans_.bind(1, std::int64_t{shard}).run();
}

Result<void> ArchiveSweep::write_ids(const Current& current, std::uint32_t shard) {
  TRY(drop_ids_.bind(1, std::int64_t{shard}).run());
  for (const auto& [bucket, ids] : current.ids) {
    std::uint64_t youngest = 0;
    each_id(ids, [&](std::uint64_t, std::uint64_t page) { youngest = std::max(youngest, page); });
    put_ids_.bind(1, std::int64_t{shard}).bind(2, bucket).bind(3, static_cast<std::int64_t>(youngest));
    TRY(put_ids_.bind_blob(4, ids).run());
  }
  return {};
}

}  // namespace sinks

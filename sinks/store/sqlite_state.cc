#include "sinks/store/sqlite_state.h"

#include <fmt/format.h>

#include <vector>

namespace sinks {
namespace {

using core::Result;

/// Lives for one reading.
class StateRows {
 public:
  using Visit = std::function<Result<void>(core::StatePart, std::uint32_t, std::string_view)>;

  StateRows(sqlite3* db, const std::string& path, bool has_checksums, const Visit& visit)
      : db_(db), path_(path), has_checksums_(has_checksums), visit_(visit) {}

  /// Of the shards in turn: each has a worker that restores it.
  Result<void> pages() {
    Statement shards;
    TRY(Statement::prepare(db_, "SELECT DISTINCT shard FROM pages ORDER BY shard", shards));
    std::vector<Statement> open;
    for (;;) {
      const auto shard = shards.step();
      if (!shard) return tl::unexpected(shard.error());
      if (!*shard) break;
      auto rows = select("page", "pages WHERE shard = ? ORDER BY page");
      if (!rows) return tl::unexpected(rows.error());
      rows->bind(1, shards.integer(0));
      open.push_back(std::move(*rows));
    }
    while (!open.empty()) {
      for (auto rows = open.begin(); rows != open.end();) {
        const auto more = next(*rows, core::StatePart::kPage);
        if (!more) return tl::unexpected(more.error());
        rows = *more ? rows + 1 : open.erase(rows);
      }
    }
    return {};
  }

  Result<void> journal() {
    auto rows = select("seq", "journal ORDER BY seq DESC");
    if (!rows) return tl::unexpected(rows.error());
    for (;;) {
      const auto more = next(*rows, core::StatePart::kJournal);
      if (!more) return tl::unexpected(more.error());
      if (!*more) return {};
    }
  }

 private:
  Result<Statement> select(std::string_view piece, std::string_view from) {
    return Statement::prepare(
        db_, fmt::format("SELECT shard, bytes, {}, {} FROM {}", has_checksums_ ? "checksum" : "NULL", piece, from));
  }

  /// The next piece of the state; false at the end.
  Result<bool> next(Statement& rows, core::StatePart part) {
    auto row = rows.step();
    if (!row || !*row) return row;
    if (!rows.is_null(2) && rows.integer(2) != checksum(rows.text(1))) {
      return core::fail(fmt::format("store {}: the state of shard {} is damaged (its checksum differs, {} {}): {}",
                                    path_, rows.integer(0), part == core::StatePart::kPage ? "page" : "journal entry",
                                    rows.integer(3), kRestoreOrReplay));
    }
    TRY(visit_(part, static_cast<std::uint32_t>(rows.integer(0)), rows.text(1)));
    return true;
  }

  sqlite3* db_;
  const std::string& path_;
  const bool has_checksums_;
  const Visit& visit_;
};

}  // namespace

Result<void> load_state(sqlite3* db, const std::string& path, bool has_checksums, const StateRows::Visit& visit) {
  StateRows rows(db, path, has_checksums, visit);
  TRY(rows.pages());
  return rows.journal();
}

}  // namespace sinks

#include "sinks/store/sqlite_store.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "sinks/store/dead_letter_table.h"
#include "sinks/store/sqlite_handles.h"

namespace sinks {
namespace {

using core::Result;

/// What brings a store of version 1 up to date, a step a version.
const std::array kSteps = {DeadLetterTable::kStep};
const std::int64_t kSchemaVersion = 1 + static_cast<std::int64_t>(kSteps.size());
constexpr std::int64_t kApplicationId = 0x666c7721;  // "flw!" in the file's header: says what the file is.

/// Version 1. A later version adds its step to kSteps; a store is brought up to date when it is opened for writing.
constexpr const char* kSchema = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE partitions(key TEXT PRIMARY KEY, next_offset INTEGER NOT NULL, next_line INTEGER NOT NULL, clock INTEGER)
  WITHOUT ROWID;
CREATE TABLE counts(source TEXT, what TEXT, n INTEGER NOT NULL, PRIMARY KEY(source, what)) WITHOUT ROWID;
CREATE TABLE journal(seq INTEGER PRIMARY KEY AUTOINCREMENT, shard INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE pages(shard INTEGER, page INTEGER, bytes BLOB NOT NULL, PRIMARY KEY(shard, page));
CREATE TABLE dead_letters(id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, position TEXT NOT NULL,
  reason TEXT NOT NULL, detail TEXT NOT NULL, content BLOB NOT NULL, seen INTEGER NOT NULL);
)sql";

#define TRY(expression)                                              \
  do {                                                               \
    if (auto tried = (expression); !tried) return tl::unexpected(tried.error()); \
  } while (false)

class SqliteStore : public core::Store {
 public:
  SqliteStore(DatabaseHandle db, bool older) : db_(std::move(db)), letters_(db_.get(), older) {}

  Result<void> create(const core::StoreIdentity& fresh) {
    TRY(execute(db_.get(), "BEGIN IMMEDIATE"));
    TRY(execute(db_.get(), kSchema));
    TRY(execute(db_.get(), fmt::format("PRAGMA application_id={}", kApplicationId).c_str()));
    TRY(take_steps(1));
    identity_ = fresh;
    TRY(write_identity());
    return execute(db_.get(), "COMMIT");
  }

  Result<void> bring_up_to_date(std::int64_t version) {
    TRY(execute(db_.get(), "BEGIN IMMEDIATE"));
    TRY(take_steps(version));
    return execute(db_.get(), "COMMIT");
  }

  Result<void> begin_reading() { return execute(db_.get(), "BEGIN"); }

  Result<void> read_all() {
    TRY(read_meta());
    TRY(read_partitions());
    return read_counts();
  }

  Result<void> prepare_writes() {
    const auto prepare = [&](Statement& into, const char* sql) -> Result<void> {
      auto statement = Statement::prepare(db_.get(), sql);
      if (!statement) return tl::unexpected(statement.error());
      into = std::move(*statement);
      return {};
    };
    TRY(prepare(put_meta_, "INSERT OR REPLACE INTO meta VALUES(?, ?)"));
    TRY(prepare(put_partition_, "INSERT OR REPLACE INTO partitions VALUES(?, ?, ?, ?)"));
    TRY(prepare(put_count_, "INSERT OR REPLACE INTO counts VALUES(?, ?, ?)"));
    TRY(prepare(put_journal_, "INSERT INTO journal(shard, bytes) VALUES(?, ?)"));
    TRY(prepare(drop_journal_, "DELETE FROM journal WHERE shard = ?"));
    TRY(prepare(drop_pages_, "DELETE FROM pages WHERE shard = ?"));
    TRY(prepare(put_page_, "INSERT INTO pages VALUES(?, ?, ?)"));
    return letters_.prepare_writes();
  }

  const core::StoreIdentity& identity() const override { return identity_; }
  const core::Progress& progress() const override { return progress_; }

  Result<void> load(const std::function<void(core::StatePart, std::uint32_t, std::string_view)>& visit) override {
    for (const auto& [part, sql] :
         {std::pair(core::StatePart::kPage, "SELECT shard, bytes FROM pages ORDER BY shard, page"),
          std::pair(core::StatePart::kJournal, "SELECT shard, bytes FROM journal ORDER BY seq")}) {
      auto statement = Statement::prepare(db_.get(), sql);
      if (!statement) return tl::unexpected(statement.error());
      for (;;) {
        auto row = statement->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        visit(part, static_cast<std::uint32_t>(statement->integer(0)), statement->text(1));
      }
    }
    return {};
  }

  Result<void> commit(const core::Commit& commit) override {
    TRY(execute(db_.get(), "BEGIN IMMEDIATE"));
    auto written = write(commit);
    if (written) written = execute(db_.get(), "COMMIT");
    if (!written) {
      if (sqlite3_get_autocommit(db_.get()) == 0) (void)execute(db_.get(), "ROLLBACK");
      return written;
    }
    identity_changed_ = false;
    progress_ = commit.progress;
    return {};
  }

  void set_identity(core::StoreIdentity identity) override {
    identity_ = std::move(identity);
    identity_changed_ = true;
  }

  Result<std::vector<core::DeadLetter>> dead_letters(const core::DeadLetterQuery& query) override {
    return letters_.read(query);
  }
  Result<std::uint64_t> dead_letters_dropped() override { return letters_.dropped(); }

 private:
  /// From `version` to the present one, within a transaction.
  Result<void> take_steps(std::int64_t version) {
    for (auto step = static_cast<std::size_t>(version - 1); step < kSteps.size(); ++step) {
      TRY(execute(db_.get(), kSteps[step]));
    }
    return execute(db_.get(), fmt::format("PRAGMA user_version={}", kSchemaVersion).c_str());
  }

  Result<void> write(const core::Commit& commit) {
    for (const auto& blob : commit.journal) {
      TRY(put_journal_.bind(1, std::int64_t{blob.shard}).bind_blob(2, blob.bytes).run());
    }
    for (const auto& [shard, pages] : commit.snapshots) {
      TRY(drop_journal_.bind(1, std::int64_t{shard}).run());
      TRY(drop_pages_.bind(1, std::int64_t{shard}).run());
      for (std::size_t i = 0; i < pages.size(); ++i) {
        TRY(put_page_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(i)).bind_blob(3, pages[i]).run());
      }
    }
    TRY(letters_.write(commit));
    if (identity_changed_) TRY(write_identity());
    return write_progress(commit.progress);
  }

  Result<void> write_progress(const core::Progress& progress) {
    for (const auto& [key, partition] : progress.partitions) {
      put_partition_.bind(1, key).bind(2, partition.resume.next_offset).bind(3, partition.resume.next_line);
      partition.clock ? put_partition_.bind(4, core::to_ms(*partition.clock)) : put_partition_.bind_null(4);
      TRY(put_partition_.run());
    }
    for (const auto& [source, c] : progress.counts) {
      const auto put = [&](std::string_view what, std::uint64_t n) {
        return put_count_.bind(1, source).bind(2, what).bind(3, static_cast<std::int64_t>(n)).run();
      };
      TRY(put("received", c.received));
      TRY(put("applied", c.applied));
      TRY(put("duplicate", c.duplicate));
      TRY(put("rejected", c.rejected));
      TRY(put("skipped", c.skipped));
      TRY(put("conflict", c.conflict));
      TRY(put("late", c.late));
      for (const auto& [reason, n] : c.rejected_by) TRY(put("rejected:" + reason, n));
    }
    if (progress.as_of) TRY(put_number("as_of", core::to_ms(*progress.as_of)));
    if (progress.watermark) TRY(put_number("watermark", core::to_ms(*progress.watermark)));
    TRY(put_number("committed_at", core::to_ms(progress.committed_at)));
    TRY(put_number("allowed_lateness", progress.allowed_lateness.count()));
    return put_number("sealed", progress.sealed ? 1 : 0);
  }

  Result<void> put_number(std::string_view key, std::int64_t value) { return put_meta_.bind(1, key).bind(2, value).run(); }

  Result<void> write_identity() {
    auto statement = Statement::prepare(db_.get(), "INSERT OR REPLACE INTO meta VALUES(?, ?)");
    if (!statement) return tl::unexpected(statement.error());
    TRY(statement->bind(1, "shards").bind(2, std::int64_t{identity_.shards}).run());
    TRY(statement->bind(1, "figure_config").bind_blob(2, identity_.figure_config).run());
    return statement->bind(1, "packed_config").bind_blob(2, identity_.packed_config).run();
  }

  Result<void> read_meta() {
    auto statement = Statement::prepare(db_.get(), "SELECT key, value FROM meta");
    if (!statement) return tl::unexpected(statement.error());
    for (;;) {
      auto row = statement->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      const std::string_view key = statement->text(0);
      const std::int64_t number = statement->integer(1);
      if (key == "shards") identity_.shards = static_cast<std::uint32_t>(number);
      if (key == "figure_config") identity_.figure_config = statement->text(1);
      if (key == "packed_config") identity_.packed_config = statement->text(1);
      if (key == "as_of") progress_.as_of = core::event_time(number);
      if (key == "watermark") progress_.watermark = core::event_time(number);
      if (key == "committed_at") progress_.committed_at = core::wall_time(number);
      if (key == "allowed_lateness") progress_.allowed_lateness = core::Millis{number};
      if (key == "sealed") progress_.sealed = number != 0;
    }
  }

  Result<void> read_partitions() {
    auto statement = Statement::prepare(db_.get(), "SELECT key, next_offset, next_line, clock FROM partitions");
    if (!statement) return tl::unexpected(statement.error());
    for (;;) {
      auto row = statement->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      auto& partition = progress_.partitions[std::string(statement->text(0))];
      partition.resume = {statement->integer(1), statement->integer(2)};
      if (!statement->is_null(3)) partition.clock = core::event_time(statement->integer(3));
    }
  }

  Result<void> read_counts() {
    auto statement = Statement::prepare(db_.get(), "SELECT source, what, n FROM counts");
    if (!statement) return tl::unexpected(statement.error());
    for (;;) {
      auto row = statement->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      auto& c = progress_.counts[std::string(statement->text(0))];
      const std::string_view what = statement->text(1);
      const auto n = static_cast<std::uint64_t>(statement->integer(2));
      if (what == "received") c.received = n;
      if (what == "applied") c.applied = n;
      if (what == "duplicate") c.duplicate = n;
      if (what == "rejected") c.rejected = n;
      if (what == "skipped") c.skipped = n;
      if (what == "conflict") c.conflict = n;
      if (what == "late") c.late = n;
      if (what.starts_with("rejected:")) c.rejected_by[std::string(what.substr(9))] = n;
    }
  }

  DatabaseHandle db_;
  core::StoreIdentity identity_;
  core::Progress progress_;
  bool identity_changed_ = false;
  Statement put_meta_, put_partition_, put_count_, put_journal_, drop_journal_, drop_pages_, put_page_;
  DeadLetterTable letters_;
};

Result<std::int64_t> pragma(sqlite3* db, const char* name) {
  auto statement = Statement::prepare(db, fmt::format("PRAGMA {}", name));
  if (!statement) return tl::unexpected(statement.error());
  auto number = statement->run_for_number();
  if (!number) return tl::unexpected(number.error());
  return number->value_or(0);
}

Result<DatabaseHandle> open_file(const std::string& path, OpenMode mode) {
  sqlite3* raw = nullptr;
  const int flags = mode == OpenMode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  DatabaseHandle db(raw);
  if (code != SQLITE_OK) {
    return core::fail(fmt::format("store {}: cannot be opened: {}", path, sqlite3_errmsg(raw)));
  }
  sqlite3_busy_timeout(raw, 5000);
  return db;
}

}  // namespace

std::optional<std::string> sqlite_path(std::string_view url) {
  if (!url.starts_with("sqlite:") || url.size() == 7) return std::nullopt;
  return std::string(url.substr(7));
}

Result<std::unique_ptr<core::Store>> open_sqlite_store(const std::string& path, OpenMode mode,
                                                       const core::StoreIdentity& fresh) {
  if (mode == OpenMode::kRead && !std::filesystem::exists(path)) {
    return core::fail(fmt::format("store {}: there is no such file", path));
  }
  auto db = open_file(path, mode);
  if (!db) return tl::unexpected(db.error());
  if (mode == OpenMode::kWrite) {
    TRY(execute(db->get(), "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA page_size=4096"));
  }
  const auto application = pragma(db->get(), "application_id");
  const auto version = pragma(db->get(), "user_version");
  const auto tables = pragma(db->get(), "schema_version");
  if (!application) return tl::unexpected(application.error());
  if (!version) return tl::unexpected(version.error());
  if (!tables) return tl::unexpected(tables.error());
  const bool fresh_file = *tables == 0 && mode == OpenMode::kWrite;
  if (!fresh_file && *application != kApplicationId) {
    return core::fail(fmt::format("store {}: the file is an SQLite database, but no floorwatch store", path));
  }
  if (*version > kSchemaVersion) {
    return core::fail(fmt::format("store {}: made by a newer floorwatch (schema {}, this one knows {})", path, *version,
                                  kSchemaVersion));
  }
  const bool older = !fresh_file && *version < kSchemaVersion;
  auto store = std::make_unique<SqliteStore>(std::move(*db), older && mode == OpenMode::kRead);
  if (fresh_file) TRY(store->create(fresh));
  if (older && mode == OpenMode::kWrite) TRY(store->bring_up_to_date(*version));
  if (mode == OpenMode::kRead) TRY(store->begin_reading());
  TRY(store->read_all());
  if (mode == OpenMode::kWrite) TRY(store->prepare_writes());
  return std::unique_ptr<core::Store>(std::move(store));
}

}  // namespace sinks

#include "sinks/store/sqlite_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "core/murmur2.h"
#include "sinks/store/sqlite_handles.h"
#include "sinks/store/sqlite_owner.h"
#include "sinks/store/sqlite_progress.h"
#include "sinks/store/sqlite_schema.h"

namespace sinks {
namespace {

using core::Result;

/// SQLite notices damage of its own structure; this is for what lies between.
std::int64_t checksum(std::string_view bytes) { return core::murmur2(bytes); }

class SqliteStore : public core::Store {
 public:
  SqliteStore(DatabaseHandle db, std::string path)
      : db_(std::move(db)), path_(std::move(path)), owner_(db_.get(), path_), rows_(db_.get()) {}

  ~SqliteStore() override {
    if (!owner_.owns()) return;
    // Where it fails, the next owner sees that this process has ended.
    (void)in_transaction(db_.get(), [&]() -> Result<void> {
      TRY(owner_.commits());
      return owner_.give_up();
    });
  }

  Result<void> read() {
    TRY(rows_.read(identity_, progress_));
    const auto version = schema_version(db_.get(), path_);
    if (!version) return tl::unexpected(version.error());
    has_checksums_ = *version >= 2;
    return {};
  }

  Result<void> prepare_writes() {
    TRY(rows_.prepare());
    TRY(Statement::prepare(db_.get(), "INSERT INTO journal(shard, bytes, checksum) VALUES(?, ?, ?)", put_journal_));
    TRY(Statement::prepare(db_.get(), "DELETE FROM journal WHERE shard = ?", drop_journal_));
    TRY(Statement::prepare(db_.get(), "DELETE FROM pages WHERE shard = ?", drop_pages_));
    TRY(Statement::prepare(db_.get(), "INSERT INTO pages(shard, page, bytes, checksum) VALUES(?, ?, ?, ?)", put_page_));
    return Statement::prepare(db_.get(),
                              "INSERT INTO dead_letters(source, position, reason, detail, content, seen) "
                              "VALUES(?, ?, ?, ?, ?, ?)",
                              put_letter_);
  }

  const core::StoreIdentity& identity() const override { return identity_; }
  const core::Progress& progress() const override { return progress_; }

  Result<void> claim(core::Claim claim) override {
    const auto take = [&]() -> Result<void> {
      TRY(owner_.take(claim));
      return read();  // The former owner may have committed since the store was opened.
    };
    TRY(owner_.prepare());
    if (auto done = in_transaction(db_.get(), take); !done) {
      return tl::unexpected(owner_.with_owner(std::move(done.error())));
    }
    owner_.taken(std::move(claim));
    return {};
  }

  Result<void> beat() override {
    return in_transaction(db_.get(), [&]() -> Result<void> {
      const auto commits = owner_.commits();
      if (!commits) return tl::unexpected(commits.error());
      return owner_.beat(*commits);
    });
  }

  Result<void> load(const std::function<void(std::uint32_t, std::string_view)>& visit) override {
    for (const char* from : {"pages ORDER BY shard, page", "journal ORDER BY seq"}) {
      auto rows = Statement::prepare(
          db_.get(), fmt::format("SELECT shard, bytes, {} FROM {}", has_checksums_ ? "checksum" : "NULL", from));
      if (!rows) return tl::unexpected(rows.error());
      for (;;) {
        auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        if (!rows->is_null(2) && rows->integer(2) != checksum(rows->text(1))) {
          return core::fail(fmt::format("store {}: the state of shard {} is damaged (its checksum differs): {}", path_,
                                        rows->integer(0), kRestoreOrReplay));
        }
        visit(static_cast<std::uint32_t>(rows->integer(0)), rows->text(1));
        if (auto beaten = beat_if_due(); !beaten) return beaten;
      }
    }
    return {};
  }

  Result<void> commit(const core::Commit& commit) override {
    const auto write_once = [&]() -> Result<void> {
      const auto kept = owner_.commits();
      if (!kept) return tl::unexpected(kept.error());
      // COMMIT failed, and yet it was kept: what was written is this commit.
      if (tried_ == *kept) return owner_.beat(*kept);
      tried_ = *kept + 1;
      TRY(write(commit));
      return owner_.beat(*tried_);
    };
    TRY(in_transaction(db_.get(), write_once));
    tried_.reset();
    identity_changed_ = false;
    progress_ = commit.progress;
    return {};
  }

  void set_identity(core::StoreIdentity identity) override {
    identity_ = std::move(identity);
    identity_changed_ = true;
  }

  Result<std::vector<core::DeadLetter>> dead_letters(std::size_t limit) override {
    auto statement = Statement::prepare(db_.get(),
                                        "SELECT source, position, reason, detail, content, seen FROM "
                                        "(SELECT * FROM dead_letters ORDER BY id DESC LIMIT ?) ORDER BY id");
    if (!statement) return tl::unexpected(statement.error());
    statement->bind(1, static_cast<std::int64_t>(limit));
    std::vector<core::DeadLetter> letters;
    for (;;) {
      auto row = statement->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return letters;
      const auto text = [&](int column) { return std::string(statement->text(column)); };
      letters.push_back({text(0), text(1), text(2), text(3), text(4), core::wall_time(statement->integer(5))});
    }
  }

 private:
  /// Loading may take longer than a heartbeat may be old. One that fails for a while is left out: the next comes soon.
  Result<void> beat_if_due() {
    if (!owner_.beat_due()) return {};
    auto beaten = beat();
    return beaten || beaten.error().retry_after ? Result<void>{} : beaten;
  }

  Result<void> write(const core::Commit& commit) {
    for (const auto& blob : commit.journal) {
      TRY(put_journal_.bind(1, std::int64_t{blob.shard}).bind_blob(2, blob.bytes).bind(3, checksum(blob.bytes)).run());
    }
    for (const auto& [shard, pages] : commit.snapshots) {
      TRY(drop_journal_.bind(1, std::int64_t{shard}).run());
      TRY(drop_pages_.bind(1, std::int64_t{shard}).run());
      for (std::size_t i = 0; i < pages.size(); ++i) {
        put_page_.bind(1, std::int64_t{shard}).bind(2, static_cast<std::int64_t>(i)).bind_blob(3, pages[i]);
        TRY(put_page_.bind(4, checksum(pages[i])).run());
      }
    }
    for (const auto& letter : commit.dead_letters) {
      put_letter_.bind(1, letter.source).bind(2, letter.position).bind(3, letter.reason).bind(4, letter.detail);
      TRY(put_letter_.bind_blob(5, letter.content).bind(6, core::to_ms(letter.seen)).run());
    }
    if (identity_changed_) TRY(rows_.write(identity_));
    return rows_.write(commit.progress);
  }

  DatabaseHandle db_;
  const std::string path_;
  SqliteOwner owner_;
  SqliteProgress rows_;
  core::StoreIdentity identity_;
  core::Progress progress_;
  bool identity_changed_ = false, has_checksums_ = true;
  std::optional<std::int64_t> tried_;  ///< The number of a commit whose outcome is not known yet.
  Statement put_journal_, drop_journal_, drop_pages_, put_page_, put_letter_;
};

/// SQLite turns to reading by itself where it may not write, and then fails with other words.
Result<void> check_writable(sqlite3* db, const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const bool open = sqlite3_db_readonly(db, "main") == 0;
  if (open && (path.starts_with(':') || ::access(folder.empty() ? "." : folder.c_str(), W_OK) == 0)) return {};
  return core::fail(fmt::format("store {}: the file, its folder or its file system is {}", path, kMakeWritable));
}

/// SQLite would make a new store of it, without a word about the one that was lost. A new file is never empty beside a
/// log.
bool was_emptied(const std::string& path) {
  const auto size = [](const std::string& name) {
    std::error_code absent;
    const auto bytes = std::filesystem::file_size(name, absent);
    return absent ? std::uintmax_t{0} : bytes;
  };
  return size(path) == 0 && size(path + "-wal") > 0;
}

Result<DatabaseHandle> open_file(const std::string& path, OpenMode mode) {
  sqlite3* raw = nullptr;
  const int flags = mode == OpenMode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  DatabaseHandle db(raw);
  if (raw == nullptr) return core::fail(fmt::format("store {}: out of memory", path));
  const bool open = code == SQLITE_OK;
  if (!open && sqlite3_system_errno(raw) != ENOENT) return tl::unexpected(sqlite_failure(raw, "opening " + path));
  if (mode == OpenMode::kWrite) TRY(check_writable(raw, path));
  if (!open) return tl::unexpected(sqlite_failure(raw, "opening " + path));
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
  if (was_emptied(path)) {
    return core::fail(
        fmt::format("store {}: the file is damaged: it is empty or gone, but its -wal is there: {}, for which "
                    "the -wal has to go, too",
                    path, kRestoreOrReplay));
  }
  auto db = open_file(path, mode);
  if (!db) return tl::unexpected(db.error());
  const auto version = schema_version(db->get(), path);  // Before anything is changed: it might be a foreign file.
  if (!version) return tl::unexpected(version.error());
  if (mode == OpenMode::kWrite) {
    TRY(execute(db->get(), "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"));
    const auto fill_new = [&]() -> Result<void> {
      SqliteProgress rows(db->get());
      TRY(rows.prepare());
      return rows.write(fresh);
    };
    TRY(bring_up_to_date(db->get(), path, fill_new));
  } else {
    if (*version == 0) return core::fail(fmt::format("store {}: the file is empty, and no floorwatch store", path));
    TRY(execute(db->get(), "BEGIN"));
  }
  auto store = std::make_unique<SqliteStore>(std::move(*db), path);
  if (mode == OpenMode::kWrite) TRY(store->prepare_writes());
  TRY(store->read());
  return std::unique_ptr<core::Store>(std::move(store));
}

}  // namespace sinks

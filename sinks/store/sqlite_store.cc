#include "sinks/store/sqlite_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "sinks/store/alert_table.h"
#include "sinks/store/dead_letter_table.h"
#include "sinks/store/interval_table.h"
#include "sinks/store/revision_table.h"
#include "sinks/store/sqlite_archive.h"
#include "sinks/store/sqlite_handles.h"
#include "sinks/store/sqlite_owner.h"
#include "sinks/store/sqlite_progress.h"
#include "sinks/store/sqlite_schema.h"
#include "sinks/store/sqlite_state.h"

namespace sinks {
namespace {

using core::Result;

class SqliteStore : public core::Store {
 public:
  SqliteStore(DatabaseHandle db, std::string path, std::int64_t version)
      : db_(std::move(db)),
        path_(std::move(path)),
        owner_(db_.get(), path_),
        rows_(db_.get()),
        letters_(db_.get(), version < kDeadLettersSince),
        alerts_(db_.get(), version < kAlertsSince),
        has_checksums_(version >= kChecksumsSince) {}

  ~SqliteStore() override {
    if (!owner_.owns()) return;
    // Where it fails, the next owner sees that this process has ended.
    (void)in_transaction(db_.get(), [&]() -> Result<void> {
      TRY(owner_.commits());
      return owner_.give_up();
    });
  }

  Result<void> read() { return rows_.read(identity_, progress_); }

  Result<void> prepare_writes() {
    TRY(rows_.prepare());
    TRY(archive_writer_.prepare(db_.get()));
    TRY(interval_writer_.prepare(db_.get()));
    TRY(Statement::prepare(db_.get(), "INSERT INTO journal(shard, bytes, checksum) VALUES(?, ?, ?)", put_journal_));
    TRY(Statement::prepare(db_.get(), "DELETE FROM journal WHERE shard = ?", drop_journal_));
    TRY(Statement::prepare(db_.get(), "DELETE FROM pages WHERE shard = ?", drop_pages_));
    TRY(Statement::prepare(db_.get(), "INSERT INTO pages(shard, page, bytes, checksum) VALUES(?, ?, ?, ?)", put_page_));
    TRY(revision_writer_.prepare(db_.get()));
    TRY(alerts_.prepare_writes());
    return letters_.prepare_writes();
  }

  const core::StoreIdentity& identity() const override { return identity_; }
  const core::Progress& progress() const override { return progress_; }
  core::Archive* archive() override { return archive_.get(); }
  core::RevisionReader* revisions() override { return revisions_.get(); }

  /// Readers share the connection, and so its moment, and have one that several threads may use; the writer's archive
  /// is read beside its transactions.
  Result<void> open_archive(DatabaseHandle beside, std::int64_t version) {
    sqlite3* const db = beside ? beside.get() : db_.get();
    auto archive = SqliteArchive::open(db, std::move(beside), version);
    if (!archive) return tl::unexpected(archive.error());
    archive_ = std::move(*archive);
    return {};
  }

  /// Likewise.
  void open_revisions(DatabaseHandle beside, bool older) {
    sqlite3* const db = beside ? beside.get() : db_.get();
    revisions_ = std::make_unique<SqliteRevisions>(db, std::move(beside), older);
  }

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

  Result<void> load(const Visit& visit) override {
    return load_state(db_.get(), path_, has_checksums_, [&](core::StatePart part, std::uint32_t shard, auto bytes) {
      visit(part, shard, bytes);
      return beat_if_due();
    });
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

  Result<std::vector<core::DeadLetter>> dead_letters(const core::DeadLetterQuery& query) override {
    return letters_.read(query);
  }
  Result<core::AlertState> alert_state() override { return alerts_.state(); }
  Result<std::vector<core::Alert>> alerts(const core::AlertQuery& query) override { return alerts_.read(query); }
  Result<std::uint64_t> dead_letters_dropped() override { return letters_.dropped(); }

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
    for (const core::Snapshot& snapshot : commit.snapshots) TRY(write(snapshot));
    TRY(letters_.write(commit));
    TRY(alerts_.write(commit));
    TRY(revision_writer_.write(commit));
    TRY(archive_writer_.write(commit));
    if (identity_changed_) TRY(rows_.write(identity_));
    return rows_.write(commit.progress);
  }

  Result<void> write(const core::Snapshot& snapshot) {
    const std::int64_t shard{snapshot.shard};
    TRY(drop_journal_.bind(1, shard).run());
    TRY(drop_pages_.bind(1, shard).run());
    for (std::size_t i = 0; i < snapshot.pages.size(); ++i) {
      const std::string& page = snapshot.pages[i];
      put_page_.bind(1, shard).bind(2, static_cast<std::int64_t>(i)).bind_blob(3, page).bind(4, checksum(page));
      TRY(put_page_.run());
    }
    return interval_writer_.write(snapshot);
  }

  DatabaseHandle db_;
  const std::string path_;
  SqliteOwner owner_;
  SqliteProgress rows_;
  DeadLetterTable letters_;
  AlertTable alerts_;
  const bool has_checksums_;  ///< Of the schema; single rows of before have none.
  core::StoreIdentity identity_;
  core::Progress progress_;
  ArchiveWriter archive_writer_;
  IntervalWriter interval_writer_;
  std::unique_ptr<core::Archive> archive_;
  RevisionWriter revision_writer_;
  std::unique_ptr<core::RevisionReader> revisions_;
  bool identity_changed_ = false;
  std::optional<std::int64_t> tried_;  ///< The number of a commit whose outcome is not known yet.
  Statement put_journal_, drop_journal_, drop_pages_, put_page_;
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
  // A reader's archive shares its connection, and workers look into it while the state is read on.
  const int flags = mode == OpenMode::kRead ? SQLITE_OPEN_READONLY | SQLITE_OPEN_FULLMUTEX
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
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
  const auto found = schema_version(db->get(), path);  // Before anything is changed: it might be a foreign file.
  if (!found) return tl::unexpected(found.error());
  if (mode == OpenMode::kWrite) {
    TRY(execute(db->get(), "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"));
    const auto fill_new = [&]() -> Result<void> {
      SqliteProgress rows(db->get());
      TRY(rows.prepare());
      return rows.write(fresh);
    };
    TRY(bring_up_to_date(db->get(), path, fill_new));
  } else {
    if (*found == 0) return core::fail(fmt::format("store {}: the file is empty, and no floorwatch store", path));
    TRY(execute(db->get(), "BEGIN"));
  }
  // Again, since this is the moment that is read: another process may have brought the store up to date meanwhile.
  const auto version = schema_version(db->get(), path);
  if (!version) return tl::unexpected(version.error());
  auto store = std::make_unique<SqliteStore>(std::move(*db), path, *version);
  if (mode == OpenMode::kWrite) TRY(store->prepare_writes());
  if (mode == OpenMode::kRead) {
    if (*version >= kArchiveSince) TRY(store->open_archive({}, *version));
    store->open_revisions({}, *version < kRevisionsSince);
  } else if (!path.starts_with(':')) {
    auto beside = open_file(path, OpenMode::kRead);
    if (!beside) return tl::unexpected(beside.error());
    TRY(store->open_archive(std::move(*beside), *version));
    beside = open_file(path, OpenMode::kRead);
    if (!beside) return tl::unexpected(beside.error());
    store->open_revisions(std::move(*beside), false);
  }
  TRY(store->read());
  return std::unique_ptr<core::Store>(std::move(store));
}

}  // namespace sinks

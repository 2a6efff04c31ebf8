#include "sinks/store/sqlite_owner.h"

#include <fmt/format.h>

namespace sinks {
namespace {

using core::Result;

/// Written through a name that is gone or is another file's now, everything would be lost without a word.
bool has_moved(sqlite3* db) {
  int moved = 0;
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

}  // namespace

Result<void> SqliteOwner::prepare() {
  TRY(Statement::prepare(db_,
                         "SELECT epoch, host, space, process, started, since, heartbeat, uptime, given_up, commits "
                         "FROM owner",
                         read_));
  TRY(Statement::prepare(db_, "UPDATE owner SET heartbeat = ?, uptime = ?, commits = ?", beat_));
  TRY(Statement::prepare(db_,
                         "UPDATE owner SET epoch = ?, host = ?, space = ?, process = ?, started = ?, since = ?, "
                         "heartbeat = ?, uptime = ?, given_up = 0",
                         take_));
  return Statement::prepare(db_, "UPDATE owner SET given_up = 1", give_up_);
}

Result<SqliteOwner::Row> SqliteOwner::read() {
  const auto found = read_.step();
  if (!found) return tl::unexpected(found.error());
  Row row;
  if (*found) {
    core::Ownership& held = row.held;
    held.epoch = static_cast<std::uint64_t>(read_.integer(0));
    held.owner = {std::string(read_.text(1)), std::string(read_.text(2)), read_.integer(3), read_.integer(4)};
    held.since = core::wall_time(read_.integer(5));
    held.heartbeat = {core::wall_time(read_.integer(6)), core::Millis{read_.integer(7)}};
    held.given_up = read_.integer(8) != 0;
    row.commits = read_.integer(9);
  }
  read_.reset();
  if (!*found) return core::fail(fmt::format("store {}: has no row in its table owner: {}", path_, kRestoreOrReplay));
  return row;
}

Result<void> SqliteOwner::take(const core::Claim& claim) {
  const auto row = read();
  if (!row) return tl::unexpected(row.error());
  const core::Moment now = claim.clock();
  if (auto why = core::refusal(row->held, claim, now)) return core::fail(fmt::format("store {}: {}", path_, *why));
  claimed_epoch_ = row->held.epoch + 1;
  take_.bind(1, static_cast<std::int64_t>(claimed_epoch_)).bind(2, claim.process.host).bind(3, claim.process.space);
  take_.bind(4, claim.process.number).bind(5, claim.process.started).bind(6, core::to_ms(now.wall));
  last_beat_ = now.uptime;
  return take_.bind(7, core::to_ms(now.wall)).bind(8, now.uptime.count()).run();
}

void SqliteOwner::taken(core::Claim claim) {
  claim_ = std::move(claim);
  epoch_ = claimed_epoch_;
}

Result<std::int64_t> SqliteOwner::commits() {
  if (!claim_) return core::fail(fmt::format("store {}: is not owned by this process, which must not write it", path_));
  if (has_moved(db_)) {
    return core::fail(
        fmt::format("store {}: the file was moved or deleted while in use: put it back, or start again to "
                    "go on with what is there now",
                    path_));
  }
  const auto row = read();
  if (!row) return tl::unexpected(row.error());
  if (row->held.epoch == epoch_) return row->commits;
  return core::fail(fmt::format("store {}: {}", path_, core::lost_to(row->held, claim_->process)));
}

Result<void> SqliteOwner::beat(std::int64_t commits) {
  const core::Moment now = claim_->clock();
  last_beat_ = now.uptime;
  return beat_.bind(1, core::to_ms(now.wall)).bind(2, now.uptime.count()).bind(3, commits).run();
}

Result<void> SqliteOwner::give_up() { return give_up_.run(); }

core::Failure SqliteOwner::with_owner(core::Failure failure) {
  const auto row = read();
  if (failure.retry_after && row && !row->held.given_up) {
    failure.message +=
        fmt::format("; its owner is {}, which may be paused in the middle of a commit: end it with kill -9",
                    core::to_string(row->held.owner));
  }
  return failure;
}

bool SqliteOwner::beat_due() const {
  return claim_ && claim_->clock().uptime - last_beat_ >= core::kHeartbeatEvery / 2;
}

}  // namespace sinks

#include "sinks/store/sqlite_progress.h"

namespace sinks {

using core::Result;

Result<void> SqliteProgress::read(core::StoreIdentity& identity, core::Progress& progress) const {
  progress = {};
  TRY(read_meta(identity, progress));
  TRY(read_partitions(progress));
  return read_counts(progress);
}

Result<void> SqliteProgress::read_meta(core::StoreIdentity& identity, core::Progress& progress) const {
  auto statement = Statement::prepare(db_, "SELECT key, value FROM meta");
  if (!statement) return tl::unexpected(statement.error());
  return each_row(*statement, [&] {
    const std::string_view key = statement->text(0);
    const std::int64_t number = statement->integer(1);
    if (key == "shards") identity.shards = static_cast<std::uint32_t>(number);
    if (key == "figure_config") identity.figure_config = statement->text(1);
    if (key == "packed_config") identity.packed_config = statement->text(1);
    if (key == "as_of") progress.as_of = core::event_time(number);
    if (key == "watermark") progress.watermark = core::event_time(number);
    if (key == "retained_since") progress.retained_since = core::event_time(number);
    if (key == "committed_at") progress.committed_at = core::wall_time(number);
    if (key == "allowed_lateness") progress.allowed_lateness = core::Millis{number};
    if (key == "sealed") progress.sealed = number != 0;
  });
}

Result<void> SqliteProgress::read_partitions(core::Progress& progress) const {
  auto statement = Statement::prepare(db_, "SELECT key, next_offset, next_line, clock FROM partitions");
  if (!statement) return tl::unexpected(statement.error());
  return each_row(*statement, [&] {
    auto& partition = progress.partitions[std::string(statement->text(0))];
    partition.resume = {statement->integer(1), statement->integer(2)};
    if (!statement->is_null(3)) partition.clock = core::event_time(statement->integer(3));
  });
}

Result<void> SqliteProgress::read_counts(core::Progress& progress) const {
  auto statement = Statement::prepare(db_, "SELECT source, what, n FROM counts");
  if (!statement) return tl::unexpected(statement.error());
  return each_row(*statement, [&] {
    auto& c = progress.counts[std::string(statement->text(0))];
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
  });
}

Result<void> SqliteProgress::prepare() {
  TRY(Statement::prepare(db_, "INSERT OR REPLACE INTO meta VALUES(?, ?)", put_meta_));
  TRY(Statement::prepare(db_, "INSERT OR REPLACE INTO partitions VALUES(?, ?, ?, ?)", put_partition_));
  return Statement::prepare(db_, "INSERT OR REPLACE INTO counts VALUES(?, ?, ?)", put_count_);
}

Result<void> SqliteProgress::write(const core::StoreIdentity& identity) {
  TRY(put_number("shards", identity.shards));
  TRY(put_meta_.bind(1, "figure_config").bind_blob(2, identity.figure_config).run());
  return put_meta_.bind(1, "packed_config").bind_blob(2, identity.packed_config).run();
}

Result<void> SqliteProgress::write(const core::Progress& progress) {
  for (const auto& [key, partition] : progress.partitions) {
    put_partition_.bind(1, key).bind(2, partition.resume.next_offset).bind(3, partition.resume.next_line);
    partition.clock ? put_partition_.bind(4, core::to_ms(*partition.clock)) : put_partition_.bind_null(4);
    TRY(put_partition_.run());
  }
  for (const auto& [source, counts] : progress.counts) TRY(put_counts(source, counts));
  if (progress.as_of) TRY(put_number("as_of", core::to_ms(*progress.as_of)));
  if (progress.watermark) TRY(put_number("watermark", core::to_ms(*progress.watermark)));
  if (progress.retained_since) TRY(put_number("retained_since", core::to_ms(*progress.retained_since)));
  TRY(put_number("committed_at", core::to_ms(progress.committed_at)));
  TRY(put_number("allowed_lateness", progress.allowed_lateness.count()));
  return put_number("sealed", progress.sealed ? 1 : 0);
}

Result<void> SqliteProgress::put_counts(const std::string& source, const core::EventCounts& c) {
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
  return {};
}

Result<void> SqliteProgress::put_number(std::string_view key, std::int64_t value) {
  return put_meta_.bind(1, key).bind(2, value).run();
}

}  // namespace sinks

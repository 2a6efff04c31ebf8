#include "sinks/store/alert_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "core/packed.h"

namespace sinks {
namespace {

using core::Alert;
using core::Result;

constexpr const char* kColumns =
    "id, client, profile, name, queue, severity, figure, window, began, started, resolved, entered_at, left_at, "
    "summary, "
    "action, outcome, facts, announced, acknowledged_at, acknowledged_by, acknowledged_because";

/// "offered 52": a line a fact. No name and no value holds a blank.
std::string lines_of(const std::vector<core::AlertFact>& facts) {
  std::string lines;
  for (const core::AlertFact& fact : facts) lines += fmt::format("{} {}\n", fact.name, fact.value);
  return lines;
}

/// As facts are written: "52", "-3", "0.712000".
bool is_number(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  if (text.size() > kLongest) return false;
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point), decimals = text.substr(std::min(point + 1, text.size()));
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return digits(whole) && (whole.size() == 1 || whole.front() != '0') && (point == text.size() || digits(decimals));
}

// No checksum covers these rows, and people may write to them with SQL: what no build has written is named instead of
// being worked with. Thrown and caught in this file only.

/// Throws core::CorruptState where a fact is no number: receivers get it as one.
std::vector<core::AlertFact> facts_of(std::string_view lines) {
  const auto take = [&](char end) {
    const std::size_t at = std::min(lines.find(end), lines.size());
    std::string word(lines.substr(0, at));
    lines.remove_prefix(std::min(at + 1, lines.size()));
    return word;
  };
  std::vector<core::AlertFact> facts;
  while (!lines.empty()) {
    core::AlertFact fact;
    fact.name = take(' '), fact.value = take('\n');
    if (!is_number(fact.value)) throw core::CorruptState("a fact of an alert is no number");
    facts.push_back(std::move(fact));
  }
  return facts;
}

/// Throws core::CorruptState for a time that cannot be written, or calculated with.
std::int64_t time_of(const Statement& row, int column) {
  const std::int64_t ms = row.integer(column);
  if (ms < core::to_ms(core::kFirstEventTime) || ms >= core::to_ms(core::kEndOfEventTime)) {
    throw core::CorruptState("a time of an alert is outside the years 0 to 9999");
  }
  return ms;
}
core::EventTime event_time_of(const Statement& row, int column) { return core::event_time(time_of(row, column)); }
core::WallTime wall_time_of(const Statement& row, int column) { return core::wall_time(time_of(row, column)); }

core::AlertKey key_of(const Statement& row, int first) {
  const auto text = [&](int column) { return std::string(row.text(first + column)); };
  return {text(0), text(1), text(2), text(3)};
}

Alert alert_of(const Statement& row) {
  const auto text = [&](int column) { return std::string(row.text(column)); };
  Alert alert;
  alert.id = text(0), alert.key = key_of(row, 1);
  alert.severity = text(5), alert.figure = text(6), alert.window = text(7);
  alert.began = event_time_of(row, 8), alert.started = event_time_of(row, 9);
  if (!row.is_null(10)) alert.resolved = event_time_of(row, 10);
  alert.entered_at = wall_time_of(row, 11);
  if (!row.is_null(12)) alert.left_at = wall_time_of(row, 12);
  alert.summary = text(13), alert.action = text(14), alert.outcome = text(15);
  alert.facts = facts_of(row.text(16));
  alert.announced = row.integer(17) != 0;
  if (!row.is_null(18)) alert.acknowledged = {text(19), text(20), wall_time_of(row, 18)};
  return alert;
}

/// Binds the four names from `first` on.
void bind_key(Statement& statement, int first, const core::AlertKey& key) {
  statement.bind(first, key.client).bind(first + 1, key.profile).bind(first + 2, key.name).bind(first + 3, key.queue);
}

template <typename Time>
void bind_time(Statement& statement, int place, const std::optional<Time>& time) {
  time ? statement.bind(place, core::to_ms(*time)) : statement.bind_null(place);
}

template <typename Read>
Result<void> read_rows(Statement& statement, Read&& read) {
  try {
    return each_row(statement, [&] { read(statement); });
  } catch (const core::CorruptState& error) {
    return core::fail(fmt::format("the store's alerts are damaged: {}: {}", error.what(), kRestoreOrReplay));
  }
}

template <typename Read>
Result<void> read_all(sqlite3* db, const std::string& sql, Read&& read) {
  auto statement = Statement::prepare(db, sql);
  if (!statement) return tl::unexpected(statement.error());
  return read_rows(*statement, read);
}

}  // namespace

// ---- writing ----

Result<void> AlertTable::prepare_writes() {
  const std::array<std::pair<Statement*, std::string>, 6> statements = {
      {{&put_,
        fmt::format("INSERT OR REPLACE INTO alerts({}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                    "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
                    kColumns)},
       {&put_pending_, "INSERT INTO alerts_pending(client, profile, name, queue, since) VALUES(?, ?, ?, ?, ?)"},
       {&put_mute_,
        "INSERT INTO alert_mutes(id, client, profile, name, queue, made, until, made_by, reason) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
       {&put_message_, "INSERT INTO alert_messages(alert, stage, channel) VALUES(?, ?, ?)"},
       {&drop_old_,
        "DELETE FROM alerts WHERE started < ? AND resolved IS NOT NULL AND id NOT IN (SELECT alert FROM "
        "alert_messages)"},
       {&drop_message_, "DELETE FROM alert_messages WHERE alert = ? AND stage = ? AND channel = ?"}}};
  for (const auto& [into, sql] : statements) TRY(Statement::prepare(db_, sql, *into));
  return {};
}

Result<void> AlertTable::write(const core::Commit& commit) {
  const core::AlertChanges& changes = commit.alerts;
  for (const Alert& alert : changes.alerts) TRY(put(alert));
  // Kept for as long as the contacts that they were about.
  if (const auto horizon = commit.progress.retained_since; horizon && !changes.alerts.empty()) {
    TRY(drop_old_.bind(1, core::to_ms(*horizon)).run());
  }
  if (changes.pending) TRY(replace_pending(*changes.pending));
  if (changes.mutes) TRY(replace_mutes(*changes.mutes));
  const auto with_message = [](Statement& statement, const core::AlertMessage& message) {
    return statement.bind(1, message.id).bind(2, std::int64_t(message.stage)).bind(3, message.channel).run();
  };
  for (const core::AlertMessage& message : changes.to_send) TRY(with_message(put_message_, message));
  for (const core::AlertMessage& message : changes.sent) TRY(with_message(drop_message_, message));
  return {};
}

Result<void> AlertTable::put(const Alert& a) {
  const std::string facts = lines_of(a.facts);
  put_.bind(1, a.id);
  bind_key(put_, 2, a.key);
  put_.bind(6, a.severity).bind(7, a.figure).bind(8, a.window);
  put_.bind(9, core::to_ms(a.began)).bind(10, core::to_ms(a.started));
  bind_time(put_, 11, a.resolved);
  put_.bind(12, core::to_ms(a.entered_at));
  bind_time(put_, 13, a.left_at);
  put_.bind(14, a.summary).bind(15, a.action).bind(16, a.outcome).bind(17, facts).bind(18, std::int64_t{a.announced});
  const Alert::Acknowledgement none;
  const Alert::Acknowledgement& by = a.acknowledged ? *a.acknowledged : none;
  a.acknowledged ? put_.bind(19, core::to_ms(by.at)) : put_.bind_null(19);
  return put_.bind(20, by.by).bind(21, by.reason).run();
}

Result<void> AlertTable::replace_pending(const std::vector<core::PendingAlert>& pending) {
  TRY(execute(db_, "DELETE FROM alerts_pending"));
  for (const core::PendingAlert& one : pending) {
    bind_key(put_pending_, 1, one.key);
    TRY(put_pending_.bind(5, core::to_ms(one.since)).run());
  }
  return {};
}

Result<void> AlertTable::replace_mutes(const std::vector<core::Mute>& mutes) {
  TRY(execute(db_, "DELETE FROM alert_mutes"));
  for (const core::Mute& mute : mutes) {
    put_mute_.bind(1, mute.id);
    bind_key(put_mute_, 2, mute.key);
    put_mute_.bind(6, core::to_ms(mute.made)).bind(7, core::to_ms(mute.until)).bind(8, mute.by).bind(9, mute.reason);
    TRY(put_mute_.run());
  }
  return {};
}

// ---- reading ----

Result<std::vector<Alert>> AlertTable::read(const core::AlertQuery& query) const {
  std::vector<Alert> alerts;
  if (older_) return alerts;
  const char* const clause = !query.state                                ? ""
                             : *query.state == core::AlertStage::kFiring ? "AND resolved IS NULL"
                                                                         : "AND resolved IS NOT NULL";
  auto statement = Statement::prepare(
      db_,
      fmt::format("SELECT {} FROM alerts WHERE (?1 IS NULL OR client = ?1) AND (?2 IS NULL OR id = ?2) AND started >= "
                  "?3 AND started < ?4 {} ORDER BY started DESC, id LIMIT ?5",
                  kColumns, clause));
  if (!statement) return tl::unexpected(statement.error());
  using Limits = std::numeric_limits<std::int64_t>;
  query.client ? statement->bind(1, *query.client) : statement->bind_null(1);
  query.id ? statement->bind(2, *query.id) : statement->bind_null(2);
  statement->bind(3, query.from ? core::to_ms(*query.from) : Limits::min());
  statement->bind(4, query.to ? core::to_ms(*query.to) : Limits::max());
  statement->bind(5, query.limit ? static_cast<std::int64_t>(*query.limit) : std::int64_t{-1});
  TRY(read_rows(*statement, [&](const Statement& row) { alerts.push_back(alert_of(row)); }));
  return alerts;
}

Result<core::AlertState> AlertTable::state() const {
  core::AlertState state;
  if (older_) return state;
  TRY(read_all(
      db_,
      fmt::format("SELECT {} FROM alerts WHERE resolved IS NULL OR id IN (SELECT alert FROM alert_messages)", kColumns),
      [&](const Statement& row) { state.alerts.push_back(alert_of(row)); }));
  TRY(read_all(db_, "SELECT client, profile, name, queue, since FROM alerts_pending",
               [&](const Statement& row) { state.pending.push_back({key_of(row, 0), event_time_of(row, 4)}); }));
  TRY(read_all(db_, "SELECT id, client, profile, name, queue, made, until, made_by, reason FROM alert_mutes",
               [&](const Statement& row) {
                 state.mutes.push_back({std::string(row.text(0)), key_of(row, 1), wall_time_of(row, 5),
                                        wall_time_of(row, 6), std::string(row.text(7)), std::string(row.text(8))});
               }));
  TRY(read_all(db_, "SELECT alert, stage, channel FROM alert_messages ORDER BY number", [&](const Statement& row) {
    const auto stage = row.integer(1) == 0 ? core::AlertStage::kFiring : core::AlertStage::kResolved;
    state.to_send.push_back({std::string(row.text(0)), stage, std::string(row.text(2))});
  }));
  return state;
}

}  // namespace sinks

#include "sinks/store/dead_letter_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sinks {
namespace {

using core::Result;

/// What a dead letter is taken to need: 256 for source, position, reason, detail and the row itself.
constexpr std::string_view kWeight = "length(content) + length(headers) + 256";

}  // namespace

// A letter of before has no headers; one without content stands for a line that was not kept.
const char* const DeadLetterTable::kStep = R"sql(
ALTER TABLE dead_letters ADD COLUMN headers TEXT NOT NULL DEFAULT '';
ALTER TABLE dead_letters ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dead_letters ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;
UPDATE dead_letters SET whole = 0 WHERE length(content) = 0;
INSERT INTO meta SELECT 'dead_letter_bytes', ifnull(sum(length(content) + 256), 0) FROM dead_letters;
INSERT INTO meta VALUES('dead_letters_dropped', 0);
)sql";

Result<void> DeadLetterTable::prepare_writes() {
  const std::array<std::pair<Statement*, std::string>, 5> statements = {{
      {&put_,
       fmt::format("INSERT INTO dead_letters(source, position, reason, detail, content, seen, headers, at, whole) "
                   "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {}",
                   kWeight)},
      {&take_out_, fmt::format("DELETE FROM dead_letters WHERE id = ? RETURNING {}", kWeight)},
      {&drop_oldest_, fmt::format("DELETE FROM dead_letters WHERE id = (SELECT min(id) FROM dead_letters) AND "
                                  "(seen < ? OR (SELECT value FROM meta WHERE key = 'dead_letter_bytes') > ?) "
                                  "RETURNING {}",
                                  kWeight)},
      {&add_bytes_, "UPDATE meta SET value = value + ? WHERE key = 'dead_letter_bytes'"},
      {&count_dropped_, "UPDATE meta SET value = value + 1 WHERE key = 'dead_letters_dropped'"},
  }};
  for (const auto& [into, sql] : statements) {
    auto statement = Statement::prepare(db_, sql);
    if (!statement) return tl::unexpected(statement.error());
    *into = std::move(*statement);
  }
  return {};
}

Result<void> DeadLetterTable::write(const core::Commit& commit) {
  const auto added = put(commit.dead_letters);
  if (!added) return tl::unexpected(added.error());
  const auto taken = take_out(commit.understood);
  if (!taken) return tl::unexpected(taken.error());
  if (*added != *taken) {
    if (auto told = add_bytes_.bind(1, *added - *taken).run(); !told) return told;
  }
  return hold_to(commit.dead_letter_limits, commit.progress.committed_at);
}

/// How many bytes they take.
Result<std::int64_t> DeadLetterTable::put(const std::vector<core::DeadLetter>& letters) {
  std::int64_t bytes = 0;
  for (const auto& letter : letters) {
    put_.bind(1, letter.source).bind(2, letter.position).bind(3, letter.reason).bind(4, letter.detail);
    put_.bind_blob(5, letter.content).bind(6, core::to_ms(letter.seen)).bind(7, letter.headers).bind(8, letter.offset);
    const auto weight = put_.bind(9, std::int64_t{letter.whole}).run_for_number();
    if (!weight) return tl::unexpected(weight.error());
    bytes += weight->value_or(0);
  }
  return bytes;
}

/// How many bytes they took. One that is not there was understood elsewhere, and must not count again.
Result<std::int64_t> DeadLetterTable::take_out(const std::vector<std::int64_t>& ids) {
  std::int64_t bytes = 0;
  for (const std::int64_t id : ids) {
    const auto weight = take_out_.bind(1, id).run_for_number();
    if (!weight) return tl::unexpected(weight.error());
    if (!*weight) return core::fail(fmt::format("store: dead letter {} is no longer there; try again", id));
    bytes += **weight;
  }
  return bytes;
}

Result<void> DeadLetterTable::hold_to(const core::DeadLetterLimits& limits, core::WallTime now) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto bytes = static_cast<std::int64_t>(std::min(limits.bytes, kMost));
  const std::int64_t since =
      limits.age == core::Millis::max() ? std::numeric_limits<std::int64_t>::min() : core::to_ms(now - limits.age);
  for (;;) {
    const auto weight = drop_oldest_.bind(1, since).bind(2, bytes).run_for_number();
    if (!weight) return tl::unexpected(weight.error());
    if (!*weight) return {};
    if (auto told = add_bytes_.bind(1, -**weight).run(); !told) return told;
    if (auto told = count_dropped_.run(); !told) return told;
  }
}

Result<std::vector<core::DeadLetter>> DeadLetterTable::read(const core::DeadLetterQuery& query) const {
  auto statement = Statement::prepare(
      db_, fmt::format("SELECT source, position, reason, detail, content, seen, id, {} FROM dead_letters WHERE "
                       "(?1 IS NULL OR source = ?1) AND (?2 IS NULL OR reason = ?2) ORDER BY id DESC LIMIT ?3",
                       older_ ? "'', 0, length(content) > 0" : "headers, at, whole"));
  if (!statement) return tl::unexpected(statement.error());
  query.source ? statement->bind(1, *query.source) : statement->bind_null(1);
  query.reason ? statement->bind(2, *query.reason) : statement->bind_null(2);
  statement->bind(3, query.limit ? static_cast<std::int64_t>(*query.limit) : std::int64_t{-1});
  std::vector<core::DeadLetter> letters;
  for (;;) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto text = [&](int column) { return std::string(statement->text(column)); };
    letters.push_back({text(0), text(1), text(2), text(3), text(4), core::wall_time(statement->integer(5)), text(7),
                       statement->integer(8), statement->integer(9) != 0, statement->integer(6)});
  }
  std::ranges::reverse(letters);
  return letters;
}

Result<std::uint64_t> DeadLetterTable::dropped() const {
  auto statement = Statement::prepare(db_, "SELECT value FROM meta WHERE key = 'dead_letters_dropped'");
  if (!statement) return tl::unexpected(statement.error());
  const auto dropped = statement->run_for_number();
  if (!dropped) return tl::unexpected(dropped.error());
  return static_cast<std::uint64_t>(dropped->value_or(0));
}

}  // namespace sinks

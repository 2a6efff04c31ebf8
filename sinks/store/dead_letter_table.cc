#include "sinks/store/dead_letter_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

namespace sinks {
namespace {

using core::Result;

constexpr std::uint64_t kMostBytes = std::numeric_limits<std::int64_t>::max();

/// What a dead letter is taken to need: 256 for source, position, reason, detail and the row itself.
constexpr std::string_view kWeight = "length(content) + length(headers) + 256";
std::int64_t weight_of(const core::DeadLetter& letter) {
  return static_cast<std::int64_t>(letter.content.size() + letter.headers.size() + 256);
}

}  // namespace

Result<void> DeadLetterTable::prepare_writes() {
  const std::array<std::pair<Statement*, std::string>, 5> statements = {{
      {&put_,
       "INSERT INTO dead_letters(source, position, reason, detail, content, seen, headers, at, whole) "
       "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&take_out_, fmt::format("DELETE FROM dead_letters WHERE id = ? RETURNING {}", kWeight)},
      {&drop_oldest_, fmt::format("DELETE FROM dead_letters WHERE id = (SELECT min(id) FROM dead_letters) AND "
                                  "(seen < ? OR (SELECT value FROM meta WHERE key = 'dead_letter_bytes') > ?) "
                                  "RETURNING {}",
                                  kWeight)},
      {&add_bytes_, "UPDATE meta SET value = value + ? WHERE key = 'dead_letter_bytes'"},
      {&add_dropped_, "UPDATE meta SET value = value + ? WHERE key = 'dead_letters_dropped'"},
  }};
  for (const auto& [into, sql] : statements) TRY(Statement::prepare(db_, sql, *into));
  return {};
}

Result<void> DeadLetterTable::write(const core::Commit& commit) {
  const auto taken = take_out(commit.understood);
  if (!taken) return tl::unexpected(taken.error());
  const auto most = static_cast<std::int64_t>(std::min(commit.dead_letter_limits.bytes, kMostBytes));
  // What would be dropped at once is not written: a flood of letters must not make the file larger than its limit.
  std::int64_t bytes = 0;
  auto first = commit.dead_letters.end();
  for (; first != commit.dead_letters.begin(); --first) {
    const std::int64_t more = bytes + weight_of(*std::prev(first));
    if (more > most) break;
    bytes = more;
  }
  if (bytes != *taken) TRY(add_bytes_.bind(1, bytes - *taken).run());
  TRY(hold_to(most, commit.progress.committed_at, commit.dead_letter_limits.age));
  if (const auto not_written = first - commit.dead_letters.begin(); not_written > 0) {
    TRY(add_dropped_.bind(1, std::int64_t{not_written}).run());
  }
  for (; first != commit.dead_letters.end(); ++first) {
    TRY(put(*first));
  }
  return {};
}

Result<void> DeadLetterTable::put(const core::DeadLetter& letter) {
  put_.bind(1, letter.source).bind(2, letter.position).bind(3, letter.reason).bind(4, letter.detail);
  put_.bind_blob(5, letter.content).bind(6, core::to_ms(letter.seen)).bind(7, letter.headers).bind(8, letter.offset);
  return put_.bind(9, std::int64_t{letter.whole}).run();
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

/// Drops the oldest of the table until its bytes, with those that are about to be put, are as few as allowed.
Result<void> DeadLetterTable::hold_to(std::int64_t most_bytes, core::WallTime now, core::Millis age) {
  const std::int64_t since =
      age == core::Millis::max() ? std::numeric_limits<std::int64_t>::min() : core::to_ms(now - age);
  for (;;) {
    const auto weight = drop_oldest_.bind(1, since).bind(2, most_bytes).run_for_number();
    if (!weight) return tl::unexpected(weight.error());
    if (!*weight) return {};
    TRY(add_bytes_.bind(1, -**weight).run());
    TRY(add_dropped_.bind(1, std::int64_t{1}).run());
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
  TRY(each_row(*statement, [&] {
    const auto text = [&](int column) { return std::string(statement->text(column)); };
    letters.push_back({text(0), text(1), text(2), text(3), text(4), core::wall_time(statement->integer(5)), text(7),
                       statement->integer(8), statement->integer(9) != 0, statement->integer(6)});
  }));
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

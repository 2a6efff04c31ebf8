#include "sinks/store/revision_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/figure_config.h"

namespace sinks {
namespace {

using core::Result;

/// "offered 17 18": a line a figure; no value is "-". No column and no value holds a blank.
std::string lines_of(const std::vector<core::Revision::Figure>& figures) {
  const auto word = [](const std::string& value) { return value.empty() ? "-" : std::string_view(value); };
  std::string lines;
  for (const auto& f : figures) lines += fmt::format("{} {} {}\n", f.name, word(f.before), word(f.after));
  return lines;
}

std::vector<core::Revision::Figure> figures_of(std::string_view lines) {
  const auto take = [&](char end) {
    const std::size_t at = std::min(lines.find(end), lines.size());
    std::string word(lines.substr(0, at));
    lines.remove_prefix(std::min(at + 1, lines.size()));
    return word == "-" ? std::string{} : word;
  };
  std::vector<core::Revision::Figure> figures;
  while (!lines.empty()) {
    core::Revision::Figure figure;
    figure.name = take(' '), figure.before = take(' '), figure.after = take('\n');
    figures.push_back(std::move(figure));
  }
  return figures;
}

template <typename Enum, std::size_t N>
Enum value_of(std::string_view word, const std::array<std::string_view, N>& words) {
  const auto it = std::find(words.begin(), words.end(), word);
  return static_cast<Enum>(it == words.end() ? 0 : it - words.begin());
}

/// The row of the columns kind, basis, a, b, c, start.
core::RevisedRow row_of(const Statement& statement) {
  return {value_of<core::FigureKey>(statement.text(0), core::kFigureKeyWords),
          value_of<core::Basis>(statement.text(1), core::kBasisWords),
          std::string(statement.text(2)),
          std::string(statement.text(3)),
          std::string(statement.text(4)),
          core::event_time(statement.integer(5))};
}

}  // namespace

Result<void> RevisionTable::prepare_writes() {
  return Statement::prepare(db_, "INSERT INTO revisions VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", put_);
}

Result<void> RevisionTable::write(const core::Commit& commit) {
  for (const core::Revision& revision : commit.revisions) TRY(put(revision, commit.progress.committed_at));
  return {};
}

Result<void> RevisionTable::put(const core::Revision& revision, core::WallTime committed_at) {
  const core::RevisedRow& row = revision.row;
  const core::RevisionCause& cause = revision.cause;
  put_.bind(1, core::kFigureKeyWords[core::index(row.by)]).bind(2, core::kBasisWords[core::index(row.basis)]);
  put_.bind(3, row.a).bind(4, row.b).bind(5, row.c).bind(6, core::to_ms(row.start)).bind(7, revision.number);
  put_.bind(8, core::to_ms(committed_at)).bind(9, cause.type).bind(10, core::to_ms(cause.time)).bind(11, cause.entity);
  put_.bind(12, cause.source).bind(13, cause.origin).bind(14, cause.id).bind(15, std::int64_t{revision.events});
  return put_.bind(16, lines_of(revision.figures)).run();
}

Result<void> RevisionTable::counts(const std::function<void(const core::RevisedRow&, std::int64_t)>& visit) const {
  if (older_) return {};
  auto statement = Statement::prepare(
      db_, "SELECT kind, basis, a, b, c, start, max(revision) FROM revisions GROUP BY kind, basis, a, b, c, start");
  if (!statement) return tl::unexpected(statement.error());
  return each_row(*statement, [&] { visit(row_of(*statement), statement->integer(6)); });
}

Result<std::vector<core::Revision>> RevisionTable::read(const core::FigureQuery& query) const {
  std::vector<core::Revision> revisions;
  if (older_) return revisions;
  auto statement = Statement::prepare(
      db_,
      "SELECT * FROM revisions WHERE kind = ?1 AND basis = ?2 AND (?3 IS NULL OR a = ?3) AND (?4 IS NULL OR b = ?4) "
      "AND (?5 IS NULL OR c = ?5) AND (?6 IS NULL OR start >= ?6) AND (?7 IS NULL OR start < ?7) "
      "ORDER BY kind, basis, a, b, c, start, revision");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, core::kFigureKeyWords[core::index(query.by)]);
  statement->bind(2, core::kBasisWords[core::index(query.basis)]);
  const std::array names = {&query.client, &query.queue, &query.channel};
  for (int i = 0; i < 3; ++i) *names[i] ? statement->bind(3 + i, **names[i]) : statement->bind_null(3 + i);
  query.from ? statement->bind(6, core::to_ms(*query.from)) : statement->bind_null(6);
  query.to ? statement->bind(7, core::to_ms(*query.to)) : statement->bind_null(7);
  TRY(each_row(*statement, [&] {
    const auto text = [&](int column) { return std::string(statement->text(column)); };
    core::Revision& revision = revisions.emplace_back();
    revision.row = row_of(*statement);
    revision.number = statement->integer(6);
    revision.committed_at = core::wall_time(statement->integer(7));
    revision.cause = {text(11), text(12), text(13), text(8), text(10), core::event_time(statement->integer(9))};
    revision.events = static_cast<std::uint32_t>(statement->integer(14));
    revision.figures = figures_of(statement->text(15));
  }));
  return revisions;
}

}  // namespace sinks

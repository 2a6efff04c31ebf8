#include "sinks/store/revision_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

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

/// Reads of one connection between which nothing changes; a reader's whole life is such a moment already.
class Moment {
 public:
  explicit Moment(sqlite3* db) : db_(sqlite3_get_autocommit(db) != 0 ? db : nullptr) {}
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;
  ~Moment() {
    if (db_ != nullptr) (void)execute(db_, "COMMIT");
  }
  Result<void> begin() { return db_ != nullptr ? execute(db_, "BEGIN") : Result<void>{}; }

 private:
  sqlite3* db_;
};

struct RowNames {
  std::string a, b, c;
};

/// `tail` goes on after "WHERE kind = ?1 AND basis = ?2".
Result<Statement> prepare_of(sqlite3* db, const core::FigureQuery& query, std::string_view columns,
                             std::string_view tail) {
  auto statement = Statement::prepare(
      db, fmt::format("SELECT {} FROM revisions WHERE kind = ?1 AND basis = ?2 AND {}", columns, tail));
  if (!statement) return statement;
  statement->bind(1, core::kFigureKeyWords[core::index(query.by)]);
  statement->bind(2, core::kBasisWords[core::index(query.basis)]);
  return statement;
}

/// The names of the rows that the query asks for, in order, until `visit` gives false. They are few beside their
/// revisions: one seek for each passes over those.
template <typename Visit>
Result<void> each_name(sqlite3* db, const core::FigureQuery& query, Visit&& visit) {
  constexpr std::string_view kTail = "(a, b, c) {} (?3, ?4, ?5) ORDER BY a, b, c LIMIT 1";
  auto first = prepare_of(db, query, "a, b, c", fmt::format(kTail, ">="));
  if (!first) return tl::unexpected(first.error());
  auto next = prepare_of(db, query, "a, b, c", fmt::format(kTail, ">"));
  if (!next) return tl::unexpected(next.error());
  RowNames names{query.client.value_or(""), {}, {}};
  for (Statement* step = &*first;; step = &*next) {
    step->bind(3, names.a).bind(4, names.b).bind(5, names.c);
    std::optional<RowNames> found;
    TRY(each_row(
        *step, [&] { found = {std::string(step->text(0)), std::string(step->text(1)), std::string(step->text(2))}; }));
    if (!found || (query.client && found->a != *query.client)) return {};
    names = std::move(*found);
    if ((query.queue && names.b != *query.queue) || (query.channel && names.c != *query.channel)) continue;
    const Result<bool> more = visit(names);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
  }
}

/// A statement for the rows of one name after the other.
Result<Statement> prepare_rows(sqlite3* db, const core::FigureQuery& query, std::string_view columns,
                               std::string_view order) {
  auto rows = prepare_of(db, query, columns,
                         fmt::format("a = ?3 AND b = ?4 AND c = ?5 AND start >= ?6 AND start < ?7 {}", order));
  if (!rows) return rows;
  using Limits = std::numeric_limits<std::int64_t>;
  rows->bind(6, query.from ? core::to_ms(*query.from) : Limits::min());
  rows->bind(7, query.to ? core::to_ms(*query.to) : Limits::max());
  return rows;
}

core::Revision revision_of(const Statement& row, core::RevisedRow of) {
  const auto text = [&](int column) { return std::string(row.text(column)); };
  core::Revision revision;
  revision.row = std::move(of);
  revision.row.start = core::event_time(row.integer(0));
  revision.number = row.integer(1);
  revision.committed_at = core::wall_time(row.integer(2));
  revision.cause = {text(6), text(7), text(8), text(3), text(5), core::event_time(row.integer(4))};
  revision.events = static_cast<std::uint32_t>(row.integer(9));
  revision.figures = figures_of(row.text(10));
  return revision;
}

}  // namespace

// ---- writing ----

Result<void> RevisionWriter::prepare(sqlite3* db) {
  return Statement::prepare(
      db,
      "INSERT INTO revisions VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1 + ifnull((SELECT max(revision) FROM revisions WHERE "
      "kind = ?1 AND basis = ?2 AND a = ?3 AND b = ?4 AND c = ?5 AND start = ?6), 0), ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
      "?14, ?15)",
      put_);
}

Result<void> RevisionWriter::write(const core::Commit& commit) {
  for (const core::Revision& revision : commit.revisions) TRY(put(revision, commit.progress.committed_at));
  return {};
}

Result<void> RevisionWriter::put(const core::Revision& revision, core::WallTime committed_at) {
  const core::RevisedRow& row = revision.row;
  const core::RevisionCause& cause = revision.cause;
  const std::string lines = lines_of(revision.figures);
  put_.bind(1, core::kFigureKeyWords[core::index(row.by)]).bind(2, core::kBasisWords[core::index(row.basis)]);
  put_.bind(3, row.a).bind(4, row.b).bind(5, row.c).bind(6, core::to_ms(row.start));
  put_.bind(7, core::to_ms(committed_at)).bind(8, cause.type).bind(9, core::to_ms(cause.time)).bind(10, cause.entity);
  put_.bind(11, cause.source).bind(12, cause.origin).bind(13, cause.id).bind(14, std::int64_t{revision.events});
  return put_.bind(15, lines).run();
}

// ---- reading ----

Result<void> SqliteRevisions::counts(const core::FigureQuery& query,
                                     const std::function<void(const core::RevisedRow&, std::int64_t)>& visit) {
  if (older_) return {};
  const std::lock_guard lock(mutex_);
  Moment moment(db_);
  TRY(moment.begin());
  auto rows = prepare_rows(db_, query, "start, count(*)", query.every == core::Every::kTotal ? "" : "GROUP BY start");
  if (!rows) return tl::unexpected(rows.error());
  return each_name(db_, query, [&](const RowNames& names) -> Result<bool> {
    core::RevisedRow row{query.by, query.basis, names.a, names.b, names.c, {}};
    rows->bind(3, names.a).bind(4, names.b).bind(5, names.c);
    TRY(each_row(*rows, [&] {
      if (rows->integer(1) == 0) return;  // A total of nothing is a row, too.
      row.start = core::event_time(rows->integer(0));
      visit(row, rows->integer(1));
    }));
    return true;
  });
}

Result<void> SqliteRevisions::revisions(const core::FigureQuery& query,
                                        const std::function<bool(const core::Revision&)>& visit) {
  if (older_) return {};
  const std::lock_guard lock(mutex_);
  Moment moment(db_);
  TRY(moment.begin());
  auto rows = prepare_rows(db_, query,
                           "start, revision, committed_at, cause_type, cause_time, cause_entity, cause_source, "
                           "cause_origin, cause_id, events, figures",
                           "ORDER BY start, revision");
  if (!rows) return tl::unexpected(rows.error());
  return each_name(db_, query, [&](const RowNames& names) -> Result<bool> {
    rows->bind(3, names.a).bind(4, names.b).bind(5, names.c);
    for (;;) {
      const auto row = rows->step();
      if (!row) return tl::unexpected(row.error());
      const bool go_on = *row && visit(revision_of(*rows, {query.by, query.basis, names.a, names.b, names.c, {}}));
      if (go_on) continue;
      rows->reset();
      return !*row;
    }
  });
}

}  // namespace sinks

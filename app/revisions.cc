#include "app/revisions.h"

#include <array>

#include "core/periods.h"
#include "core/printable_text.h"

namespace app {
namespace {

/// What the rows of a revision have in common, before its figures.
std::vector<core::Value> beginning(const core::Revision& r, std::size_t keys, const date::time_zone* zone) {
  std::vector<core::Value> row;
  const std::array names = {&r.row.a, &r.row.b, &r.row.c};
  for (std::size_t i = 0; i < keys; ++i) row.emplace_back(*names[i]);
  // A contract has periods of its own, which its configuration knows.
  const bool contract = r.row.by == core::FigureKey::kProfile;
  row.emplace_back(core::has_basis(r.row.by) ? core::Value{std::string(core::kBasisWords[core::index(r.row.basis)])}
                                             : core::Value{});
  row.emplace_back(core::format_rfc3339_seconds(r.row.start, zone));
  row.emplace_back(contract ? core::Value{} : core::format_rfc3339_seconds(r.row.start + core::kInterval, zone));
  row.emplace_back(r.number);
  row.emplace_back(core::format_rfc3339(core::EventTime{r.committed_at.time_since_epoch()}));
  return row;
}

}  // namespace

std::vector<std::string> revision_columns(core::FigureKey by) {
  auto columns = core::row_names(by);
  for (const char* column : {"basis", "start", "end", "revision", "committed_at", "figure", "before", "after", "events",
                             "cause_type", "cause_time", "cause_entity", "cause_source", "cause_origin", "cause_id"}) {
    columns.emplace_back(column);
  }
  return columns;
}

core::Result<bool> list_revisions(core::RevisionReader* kept, const core::FigureQuery& query,
                                  const std::function<bool(std::vector<core::Value>)>& row) {
  if (kept == nullptr) return false;
  const std::size_t keys = core::row_names(query.by).size();
  const date::time_zone* zone = query.timezone ? core::find_zone(*query.timezone) : nullptr;
  std::size_t listed = 0;
  bool cut = false;
  const auto read = kept->revisions(query, [&](const core::Revision& r) {
    cut = listed++ == query.limit;
    if (cut) return false;
    const auto begin = beginning(r, keys, zone);
    const core::RevisionCause& cause = r.cause;
    for (const auto& figure : r.figures) {
      auto cells = begin;
      cells.insert(cells.end(), {figure.name, figure.before, figure.after, std::int64_t{r.events}, cause.type,
                                 core::format_rfc3339(cause.time), core::printable(cause.entity), cause.source,
                                 core::printable(cause.origin), core::printable(cause.id)});
      if (!row(std::move(cells))) return false;
    }
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  return cut;
}

core::Result<core::FigureTable> revision_table(core::RevisionReader* kept, const core::FigureQuery& query) {
  core::FigureTable table{revision_columns(query.by), {}};
  const auto cut = list_revisions(kept, query, [&](std::vector<core::Value> row) {
    table.rows.push_back(std::move(row));
    return true;
  });
  if (!cut) return tl::unexpected(cut.error());
  table.cut = *cut;
  return table;
}

}  // namespace app

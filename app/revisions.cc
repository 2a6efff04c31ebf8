#include "app/revisions.h"

#include "app/commands/command.h"
#include "app/open_store.h"
#include "core/periods.h"
#include "core/printable_text.h"

namespace app {
namespace {

core::FigureTable revision_table(const std::vector<core::Revision>& revisions, const core::FigureQuery& query) {
  core::FigureTable table;
  table.columns = core::key_columns(query.by);
  const std::size_t keys = table.columns.size();
  for (const char* column : {"basis", "start", "end", "revision", "committed_at", "figure", "before", "after", "events",
                             "cause_type", "cause_time", "cause_entity", "cause_source", "cause_origin", "cause_id"}) {
    table.columns.emplace_back(column);
  }
  const date::time_zone* zone = query.timezone ? core::find_zone(*query.timezone) : nullptr;
  for (const core::Revision& r : revisions) {
    std::vector<core::Value> row;
    const std::array names = {&r.row.a, &r.row.b, &r.row.c};
    for (std::size_t i = 0; i < keys; ++i) row.emplace_back(*names[i]);
    row.emplace_back(std::string(core::kBasisWords[core::index(r.row.basis)]));
    row.emplace_back(core::format_rfc3339_seconds(r.row.start, zone));
    row.emplace_back(core::format_rfc3339_seconds(r.row.start + core::kInterval, zone));
    row.emplace_back(r.number);
    row.emplace_back(core::format_rfc3339(core::EventTime{r.committed_at.time_since_epoch()}));
    for (const auto& figure : r.figures) {
      auto line = row;
      const core::RevisionCause& cause = r.cause;
      line.insert(line.end(), {figure.name, figure.before, figure.after, std::int64_t{r.events}, cause.type,
                               core::format_rfc3339(cause.time), core::printable(cause.entity), cause.source,
                               core::printable(cause.origin), core::printable(cause.id)});
      table.rows.push_back(std::move(line));
    }
  }
  return table;
}

}  // namespace

tl::expected<core::FigureTable, Ending> read_revisions(const std::string& store_url, const core::FigureQuery& query) {
  const auto store = open_store_for_reading(store_url);
  if (!store) return tl::unexpected(store.error());
  const auto revisions = (*store)->revisions(query);
  if (!revisions) return tl::unexpected(Ending{kEnvironmentFailed, revisions.error().message});
  return revision_table(*revisions, query);
}

}  // namespace app

#include "app/commands/figures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>
#include <string>

#include "app/commands/command.h"
#include "app/commands/print_table.h"
#include "app/open_store.h"
#include "app/revisions.h"
#include "core/figure_query.h"

namespace app {
namespace {

struct FiguresOptions {
  std::string store = "sqlite:floorwatch.db", format = "table";
  std::map<std::string, std::string> words;  ///< What goes into the query, by the option's name.
  bool all = false, revisions = false;
};

/// What a table for people has without a limit; it is held whole, to align its columns.
constexpr std::size_t kShownRevisions = 1000;

void say_cut(std::size_t limit) {
  fmt::print(stderr,
             "floorwatch: there are more: these are the first {} revisions; --client, --queue, --from and --to pick "
             "others, --format csv or json without --limit has all\n",
             limit);
}

int list(const FiguresOptions& options, core::FigureQuery query) {
  const auto store = open_store_for_reading(options.store);
  if (!store) return report(store.error());
  core::RevisionReader* const kept = (*store)->revisions();
  if (options.format == "table") {
    query.limit = query.limit.value_or(kShownRevisions);
    const auto table = revision_table(kept, query);
    if (!table) return report({kEnvironmentFailed, table.error().message});
    if (table->cut) say_cut(*query.limit);
    return print_table(*table, options.format);
  }
  RowPrinter printer(revision_columns(query.by), options.format);
  const auto cut = list_revisions(kept, query, [&](const std::vector<core::Value>& row) { return printer.print(row); });
  if (!cut) return report({kEnvironmentFailed, cut.error().message});
  if (*cut) say_cut(*query.limit);
  return printer.end();
}

int figures(const FiguresOptions& options) {
  auto words = given(options.words);
  if (options.all) words["all"] = "true";
  if (options.revisions) words["revisions"] = "true";
  const auto query = core::parse_figure_query(words);
  if (!query) return report({kWrongArguments, query.error()});
  if (query->revisions) return list(options, *query);
  auto stored = open_for_reading(options.store);
  if (!stored) return report(stored.error());
  const auto counts = processors::count_revisions(stored->floor->config(), *query, *stored->store->revisions());
  if (!counts) return report({kEnvironmentFailed, counts.error().message});
  stored->point.revisions = &*counts;
  return print_table(stored->floor->figures(*query, stored->point), options.format);
}

}  // namespace

void add_figures(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("figures", "Print figures out of a store: by key and interval");
  const auto options = std::make_shared<FiguresOptions>();
  const auto word = [&](const char* name, const std::string& help) {
    command->add_option(std::string("--") + name, options->words[name], help);
  };
  command->add_option("--store", options->store, "The store, sqlite:PATH")->capture_default_str();
  word("by", fmt::format("{} (default queue)", fmt::join(core::kFigureKeyWords, ", ")));
  word("every",
       "15m, 30m, 1h, day, week, month, quarter, year or total (default total; by profile: its contract's periods)");
  word("window", "Instead of --every: the rolling window 5m, 15m, 30m, 1h or day, as of the store's clock");
  word("client", "Only this client");
  word("queue", "Only this queue (with --by queue, client or chat)");
  word("channel", "Only this channel (with --by queue, client or chat)");
  word("from", "Intervals that begin at or after this time (RFC 3339)");
  word("to", "Intervals that begin before this time");
  word("tz", "IANA time zone of intervals and printed times (default: each client's, printed in UTC)");
  word("basis", "arrival: all goes to the interval in which the visit began; event: each fact at its own time");
  command->add_option("--format", options->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->add_flag("--all", options->all, "Also intervals in which nothing happened");
  command->add_flag("--revisions", options->revisions,
                    "How intervals changed after they were final: each figure before and after, and the event that "
                    "caused it");
  word("limit", "With --revisions: only the first so many (default all; 1000 in a table)");
  command->footer("Example:\n  floorwatch figures --store sqlite:floorwatch.db --by queue --every 30m --client acme");
  command->callback([options, &exit_code] { exit_code = figures(*options); });
}

}  // namespace app

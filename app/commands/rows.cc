#include "app/commands/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/commands/command.h"
#include "app/commands/print_table.h"
#include "app/open_store.h"
#include "core/row_query.h"
#include "processors/row_lists.h"

namespace app {
namespace {

struct RowsOptions {
  core::RowKind kind{};
  std::string store = "sqlite:floorwatch.db", format = "table";
  std::map<std::string, std::string> words;  ///< What goes into the query, by its name there.
};

/// Rows that the store has dropped are missing from a list, though the figures have them.
void say_dropped(const core::Store& store, const core::RowQuery& query) {
  const auto since = store.progress().retained_since;
  if (!since || query.from.value_or(core::EventTime::min()) >= *since) return;
  fmt::print(
      stderr,
      "floorwatch: single contacts are kept since {} (store.keep_contacts); of those before it the figures are\n",
      core::format_rfc3339(*since));
}

int list(const RowsOptions& options) {
  const auto query = core::parse_row_query(options.kind, given(options.words));
  if (!query) return report({kWrongArguments, query.error()});
  auto stored = open_for_reading(options.store);
  if (!stored) return report(stored.error());
  if (options.kind == core::RowKind::kContacts) say_dropped(*stored->store, *query);
  const core::FigureTable table = processors::row_list(stored->floor->shards(), *query, stored->point);
  if (table.cut) fmt::print(stderr, "floorwatch: there are more: these are the first {}\n", *query->limit);
  return print_table(table, options.format);
}

/// An option of the command line for a word of the query.
struct Word {
  const char* name;
  const char* help;
};

void add_list(CLI::App& app, int& exit_code, core::RowKind kind, const char* description,
              const std::vector<Word>& words, const char* example) {
  const std::string name(core::kRowKindWords[core::index(kind)]);
  auto* command = app.add_subcommand(name, description);
  const auto o = std::make_shared<RowsOptions>();
  o->kind = kind;
  command->add_option("--store", o->store, "The store, sqlite:PATH")->capture_default_str();
  for (const Word& word : words) {
    std::string option = std::string("--") + word.name;
    std::replace(option.begin(), option.end(), '_', '-');
    command->add_option(option, o->words[word.name], word.help);
  }
  command->add_option("--limit", o->words["limit"], "Only the first so many (default all)");
  command->add_option("--format", o->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->footer(std::string("Example:\n  floorwatch ") + name + " --store sqlite:floorwatch.db " + example);
  command->callback([o, &exit_code] { exit_code = list(*o); });
}

}  // namespace

void add_contacts(CLI::App& app, int& exit_code) {
  add_list(app, exit_code, core::RowKind::kContacts, "Print the visits behind a figure, one row each",
           {{"client", "Only this client"},
            {"queue", "Only this queue"},
            {"channel", "Only this channel"},
            {"agent", "Visits that this agent answered"},
            {"interaction", "The chain of visits of this interaction"},
            {"customer", "Visits of this customer"},
            {"from", "Visits that began at or after this time (RFC 3339)"},
            {"to", "Visits that began before this time"},
            {"outcome", "answered, abandoned, flowed_out, waiting or unfinished"},
            {"class", "How the service level counts it: answered_within, answered_late, abandoned_short …"},
            {"wait_over", "Visits that waited longer, as 20s"}},
           "--queue acme-sales --outcome abandoned --wait-over 20s");
}

void add_leads(CLI::App& app, int& exit_code) {
  add_list(app, exit_code, core::RowKind::kLeads, "Print the leads behind a figure, one row each",
           {{"client", "Only this client"},
            {"campaign", "Only this campaign"},
            {"origin", "Only of this origin"},
            {"agent", "Only leads of this agent"},
            {"customer", "Only leads of this customer"},
            {"from", "Leads created at or after this time (RFC 3339)"},
            {"to", "Leads created before this time"},
            {"outcome", "open, attempted, within_target, contacted or closed"}},
           "--client acme --outcome open");
}

void add_deals(CLI::App& app, int& exit_code) {
  add_list(app, exit_code, core::RowKind::kDeals, "Print the deals behind a figure, one row each",
           {{"client", "Only this client"},
            {"currency", "Only in this currency"},
            {"product", "Only of this product"},
            {"agent", "Only deals of this agent"},
            {"lead", "Only deals that came of this lead"},
            {"from", "Deals opened (with an outcome won, lost or closed: closed) at or after this time (RFC 3339)"},
            {"to", "Deals opened (or closed) before this time"},
            {"outcome", "open, opened, won, lost or closed"}},
           "--client acme --outcome won");
}

}  // namespace app

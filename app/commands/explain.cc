#include "app/commands/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>
#include <string>

#include "app/commands/command.h"
#include "app/commands/print_table.h"
#include "app/explain.h"
#include "app/open_store.h"
#include "core/figure_query.h"

namespace app {
namespace {

struct ExplainOptions {
  std::string store, format = "text";
  std::map<std::string, std::string> words;  ///< What goes into the query, by its name there.
};

int explain_figure(const ExplainOptions& options) {
  const auto query = core::parse_explain_query(given(options.words));
  if (!query) return report({kWrongArguments, query.error()});
  if (options.store.empty() && (query->at || !query->keys.empty())) {
    return report({kWrongArguments, "explain: a key or --at picks numbers out of a store; allowed: with --store"});
  }
  auto explanations = explain(*query);
  if (!explanations) return report({kWrongArguments, explanations.error()});
  int status = kDone;
  if (!options.store.empty()) {
    auto stored = open_for_reading(options.store);
    if (!stored) return report(stored.error());
    Floor& floor = *stored->floor;
    if (!add_numbers(*explanations, *query, floor.shards(), floor.config(), stored->point)) {
      status = report({kAnswerIsNo, "explain: nothing in the store has this figure there"});
    }
  }
  const int printed =
      print_text(options.format == "json" ? explanation_json(*explanations) : explanation_text(*explanations));
  return printed != kDone ? printed : status;
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "explain", "Say what a figure is; with a store, the numbers put into it and the rows that count");
  const auto o = std::make_shared<ExplainOptions>();
  command->add_option("figure", o->words["figure"], "A column of `figures`, or a series of /metrics")->required();
  command->add_option("--store", o->store, "The store whose numbers are put in, sqlite:PATH");
  const auto word = [&](const char* name, const std::string& help) {
    command->add_option(std::string("--") + name, o->words[name], help);
  };
  word("by", fmt::format("Only in this table: {}", fmt::join(core::kFigureKeyWords, ", ")));
  word("at", "In the interval that holds this time (RFC 3339); without it the total");
  word("every", "With --at: the interval's length (default 15m; by profile the contract's period)");
  for (const char* key : {"client", "queue", "channel", "agent", "campaign", "currency", "profile"}) {
    word(key, "Only rows with this key");
  }
  word("limit", "At most so many rows of numbers, and of rows behind them (default 20)");
  command->add_option("--format", o->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->footer(
      "Example:\n  floorwatch explain service_level --store sqlite:floorwatch.db --queue acme-sales --at "
      "2026-03-02T09:15:00Z");
  command->callback([o, &exit_code] { exit_code = explain_figure(*o); });
}

}  // namespace app

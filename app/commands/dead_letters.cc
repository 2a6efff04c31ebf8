#include "app/commands/dead_letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "app/commands/command.h"
#include "app/commands/print_table.h"
#include "app/dead_letters.h"
#include "app/letter_retry.h"
#include "app/load_config.h"
#include "app/make_sources.h"
#include "core/json_text.h"

namespace app {
namespace {

/// What fits into a table for people; the other formats have all of it.
constexpr std::size_t kShownBytes = 160;

struct DeadLettersOptions {
  std::string store = "sqlite:floorwatch.db", format = "table", config;
  std::map<std::string, std::string> words;  ///< What goes into the query, by the option's name.
  bool retry = false;
};

void shorten(core::Value& value) {
  auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || text->size() <= kShownBytes) return;
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xc0U) == 0x80U) --end;
  *text = fmt::format("{}… ({} bytes)", std::string_view(*text).substr(0, end), text->size());
}

int list(const DeadLettersOptions& options, const core::DeadLetterQuery& query) {
  const auto kept = read_dead_letters(options.store, query);
  if (!kept) return report(kept.error());
  if (kept->dropped > 0) {
    fmt::print(stderr, "floorwatch: {} older dead letters are no longer kept (dead_letters of the configuration)\n",
               kept->dropped);
  }
  core::FigureTable table = dead_letter_table(kept->letters);
  if (options.format == "table") {
    for (auto& row : table.rows) std::ranges::for_each(row, shorten);
  }
  return print_table(table, options.format);
}

/// The letters by source; those of sources that the configuration does not have are told and left.
tl::expected<void, Ending> retry_all(LetterRetry& retry, const config::Config& config,
                                     std::vector<core::DeadLetter> letters) {
  std::map<std::string, std::vector<core::DeadLetter>> by_source;
  for (auto& letter : letters) by_source[letter.source].push_back(std::move(letter));
  for (const auto& [name, own] : by_source) {
    const auto source = std::ranges::find(config.sources, name, &config::SourceConfig::name);
    if (source == config.sources.end()) {
      fmt::print(stderr, "floorwatch: {} dead letters of source {} are left: {} has no such source\n", own.size(), name,
                 config.file);
      continue;
    }
    const auto made = make_live_source(*source);
    if (!made) return tl::unexpected(Ending{kWrongArguments, fmt::format("source {}: {}", name, made.error())});
    retry.apply(*made, own);
  }
  return {};
}

int retry(const DeadLettersOptions& options, const core::DeadLetterQuery& query) {
  const auto config = load_config(options.config, true);
  if (!config) return kWrongArguments;
  // A store is made where there is none for writing; there is nothing to retry in a new one.
  if (const auto there = open_store_for_reading(options.store); !there) return report(there.error());
  auto opened = open_for_writing(options.store, config->figures, config->store.shards, false);
  if (!opened) return report(opened.error());
  core::Store& store = *opened->store;
  Floor floor(config->figures, store.identity().shards, 1);
  if (const auto loaded = floor.load(store); !loaded) return report({kEnvironmentFailed, loaded.error().message});
  auto letters = store.dead_letters(query);
  if (!letters) return report({kEnvironmentFailed, letters.error().message});
  LetterRetry retry(store, floor, std::chrono::floor<core::Millis>(std::chrono::system_clock::now()));
  if (const auto tried = retry_all(retry, *config, std::move(*letters)); !tried) return report(tried.error());
  const auto outcome = retry.commit({config->dead_letters.max_size, config->dead_letters.max_age});
  if (!outcome) return report({kEnvironmentFailed, outcome.error().message});
  fmt::print("retried={} applied={} duplicate={} skipped={} rejected={}\n", outcome->retried, outcome->applied,
             outcome->duplicate, outcome->skipped, outcome->rejected);
  return kDone;
}

int dead_letters(const DeadLettersOptions& options) {
  const auto query = core::parse_dead_letter_query(given(options.words));
  if (!query) return report({kWrongArguments, query.error()});
  return options.retry ? retry(options, *query) : list(options, *query);
}

}  // namespace

void add_dead_letters(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("dead-letters", "What was rejected: place, reason, content; --retry reads it again");
  const auto o = std::make_shared<DeadLettersOptions>();
  command->add_option("--store", o->store, "The store, sqlite:PATH")->capture_default_str();
  command->add_option("--source", o->words["source"], "Only of this source");
  command->add_option("--reason", o->words["reason"], "Only with this reason, such as not_json or future_time");
  command->add_option("--limit", o->words["limit"], "Only the newest so many");
  command->add_option("--format", o->format, "table (long contents are cut), csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  auto* retry = command->add_flag("--retry", o->retry, "Apply those that can be understood now; the others stay");
  auto* config =
      command->add_option("--config", o->config, "With --retry: the YAML file that says how sources are read");
  retry->needs(config), config->needs(retry);
  command->footer(
      "Example:\n  floorwatch dead-letters --store sqlite:floorwatch.db --reason envelope --limit 20\n"
      "  floorwatch dead-letters --store sqlite:floorwatch.db --retry --config floorwatch.yaml\n"
      "Stop `run` before --retry: one process at a time writes a store.");
  command->callback([o, &exit_code] { exit_code = dead_letters(*o); });
}

}  // namespace app

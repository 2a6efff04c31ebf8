#include "app/commands/contacts.h"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/commands/print_table.h"
#include "app/open_store.h"
#include "processors/contact_list.h"

namespace app {
namespace {

struct ContactsOptions {
  std::string store = "sqlite:floorwatch.db", client, queue, channel, from, to, outcome, wait_over, format = "table";
};

/// The filter, or what is wrong with the words.
tl::expected<processors::ContactFilter, std::string> understand(const ContactsOptions& options) {
  processors::ContactFilter filter;
  const auto text = [](const std::string& word) { return word.empty() ? std::nullopt : std::optional(word); };
  filter.client = text(options.client), filter.queue = text(options.queue), filter.channel = text(options.channel);
  for (auto [name, word, into] : {std::tuple("--from", &options.from, &filter.from),
                                  std::tuple("--to", &options.to, &filter.to)}) {
    if (word->empty()) continue;
    *into = core::parse_rfc3339(*word);
    if (!*into) {
      return tl::unexpected(fmt::format("{} {}: no time; allowed: RFC 3339 with an offset, as 2026-03-02T09:15:00Z", name, *word));
    }
  }
  if (!options.outcome.empty()) {
    const auto& words = processors::kOutcomeWords;
    const auto it = std::find(words.begin(), words.end(), options.outcome);
    if (it == words.end()) {
      return tl::unexpected(fmt::format("--outcome {}: allowed: {}", options.outcome, fmt::join(words, ", ")));
    }
    filter.outcome = static_cast<processors::ContactFilter::Outcome>(it - words.begin());
  }
  if (!options.wait_over.empty()) {
    filter.wait_over = core::parse_duration(options.wait_over);
    if (!filter.wait_over) {
      return tl::unexpected(fmt::format("--wait-over {}: no duration; allowed: as 20s, 1500ms, 5m", options.wait_over));
    }
  }
  return filter;
}

int contacts(const ContactsOptions& options) {
  const auto filter = understand(options);
  if (!filter) return report({kWrongArguments, filter.error()});
  auto stored = open_for_reading(options.store);
  if (!stored) return report(stored.error());
  const auto since = stored->store->progress().retained_since;
  if (since && filter->from.value_or(core::EventTime::min()) < *since) {
    fmt::print(
        stderr,
        "floorwatch: single contacts are kept since {} (store.keep_contacts); of those before it the figures are\n",
        core::format_rfc3339(*since));
  }
  return print_table(processors::contact_list(stored->floor->shards(), *filter, stored->point), options.format);
}

}  // namespace

void add_contacts(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("contacts", "Print the visits behind a figure, one row each");
  const auto o = std::make_shared<ContactsOptions>();
  command->add_option("--store", o->store, "The store, sqlite:PATH")->capture_default_str();
  command->add_option("--client", o->client, "Only this client");
  command->add_option("--queue", o->queue, "Only this queue");
  command->add_option("--channel", o->channel, "Only this channel");
  command->add_option("--from", o->from, "Visits that began at or after this time (RFC 3339)");
  command->add_option("--to", o->to, "Visits that began before this time");
  command->add_option("--outcome", o->outcome, "answered, abandoned, flowed_out, waiting or unfinished");
  command->add_option("--wait-over", o->wait_over, "Visits that waited longer, as 20s");
  command->add_option("--format", o->format, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->footer(
      "Example:\n  floorwatch contacts --store sqlite:floorwatch.db --queue acme-sales --outcome abandoned --wait-over 20s");
  command->callback([o, &exit_code] { exit_code = contacts(*o); });
}

}  // namespace app

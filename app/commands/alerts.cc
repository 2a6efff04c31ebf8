#include "app/commands/alerts.h"

#include <map>
#include <memory>
#include <string>

#include "app/alerts.h"
#include "app/commands/command.h"
#include "app/commands/print_table.h"

namespace app {
namespace {

struct AlertsOptions {
  std::string store = "sqlite:floorwatch.db", format = "table";
  std::map<std::string, std::string> words;  ///< What goes into the query, by the option's name.
};

/// For people: what fits on a line; the rest is in csv and json.
core::FigureTable short_table(const std::vector<core::Alert>& alerts) {
  core::FigureTable table{{"started", "state", "resolved", "severity", "alert", "what", "acknowledged"}, {}};
  const core::FigureTable whole = alert_table(alerts);
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const core::Alert& alert = alerts[i];
    const auto resolved =
        alert.resolved ? core::Value(core::format_rfc3339_seconds(*alert.resolved, nullptr)) : core::Value{};
    const auto acknowledged = alert.acknowledged ? core::Value(alert.acknowledged->by) : core::Value{};
    table.rows.push_back({core::format_rfc3339_seconds(alert.started, nullptr), alert.resolved ? "resolved" : "firing",
                          resolved, alert.severity, alert.key.name, alert.summary, acknowledged});
  }
  return table;
}

int list_alerts(const AlertsOptions& options) {
  const auto query = core::parse_alert_query(given(options.words));
  if (!query) return report({kWrongArguments, query.error()});
  const auto alerts = read_alerts(options.store, *query);
  if (!alerts) return report(alerts.error());
  return print_table(options.format == "table" ? short_table(*alerts) : alert_table(*alerts), options.format);
}

}  // namespace

void add_alerts(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("alerts", "List the alerts of a store, newest first: what fired, and how it ended");
  const auto options = std::make_shared<AlertsOptions>();
  const auto word = [&](const char* name, const char* help) {
    command->add_option(std::string("--") + name, options->words[name], help);
  };
  command->add_option("--store", options->store, "The store, sqlite:PATH")->capture_default_str();
  word("state", "Only those that are firing, or resolved");
  word("client", "Only this client's");
  word("id", "Only the one with this id");
  word("from", "Those that started at or after this time (RFC 3339)");
  word("to", "Those that started before this time");
  word("limit", "Only the newest so many (default all)");
  command->add_option("--format", options->format, "table (the main columns), csv or json (all of them)")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->footer("Example:\n  floorwatch alerts --store sqlite:floorwatch.db --state firing");
  command->callback([options, &exit_code] { exit_code = list_alerts(*options); });
}

}  // namespace app

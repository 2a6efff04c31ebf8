#include "app/commands/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <vector>

#include "app/commands/print_table.h"
#include "app/open_store.h"
#include "app/report/report.h"

namespace app {
namespace {

struct ReportOptions {
  std::string store = "sqlite:floorwatch.db", client, period, format = "html";
};

int write_report(const ReportOptions& options) {
  auto stored = open_for_reading(options.store);
  if (!stored) return report(stored.error());
  const auto& clients = stored->floor->config().clients;
  const auto client = clients.find(options.client);
  if (client == clients.end()) {
    std::vector<std::string> names;
    for (const auto& [name, settings] : clients) names.push_back(name);
    return report(
        {kWrongArguments, fmt::format("--client {}: the store's configuration has no such client; allowed: {}",
                                      options.client, fmt::join(names, ", "))});
  }
  if (client->second.sla.empty()) {
    return report({kWrongArguments,
                   fmt::format("--client {}: has no contract; allowed: a client with sla profiles", options.client)});
  }
  const auto period = parse_report_period(options.period, *core::find_zone(client->second.timezone));
  if (!period) {
    return report({kWrongArguments, fmt::format("--period {}: not known; allowed: 2026, 2026-Q1, 2026-03, 2026-W10 or "
                                                "2026-03-02",
                                                options.period)});
  }
  const auto made = make_report(*stored, options.store, options.client, *period);
  if (!made) return report({kEnvironmentFailed, made.error().message});
  if (options.format == "csv") return print_table(report_table(*made), "csv");
  return print_text(options.format == "json" ? report_json(*made) : report_html(*made));
}

}  // namespace

void add_report(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("report", "The scorecard of a client's contracts: figure, target, credit, days, intervals");
  const auto o = std::make_shared<ReportOptions>();
  command->add_option("--store", o->store, "The store, sqlite:PATH")->capture_default_str();
  command->add_option("--client", o->client, "Whose contracts")->required();
  command->add_option("--period", o->period, "2026, 2026-Q1, 2026-03, 2026-W10 or 2026-03-02, by the client's calendar")
      ->required();
  command->add_option("--format", o->format, "html (self-contained, with plots), csv or json")
      ->check(CLI::IsMember({"html", "csv", "json"}))
      ->capture_default_str();
  command->footer(
      "Example:\n  floorwatch report --store sqlite:floorwatch.db --client acme --period 2026-03 > acme-2026-03.html");
  command->callback([o, &exit_code] { exit_code = write_report(*o); });
}

}  // namespace app

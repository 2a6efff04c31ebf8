#include "app/commands/rules.h"

#include <memory>
#include <string>

#include "app/commands/print_table.h"
#include "app/load_config.h"
#include "app/prometheus_rules.h"

namespace app {
namespace {

struct RulesOptions {
  std::string config, file = "floorwatch.rules.yml";
  bool tests = false, health = false;
};

int rules(const RulesOptions& options) {
  const auto config = load_config(options.config, false);
  if (!config) return kWrongArguments;
  return print_text(options.tests ? prometheus_rule_tests(config->figures, !options.health, options.file)
                                  : prometheus_rules(config->figures, !options.health));
}

}  // namespace

void add_rules(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("rules", "Prometheus alerting and recording rules for the clients' contracts");
  const auto o = std::make_shared<RulesOptions>();
  command->add_option("--config", o->config, "The YAML file")->required();
  command->add_flag("--tests", o->tests, "The rules' promtool unit tests instead");
  command->add_flag(
      "--health", o->health,
      "Only those on floorwatch's own health: for who is told of contracts by floorwatch itself (alerting)");
  command->add_option("--file", o->file, "With --tests: the name of the file that has the rules")
      ->capture_default_str();
  command->footer(
      "Example:\n  floorwatch rules --config floorwatch.yaml > floorwatch.rules.yml\n"
      "  floorwatch rules --config floorwatch.yaml --tests > floorwatch.rules.test.yml\n"
      "  promtool test rules floorwatch.rules.test.yml");
  command->callback([o, &exit_code] { exit_code = rules(*o); });
}

}  // namespace app

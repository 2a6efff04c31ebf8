#include "app/commands/check.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "config/load.h"
#include "config/print.h"

namespace app {
namespace {

struct CheckOptions {
  std::string config;
  bool print = false;
};

std::string count(std::size_t number, const char* thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

int check(const CheckOptions& options) {
  const auto config = config::load_file(options.config);
  if (!config) {
    for (const auto& error : config.error()) fmt::print(stderr, "{}\n", config::to_string(error));
    return kWrongArguments;
  }
  if (options.print) {
    fmt::print("{}", config::print(*config));
    return kDone;
  }
  fmt::print("{}: good: {}, {}, {}{}\n", options.config, count(config->sources.size(), "source"),
             count(config->figures.clients.size(), "client"), count(config->figures.queue_client.size(), "queue"),
             config->sources.empty() ? " (enough for replay --input; run needs a source)" : "");
  return kDone;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("check", "Validate the configuration: every error at once, with its line");
  const auto options = std::make_shared<CheckOptions>();
  command->add_option("--config", options->config, "The YAML file")->required();
  command->add_flag("--print", options->print, "Show it with all defaults, secrets masked");
  command->footer("Example:\n  floorwatch check --config floorwatch.yaml --print");
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace app

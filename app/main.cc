// The program: registers the commands, reads the command line, runs one.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "app/commands/alerts.h"
#include "app/commands/check.h"
#include "app/commands/command.h"
#include "app/commands/convert.h"
#include "app/commands/dead_letters.h"
#include "app/commands/digest.h"
#include "app/commands/explain.h"
#include "app/commands/figures.h"
#include "app/commands/generate.h"
#include "app/commands/replay.h"
#include "app/commands/report.h"
#include "app/commands/restate.h"
#include "app/commands/rows.h"
#include "app/commands/rules.h"
#include "app/commands/run.h"
#include "app/commands/top.h"
#include "app/commands/verify.h"
#include "app/last_words.h"
#include "core/archive.h"

namespace {

/// CLI11 would only say that a subcommand is missing.
bool knows_command(const CLI::App& app, const std::string& word) {
  if (word.starts_with('-')) return true;
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == word) return true;
    names += " " + command->get_name();
  }
  std::fprintf(stderr, "floorwatch: there is no command \"%s\"; allowed:%s\n", word.c_str(), names.c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  app::install_last_words();
  CLI::App app{"floorwatch: the figures of a call centre, live and replayed by one definition", "floorwatch"};
  app.set_version_flag("--version", "floorwatch " FLOORWATCH_VERSION);
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help of every command");
  int exit_code = app::kDone;
  app::add_run(app, exit_code);
  app::add_replay(app, exit_code);
  app::add_figures(app, exit_code);
  app::add_contacts(app, exit_code);
  app::add_leads(app, exit_code);
  app::add_deals(app, exit_code);
  app::add_explain(app, exit_code);
  app::add_dead_letters(app, exit_code);
  app::add_digest(app, exit_code);
  app::add_alerts(app, exit_code);
  app::add_report(app, exit_code);
  app::add_restate(app, exit_code);
  app::add_check(app, exit_code);
  app::add_rules(app, exit_code);
  app::add_convert(app, exit_code);
  app::add_generate(app, exit_code);
  app::add_top(app, exit_code);
  app::add_verify(app, exit_code);
  if (argc > 1 && !knows_command(app, argv[1])) return app::kWrongArguments;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? app::kDone : app::kWrongArguments;
  } catch (const core::ArchiveFailure& failure) {  // Wherever a store is read: any contact may lie in its archive.
    std::fprintf(stderr, "floorwatch: %s\n", failure.what());
    return app::kEnvironmentFailed;
  }
  return exit_code;
}

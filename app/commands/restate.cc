#include "app/commands/restate.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "app/commands/print_table.h"
#include "app/load_config.h"
#include "app/open_store.h"
#include "app/restatement.h"

namespace app {
namespace {

struct RestateOptions {
  std::string config, store = "sqlite:floorwatch.db", format = "table";
  bool dry_run = false, apply = false;
};

std::string_view or_nothing(const std::string& value) { return value.empty() ? "nothing" : std::string_view(value); }

/// Every figure that changes, a row each.
core::FigureTable table_of(const Restatement& restatement) {
  core::FigureTable table;
  table.columns = {"by", "client", "name", "channel", "basis", "start", "figure", "was", "now"};
  for (const core::Revision& revision : restatement.revisions) {
    const core::RevisedRow& row = revision.row;
    const std::string_view basis = core::has_basis(row.by) ? core::kBasisWords[core::index(row.basis)] : "";
    for (const auto& figure : revision.figures) {
      table.rows.push_back({std::string(core::kFigureKeyWords[core::index(row.by)]), row.a, row.b, row.c,
                            basis.empty() ? core::Value{} : std::string(basis), core::format_rfc3339(row.start),
                            figure.name, figure.before, figure.after});
    }
  }
  return table;
}

/// Contracts one by one; of intervals, how many rows of each kind.
void tell(const Restatement& restatement) {
  for (const ChangedKey& change : restatement.because) {
    fmt::print("because {}: {} -> {}\n", change.key, or_nothing(change.was), or_nothing(change.is));
  }
  std::map<std::string, std::size_t> rows;
  for (const core::Revision& revision : restatement.revisions) {
    const core::RevisedRow& row = revision.row;
    if (row.by != core::FigureKey::kProfile) {
      std::string kind = fmt::format("rows of 15 minutes by {}", core::kFigureKeyWords[core::index(row.by)]);
      if (core::has_basis(row.by)) kind += fmt::format(", basis {}", core::kBasisWords[core::index(row.basis)]);
      ++rows[kind];
      continue;
    }
    fmt::print("profile {} of {}, period from {}:\n", row.b, row.a, core::format_rfc3339(row.start));
    for (const auto& figure : revision.figures) {
      fmt::print("  {}: was {}, now {}\n", figure.name, or_nothing(figure.before), or_nothing(figure.after));
    }
  }
  for (const auto& [kind, n] : rows) fmt::print("{} {}\n", n, kind);
  if (restatement.revisions.empty()) fmt::print("no figure changes\n");
}

int restate(const RestateOptions& options) {
  if (options.dry_run == options.apply) {
    return report(
        {kWrongArguments, "restate: say what to do; allowed: --dry-run, which shows what would change, or --apply"});
  }
  const auto config = load_config(options.config, false);
  if (!config) return kWrongArguments;
  const auto now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  const auto restatement = options.apply ? apply_restatement(options.store, config->figures, now)
                                         : plan_restatement(options.store, config->figures);
  if (!restatement) return report(restatement.error());
  if (options.format != "table") return print_table(table_of(*restatement), options.format);
  tell(*restatement);
  fmt::print("{}\n", options.apply ? "applied; figures --revisions --by profile (or queue, agent, lead, deal) lists it"
                                   : "nothing was written; --apply does it");
  return kDone;
}

}  // namespace

void add_restate(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "restate", "Judge what is in a store by a changed configuration: shows what that changes, or does it");
  const auto o = std::make_shared<RestateOptions>();
  command->add_option("--config", o->config, "The new YAML file")->required();
  command->add_option("--store", o->store, "The store, sqlite:PATH")->capture_default_str();
  command->add_flag("--dry-run", o->dry_run, "Show every figure that would change, and why; nothing is written");
  command->add_flag("--apply", o->apply,
                    "Change them, and keep what they were among the revisions; no `run` may own the store");
  command->add_option("--format", o->format, "table (contracts, and how many rows), csv or json (every figure)")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->footer("Example:\n  floorwatch restate --config new.yaml --store sqlite:floorwatch.db --dry-run");
  command->callback([o, &exit_code] { exit_code = restate(*o); });
}

}  // namespace app

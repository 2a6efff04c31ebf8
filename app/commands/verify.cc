#include "app/commands/verify.h"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "app/load_config.h"
#include "app/logging.h"
#include "app/make_sources.h"
#include "app/open_store.h"
#include "app/replayed_log.h"
#include "app/signals.h"
#include "app/verify/compare_floors.h"
#include "app/verify/log_check.h"
#include "app/verify/log_up_to.h"
#include "app/verify/scratch_folder.h"
#include "app/verify/whole_store.h"
#include "core/printable_text.h"

namespace app {
namespace {

struct VerifyOptions {
  LogChoice log;
  std::string config, store = "sqlite:floorwatch.db";
};

/// The answer "no" before anything could be compared.
int not_right(const std::vector<std::string>& lines) {
  fmt::print("{}\nverified records=0 intervals=0 differences={}\n", fmt::join(lines, "\n"), lines.size());
  return kAnswerIsNo;
}

tl::expected<std::shared_ptr<const StoreReach>, Ending> reach_of(core::Store& store) {
  std::vector<core::DeadLetter> refused;
  for (const auto reason : {core::RejectReason::kFutureTime, core::RejectReason::kTooLate}) {
    core::DeadLetterQuery query;
    query.reason = core::kRejectReasonWords[core::index(reason)];
    auto letters = store.dead_letters(query);
    if (!letters) return tl::unexpected(Ending{kEnvironmentFailed, letters.error().message});
    std::move(letters->begin(), letters->end(), std::back_inserter(refused));
  }
  return std::make_shared<const StoreReach>(store.progress(), std::move(refused));
}

/// Compares what both hold and prints it: the exit status.
int compare(core::Store& store, Floor& kept, const core::Progress& replayed, Floor& log, const LogFindings& findings) {
  Differences differences;
  const auto retained_since = store.progress().retained_since;
  if (retained_since) log.retain_since(*retained_since);
  const LogReach reach = check_log(store.progress(), findings.parts(), differences);
  const std::string kept_digest = kept.digest(), log_digest = log.digest();
  const Compared records = compare_records(kept, log, reach.horizon, differences);
  const std::uint64_t intervals = compare_intervals(kept, reach.horizon ? nullptr : &log, differences);
  for (const auto& letter : findings.left_out()) {
    fmt::print("left out {}: the store holds it as a dead letter, {}\n", core::printable(letter.position),
               letter.reason);
  }
  for (const std::string& range : reach.expired) fmt::print("expired {}: no longer in the log\n", range);
  fmt::print("{}verified records={} intervals={} differences={}\n", differences.text(), records.compared, intervals,
             differences.count());
  if (reach.horizon) {
    fmt::print(
        "horizon={}: what came before it may be gone from the log, so {} records with such events were not compared, "
        "and intervals only with the store's own records\n",
        core::format_rfc3339(*reach.horizon), records.left_out);
  } else {
    fmt::print("horizon=none: the log holds all that the store has read\n");
  }
  if (retained_since) {
    fmt::print("retained_since={}: contacts of before it are not kept, and what they added to intervals stays\n",
               core::format_rfc3339(*retained_since));
  }
  fmt::print("state_digest store={} log={}\n", kept_digest, log_digest);
  fmt::print("events store: {}\nevents log: {}\n", core::to_string(core::total(store.progress().counts)),
             core::to_string(core::total(replayed.counts)));
  return differences.count() == 0 ? kDone : kAnswerIsNo;
}

/// Replays what the store has read into a store of its own, and compares.
int replay_and_compare(core::Store& store, Floor& kept, std::vector<PipelineSource> sources, PipelineOptions options,
                       SignalWatch& signals) {
  const auto reach = reach_of(store);
  if (!reach) return report(reach.error());
  const auto findings = std::make_shared<LogFindings>();
  for (PipelineSource& source : sources) {
    source.source = std::make_unique<LogUpTo>(std::move(source.source), source.rules.make_decoder(), *reach, findings);
  }
  const ScratchFolder scratch;
  if (!scratch.usable()) return report({kEnvironmentFailed, "no folder for the scratch store can be made in TMPDIR"});
  auto fresh = open_for_writing(scratch.store_url(), kept.config(), store.identity().shards, false);
  if (!fresh) return report(fresh.error());
  Pipeline pipeline(std::move(fresh->store), kept.config(), std::move(sources), std::move(options));
  if (auto loaded = pipeline.load(false); !loaded) return report({kEnvironmentFailed, loaded.error().message});
  std::atomic<bool> stopped{false};
  signals.start([&](int) { stopped = true, pipeline.stop(); });
  const Ending ending = pipeline.run();
  signals.stop();
  if (ending.exit_code != 0) return report(ending);
  if (stopped) return report({kEnvironmentFailed, "stopped before the log was read: nothing was compared"});
  int status = kEnvironmentFailed;
  pipeline.read([&](Floor& log) { status = compare(store, kept, pipeline.progress(), log, *findings); });
  return status;
}

int verify(const VerifyOptions& options) {
  auto config = load_config(options.config, false);
  if (!config) return kWrongArguments;
  set_up_logging(config->logging);
  const auto chosen = choose_log(options.log, *config);
  if (!chosen) return report({kWrongArguments, chosen.error()});
  auto sources = open_log(options.log, *chosen);
  if (!sources) return report({kWrongArguments, sources.error()});
  SignalWatch signals;
  const auto store = open_store_for_reading(options.store);
  if (!store) return report(store.error());
  if (auto changed = changed_keys(**store, config->figures); !changed.empty()) {
    for (std::string& line : changed) line.insert(0, "configuration ");
    return not_right(changed);
  }
  const auto kept = read_whole(**store, thread_count(*config));
  if (!kept) {
    return kept.error().exit_code == kAnswerIsNo ? not_right({"damaged " + kept.error().message})
                                                 : report(kept.error());
  }
  try {
    PipelineOptions pipeline = configured_pipeline(*config);
    pipeline.live = false;
    return replay_and_compare(**store, **kept, std::move(*sources), std::move(pipeline), signals);
  } catch (const std::runtime_error& failure) {  // The store was read whole before: what fails now is the machine.
    return report({kEnvironmentFailed, failure.what()});
  }
}

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("verify", "Replay the log into a scratch store and compare every record and interval");
  const auto o = std::make_shared<VerifyOptions>();
  command->add_option("--config", o->config, "The YAML file; without it, defaults");
  command->add_option("--store", o->store, "The store to be verified, sqlite:PATH; a running floorwatch may write it")
      ->capture_default_str();
  add_log_options(*command, o->log);
  command->footer(
      "The log is read as far as the store has read it. Exit status 0: no difference; 1: differences, each named.\n"
      "Example:\n  floorwatch verify --config floorwatch.yaml --store sqlite:floorwatch.db");
  command->callback([o, &exit_code] { exit_code = verify(*o); });
}

}  // namespace app

#include "app/commands/replay.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/http_surface.h"
#include "app/load_config.h"
#include "app/make_sources.h"
#include "app/logging.h"
#include "app/open_store.h"
#include "app/replayed_log.h"
#include "app/signals.h"
#include "config/values.h"

namespace app {
namespace {

struct ReplayOptions {
  LogChoice log;
  std::string config, store = "sqlite:floorwatch.db", from, to, speed = "max", listen;
  std::size_t batch = 1 << 15, threads = 0;
  std::uint32_t shards = 0;
  bool hold = false, quiet = false, rebuild = false, take_over = false;
};

/// What the command line says beyond the configuration: times, speed.
tl::expected<PipelineOptions, std::string> pipeline_options(const ReplayOptions& options, const config::Config& config) {
  PipelineOptions pipeline = configured_pipeline(config);
  pipeline.live = false;
  pipeline.hold = options.hold;
  if (options.threads > 0) pipeline.threads = options.threads;
  pipeline.round = std::max<std::size_t>(options.batch, 1);
  for (auto [name, word, into] : {std::tuple("--from", &options.from, &pipeline.keep_from),
                                  std::tuple("--to", &options.to, &pipeline.keep_to)}) {
    if (word->empty()) continue;
    *into = core::parse_rfc3339(*word);
    if (!*into) return tl::unexpected(fmt::format("{} {}: no time; allowed: RFC 3339 with an offset, as 2026-03-02T09:15:00Z", name, *word));
  }
  if (options.speed != "max") {
    char* end = nullptr;
    pipeline.speed = std::strtod(options.speed.c_str(), &end);
    if (*end != '\0' || !(pipeline.speed > 0)) {
      return tl::unexpected(fmt::format("--speed {}: allowed: max, or how many times faster than it happened, as 1 or 60", options.speed));
    }
  }
  if (!options.listen.empty() && !config::parse_address(options.listen)) {
    return tl::unexpected(fmt::format("--listen {}: no address; allowed: HOST:PORT, as 127.0.0.1:9464, port 0 for a free one", options.listen));
  }
  if (options.hold && options.listen.empty()) return tl::unexpected(std::string("--hold needs --listen: there is nothing to hold for"));
  return pipeline;
}

/// A batch is applied as one moment, so a paced replay reads line by line, or, when time flies, as many as pass in a
/// moment that nobody sees.
std::size_t lines_at_a_time(double speed) {
  if (speed <= 0) return 0;
  return static_cast<std::size_t>(std::clamp(speed / 100, 1.0, 1000.0));
}

/// A line on standard error that is written over again.
std::function<void(const core::EventCounts&)> progress_line() {
  const auto begin = std::chrono::steady_clock::now();
  return [begin](const core::EventCounts& counts) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    fmt::print(stderr, "\r{:>12} events, {:.2f} million/s ", counts.received,
               static_cast<double>(counts.received) / 1e6 / std::max(seconds, 0.001));
    std::fflush(stderr);
  };
}

void print_counts(const core::Progress& before, const core::Progress& after) {
  core::EventCounts counts = core::total(after.counts);
  counts -= core::total(before.counts);
  fmt::print("{}\n", core::to_string(counts));
  std::fflush(stdout);
}

int replay(const ReplayOptions& options) {
  auto config = load_config(options.config, false);
  if (!config) return kWrongArguments;
  set_up_logging(config->logging);
  auto configs = choose_log(options.log, *config);
  if (!configs) return report({kWrongArguments, configs.error()});
  auto pipeline_opts = pipeline_options(options, *config);
  if (!pipeline_opts) return report({kWrongArguments, pipeline_opts.error()});
  auto sources = open_log(options.log, *configs, lines_at_a_time(pipeline_opts->speed));
  if (!sources) return report({kWrongArguments, sources.error()});

  SignalWatch signals;
  const bool bar = !options.quiet && isatty(STDERR_FILENO) != 0;
  if (bar) pipeline_opts->progress = progress_line();
  const std::uint32_t shards = options.shards > 0 ? options.shards : config->store.shards;
  auto store = open_for_writing(options.store, config->figures, shards, options.rebuild, options.take_over);
  if (!store) return report(store.error());
  Pipeline pipeline(std::move(store->store), config->figures, std::move(*sources), *pipeline_opts);
  if (auto loaded = pipeline.load(store->rebuild); !loaded) return report({kEnvironmentFailed, loaded.error().message});
  const core::Progress before = pipeline.progress();
  if ((pipeline_opts->keep_from || pipeline_opts->keep_to) && !before.partitions.empty()) {
    return report({kWrongArguments, fmt::format("--from and --to need a new store, and {} has data", options.store)});
  }

  std::unique_ptr<HttpSurface> http;
  if (!options.listen.empty()) {
    http = std::make_unique<HttpSurface>(pipeline, options.listen, options.store,
                                         LiveMetricsOptions{config->metrics.agents, config->metrics.max_series});
    if (auto started = http->start(); !started) return report({kEnvironmentFailed, started.error().message});
    spdlog::info("serving http port {}", http->port());
  }
  pipeline.on_finished([&](const core::Progress& after) {
    if (bar) fmt::print(stderr, "\r{:60}\r", "");
    print_counts(before, after);
  });
  signals.start([&](int) { pipeline.stop(); });
  const Ending ending = pipeline.run();
  signals.stop();
  if (http) http->stop();
  return report(ending);
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("replay", "The same road as run, over event logs or what Kafka holds now");
  const auto o = std::make_shared<ReplayOptions>();
  command->add_option("--config", o->config, "The YAML file; without it, defaults");
  command->add_option("--store", o->store, "The store, sqlite:PATH; one that has data is continued")->capture_default_str();
  add_log_options(*command, o->log);
  command->add_option("--from", o->from, "Keep what has an event at or after this time (RFC 3339), whole");
  command->add_option("--to", o->to, "Keep what has an event before this time, whole");
  command->add_option("--speed", o->speed, "max, or how many times faster than it happened")->capture_default_str();
  command->add_option("--listen", o->listen, "HOST:PORT to serve /metrics and the API meanwhile");
  command->add_flag("--hold", o->hold, "Go on serving after the end, until stopped");
  command->add_option("--threads", o->threads, "Worker threads (default: cores)");
  command->add_option("--shards", o->shards, "Shards of a store that is made")->check(CLI::Range(1, 64));
  command->add_option("--batch", o->batch, "Events applied together")->capture_default_str();
  command->add_flag("--rebuild", o->rebuild, "If the figure configuration has changed: compute all figures again");
  command->add_flag("--take-over", o->take_over, "Take the store from the process that writes it; that one then ends");
  command->add_flag("--quiet", o->quiet, "No progress");
  command->footer("Example:\n  floorwatch replay --store sqlite:march.db --input march.ndjson.zst\n  floorwatch figures --store sqlite:march.db --every day");
  command->callback([o, &exit_code] { exit_code = replay(*o); });
}

}  // namespace app

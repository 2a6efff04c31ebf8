#include "app/commands/run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <memory>
#include <string>

#include "app/alerting.h"
#include "app/http_surface.h"
#include "app/load_config.h"
#include "app/logging.h"
#include "app/make_alerting.h"
#include "app/make_sources.h"
#include "app/open_store.h"
#include "app/signals.h"

namespace app {
namespace {

struct RunOptions {
  std::string config;
  bool describe = false, rebuild = false, take_over = false;
};

/// What the configuration may change while the program runs; everything else needs a restart, and says so.
void reload(const std::string& path, const config::Config& current, Pipeline& pipeline) {
  const auto fresh = load_config(path, true);
  if (!fresh) {
    spdlog::error("SIGHUP: the new configuration is bad; the old one stays");
    return;
  }
  if (const auto keys = core::differing_keys(current.figures.canonical_text(), fresh->figures.canonical_text());
      !keys.empty()) {
    spdlog::error(
        "SIGHUP: refused, the figure configuration differs ({}); a start takes what begins later as it is, and "
        "`floorwatch restate` shows and applies a changed past",
        fmt::join(keys, ", "));
    return;
  }
  set_up_logging(fresh->logging);
  pipeline.read([&](Floor&) { pipeline.alerting()->set_rules(fresh->alerts); });
  spdlog::info(
      "SIGHUP: configuration reloaded; changed sources, store, http and alerting settings take effect at the next "
      "start");
}

int run(const RunOptions& options) {
  const auto config = load_config(options.config, true);
  if (!config) return kWrongArguments;
  set_up_logging(config->logging);
  std::vector<PipelineSource> sources;
  for (const auto& source : config->sources) {
    auto made = make_live_source(source);
    if (!made) return report({kWrongArguments, fmt::format("source {}: {}", source.name, made.error())});
    sources.push_back(std::move(*made));
  }
  SignalWatch signals;
  // The wiring can be shown of a configuration whose store is another's, or is not there yet.
  const std::string url = options.describe ? "sqlite::memory:" : config->store.url;
  auto store = open_for_writing(url, config->figures, config->store.shards, options.rebuild, options.take_over);
  if (!store) return report(store.error());
  PipelineOptions pipeline_options = configured_pipeline(*config);
  pipeline_options.hold = true;  // A service whose files are read to their end still answers.
  const std::string listen = fmt::format(fmt::runtime(config->http.host.find(':') == std::string::npos ? "{}:{}" : "[{}]:{}"),
                                         config->http.host, config->http.port);
  auto sender = make_alert_sender(config->alerting, "http://" + listen);
  if (!sender) return report({kWrongArguments, sender.error().message});
  Alerting alerting(config->alerts, **sender);
  Pipeline pipeline(std::move(store->store), config->figures, std::move(sources), pipeline_options);
  pipeline.watch(alerting);
  if (options.describe) {
    fmt::print(
        "{}  {}\n{}  http {}: /metrics /healthz /readyz and, below /api/v1: figures explain contacts leads deals "
        "dead-letters alerts\n",
        pipeline.describe(), config->store.url, describe_alerts(config->alerts, **sender), listen);
    return kDone;
  }
  if (auto loaded = pipeline.load(store->rebuild); !loaded) return report({kEnvironmentFailed, loaded.error().message});
  HttpSurface http(pipeline, listen, config->store.url, {config->metrics.agents, config->metrics.max_series});
  if (auto started = http.start(); !started) return report({kEnvironmentFailed, started.error().message});
  signals.start([&](int signal) {
    if (signal == SIGHUP) return reload(options.config, *config, pipeline);
    spdlog::info("stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
    pipeline.stop();
  });
  spdlog::info("floorwatch {} reads {} into {}, serves http://{}:{}/metrics", FLOORWATCH_VERSION,
               config->sources.size() == 1 ? "1 source" : fmt::format("{} sources", config->sources.size()),
               config->store.url, config->http.host, http.port());
  const Ending ending = pipeline.run();
  signals.stop();
  http.stop();
  return report(ending);
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("run", "The service: reads the configured sources, keeps figures, serves them");
  const auto o = std::make_shared<RunOptions>();
  command->add_option("--config", o->config, "The YAML file")->required();
  command->add_flag("--describe", o->describe, "Print the wiring instead of running it");
  command->add_flag("--rebuild", o->rebuild, "If the figure configuration has changed: compute all figures again");
  command->add_flag("--take-over", o->take_over, "Take the store from the process that writes it; that one then ends");
  command->footer("Example:\n  floorwatch run --config floorwatch.yaml\nSIGINT and SIGTERM stop it in order, SIGHUP reloads the configuration.");
  command->callback([o, &exit_code] { exit_code = run(*o); });
}

}  // namespace app

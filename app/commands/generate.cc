#include "app/commands/generate.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>

#include "simulation/centre.h"
#include "simulation/message_sink.h"

namespace app {

namespace {

/// While it lives, SIGINT and SIGTERM end nothing but are waited for.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    for (const int signal : kSignals) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  ~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Waits at most so long; true once a signal has come.
  bool wait(core::Millis patience) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
    const timespec limit{seconds.count(), std::chrono::nanoseconds(patience - seconds).count()};
    return sigtimedwait(&signals_, nullptr, &limit) > 0;
  }

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM};
  sigset_t signals_{}, before_{};
};

core::WallTime wall_now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

core::Result<std::unique_ptr<simulation::MessageSink>> open_sink(const GenerateOptions& options, bool live) {
  if (!options.kafka.empty()) return simulation::open_kafka_sink(options.kafka, options.topic);
  return simulation::open_file_sink(options.output.empty() ? "-" : options.output, live);
}

core::Result<simulation::Summary> deliver(const GenerateOrder& order, const simulation::Plan& plan,
                                          simulation::Truth* truth, simulation::MessageSink& sink) {
  StopSignals signals;
  simulation::Pace pace(order.pace, wall_now, [&](core::Millis patience) { return signals.wait(patience); });
  core::Result<void> flushed;
  const auto flush = [&] { flushed = sink.flush(); };
  const auto outlet = [&](core::EventTime due, std::string_view key, std::string_view message) -> core::Result<bool> {
    if (!pace.until_due(due, flush)) return false;
    if (!flushed) return tl::unexpected(flushed.error());
    if (auto written = sink.write(key, message); !written) return tl::unexpected(written.error());
    return true;
  };
  auto summary = simulation::simulate(order.centre, plan, truth, outlet);
  if (!summary) return summary;
  if (auto finished = sink.finish(); !finished) return tl::unexpected(finished.error());
  return summary;
}

core::Result<void> write_truth(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  if (!file) return core::fail("cannot write " + path);
  return {};
}

int environment_failed(const core::Failure& failure) {
  fmt::print(stderr, "generate: {}\n", failure.message);
  return kEnvironmentFailed;
}

int generate(const GenerateOptions& options, const GenerateOrder& order) {
  const simulation::Plan plan = simulation::make_plan(order.centre);
  std::optional<simulation::Truth> truth;
  if (!options.truth.empty()) truth.emplace(plan);
  auto sink = open_sink(options, order.pace.speed || order.pace.per_second);
  if (!sink) return environment_failed(sink.error());
  const auto summary = deliver(order, plan, truth ? &*truth : nullptr, **sink);
  if (!summary) return environment_failed(summary.error());
  if (truth && summary->complete) {
    if (auto written = write_truth(options.truth, truth->text(summary->as_of)); !written)
      return environment_failed(written.error());
  }
  if (!options.quiet) {
    fmt::print(stderr, "visits={} events={} duplicates={} bad={}{}\n", summary->visits, summary->events,
               summary->duplicates, summary->bad, summary->complete ? "" : " (stopped before the end)");
    if (truth && !summary->complete) fmt::print(stderr, "generate: no truth is written of a centre that was stopped\n");
  }
  return kDone;
}

void add_what(CLI::App& command, GenerateOptions& options) {
  command.add_option(
      "--visits", options.visits,
      "Queue visits, exactly, transfers and callbacks included; 0 is endless. Default 10000, with --speed "
      "1, 60, ... endless");
  command.add_option("--seed", options.seed, "The same seed gives the same bytes on every machine");
  command.add_option("--start", options.start, "RFC 3339 time, or now. Default 2026-03-02T00:00:00Z, with --speed now");
  command.add_option("--hours", options.hours, "Span in which about all visits begin")->capture_default_str();
  command.add_option("--clients", options.clients, "Client companies")
      ->check(CLI::Range(1, 500))
      ->capture_default_str();
  command.add_option("--queues", options.queues, "Queues in all")->check(CLI::Range(1, 20'000))->capture_default_str();
  command.add_option("--agents", options.agents, "Agents in all; 0: as many as the load needs")
      ->check(CLI::Range(0, 90'000))
      ->capture_default_str();
}

void add_how(CLI::App& command, GenerateOptions& options) {
  command.add_option("--disorder", options.disorder, "Delivery is shuffled within this span")->capture_default_str();
  command.add_option("--duplicates", options.duplicates, "Share of the events that come twice")->capture_default_str();
  command.add_option("--late", options.late, "SHARE:SPAN: these events are delivered up to SPAN later, like 0.01:4h");
  command.add_option("--bad", options.bad, "Broken messages beside, as a share of the events")->capture_default_str();
  command.add_option("--rate", options.rate,
                     "N/s: so many messages a second. With --speed 1, 60, ...: the centre is as busy as gives about so "
                     "many, with shorter conversations where agents would not suffice");
  command
      .add_option("--speed", options.speed, "Event time runs so many times as fast as the wall clock; max: no pacing")
      ->capture_default_str();
  command.add_option("--output", options.output,
                     "File (also .gz, .zst); default is standard output. Replaced, but with --speed or --rate appended "
                     "to, whole lines at a time");
  command.add_option("--kafka", options.kafka,
                     "Brokers, HOST:PORT,...; messages are keyed by contact, agent, lead, deal");
  command.add_option("--topic", options.topic, "Topic for --kafka");
  command.add_option("--truth", options.truth,
                     "Writes the exact figures, known by construction: sections '# by=... every=... basis=...', each "
                     "followed by what `floorwatch figures --format csv` must print");
  command.add_flag("--quiet", options.quiet, "No summary on standard error");
}

}  // namespace

int run_generate(const GenerateOptions& options) {
  const auto order = understand(options, wall_now());
  if (order) return generate(options, *order);
  for (const std::string& error : order.error()) fmt::print(stderr, "generate: {}\n", error);
  return kWrongArguments;
}

void add_generate(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<GenerateOptions>();
  CLI::App* command =
      app.add_subcommand("generate", "Simulates a call centre: events of any amount, with their true figures");
  add_what(*command, *options);
  add_how(*command, *options);
  command->footer(
      "SIGINT and SIGTERM stop it in order. An endless centre has no truth.\n\n"
      "Examples:\n"
      "  floorwatch generate --visits 100000 --seed 7 --disorder 30s --duplicates 0.01 --output log.ndjson --truth "
      "log.csv\n"
      "  floorwatch generate --speed 1 --rate 500/s --kafka localhost:9092 --topic contact-events");
  command->callback([options, &exit_code] { exit_code = run_generate(*options); });
}

}  // namespace app

// `floorwatch generate`: a simulated centre as a log file, a Kafka topic or standard output.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/commands/command.h"
#include "core/time.h"
#include "simulation/options.h"
#include "simulation/pace.h"

namespace app {

/// What the command line says, as words.
struct GenerateOptions {
  std::optional<std::uint64_t> visits;
  std::uint64_t seed = 1;
  std::string start;
  double hours = 24;
  std::uint32_t clients = 4, queues = 12, agents = 0;
  std::string disorder = "0s", duplicates = "0", late, bad = "0";
  std::string rate, speed = "max";
  std::string output, kafka, topic, truth;
  bool quiet = false;
};

/// What they mean.
struct GenerateOrder {
  simulation::Options centre;
  simulation::PaceOptions pace;
};

/// `now` is the wall clock, for `--start now`. The error has one line for each thing that is wrong.
tl::expected<GenerateOrder, std::vector<std::string>> understand(const GenerateOptions& options, core::WallTime now);

/// Writes the events, then the truth; ends early and in order on SIGINT or SIGTERM. The exit status.
int run_generate(const GenerateOptions& options);

void add_generate(CLI::App& app, int& exit_code);

}  // namespace app

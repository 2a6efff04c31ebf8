// The log that a command replays: its files and options as the command line and the configuration say.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/pipeline.h"
#include "config/config.h"

namespace app {

/// What the command line says about the log; empty words leave it to the configuration.
struct LogChoice {
  std::vector<std::string> inputs;  ///< Files, read as one log. Empty: the configured sources.
  std::string source, format, timezone;
};

/// Registers --input, --source, --format and --timezone. `choice` must outlive the parsing.
void add_log_options(CLI::App& command, LogChoice& choice);

/// The sources to replay: the configuration's, or one that reads the files. A format that never sends wraps says so to
/// `config.figures`, unless the configuration knows the source. The error says what is wrong and what is allowed.
tl::expected<std::vector<config::SourceConfig>, std::string> choose_log(const LogChoice& choice,
                                                                        config::Config& config);

/// The sources, ready to be read to their present end. `lines`: at most so many of a file in a batch; 0: the default.
tl::expected<std::vector<PipelineSource>, std::string> open_log(const LogChoice& choice,
                                                                const std::vector<config::SourceConfig>& sources,
                                                                std::size_t lines = 0);

}  // namespace app

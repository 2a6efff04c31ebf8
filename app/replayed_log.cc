#include "app/replayed_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/make_sources.h"
#include "ingest/formats/formats.h"

namespace app {
namespace {

using Sources = std::vector<config::SourceConfig>;

tl::expected<Sources, std::string> configured_sources(const LogChoice& choice, const config::Config& config) {
  Sources chosen;
  for (const auto& source : config.sources) {
    if (choice.source.empty() || source.name == choice.source) chosen.push_back(source);
  }
  if (!chosen.empty()) return chosen;
  return tl::unexpected(std::string("nothing to replay: give --input FILE or a configuration with sources"));
}

/// One source that reads the files of the command line.
tl::expected<Sources, std::string> source_of_files(const LogChoice& choice, const config::Config& config) {
  config::SourceConfig source{};
  source.name = choice.source.empty() ? "log" : choice.source;
  source.format = "canonical";
  source.allowed_lateness = core::Millis{30'000};
  source.timezone = "UTC";
  const auto named = std::find_if(config.sources.begin(), config.sources.end(),
                                  [&](const auto& s) { return choice.source.empty() || s.name == choice.source; });
  if (named != config.sources.end()) source = *named;
  if (!choice.source.empty() && named == config.sources.end() && !config.sources.empty()) {
    return tl::unexpected(fmt::format("--source {}: the configuration has no such source", choice.source));
  }
  source.input = config::FileSettings{choice.inputs.front(), false};
  if (!choice.format.empty()) source.format = choice.format;
  if (!choice.timezone.empty()) source.timezone = choice.timezone;
  return Sources{source};
}

}  // namespace

void add_log_options(CLI::App& command, LogChoice& choice) {
  command.add_option("--input", choice.inputs,
                     "Log files (plain, .gz, .zst), read as one log; - is standard input. Without it: the configured "
                     "sources");
  command.add_option("--source", choice.source, "The configured source whose format and options hold for --input");
  command.add_option("--format", choice.format, "The format of --input: " + ingest::format_names());
  command.add_option("--timezone", choice.timezone, "IANA zone of times without an offset");
}

tl::expected<Sources, std::string> choose_log(const LogChoice& choice, config::Config& config) {
  auto sources = choice.inputs.empty() ? configured_sources(choice, config) : source_of_files(choice, config);
  if (!sources) return sources;
  for (const auto& source : *sources) {
    const auto* format = ingest::find_format(source.format);
    const bool known = std::any_of(config.sources.begin(), config.sources.end(),
                                   [&](const auto& s) { return s.name == source.name && s.format == source.format; });
    if (format != nullptr && !known && !format->sends_wrap) config.figures.sources_without_wrap.insert(source.name);
  }
  return sources;
}

tl::expected<std::vector<PipelineSource>, std::string> open_log(const LogChoice& choice, const Sources& sources,
                                                                std::size_t lines) {
  for (const std::string& input : choice.inputs) {
    if (input == "-") continue;
    if (!std::filesystem::exists(input)) return tl::unexpected(fmt::format("--input {}: there is no such file", input));
    if (std::filesystem::is_directory(input)) {
      return tl::unexpected(fmt::format("--input {}: is a directory, a file is needed", input));
    }
  }
  std::vector<PipelineSource> opened;
  for (const auto& config : sources) {
    auto source = make_replay_source(config, {choice.inputs, lines});
    if (!source) return tl::unexpected(fmt::format("source {}: {}", config.name, source.error()));
    opened.push_back(std::move(*source));
  }
  return opened;
}

}  // namespace app

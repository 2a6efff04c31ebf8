#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "config/parts.h"

namespace config {
namespace {

/// Formats that the contract names and a later version reads; "genesys-" is the beginning of several.
constexpr std::array<std::string_view, 6> kLaterFormats = {"amazon-connect-contact-events",
                                                           "amazon-connect-agent-events",
                                                           "amazon-connect-ctr",
                                                           "twilio-taskrouter",
                                                           "freeswitch-callcenter",
                                                           "chatwoot"};
constexpr std::string_view kGenesys = "genesys-";

/// An Asterisk writes no end of wrap-up into its queue log.
constexpr std::string_view kFormatWithoutWrap = "asterisk-queue-log";

std::string load_format(const Section& source, const LoadOptions& options) {
  std::string format = source.text("format");
  if (std::ranges::find(options.formats, format) != options.formats.end()) return format;
  const std::string allowed = fmt::format("allowed: {}", fmt::join(options.formats, ", "));
  const std::string_view near = nearest(format, options.formats);
  if (std::ranges::find(kLaterFormats, format) != kLaterFormats.end() || format.starts_with(kGenesys)) {
    source.report("format", fmt::format("{} is not yet supported in this version, {}", format, allowed));
  } else if (!near.empty()) {
    source.report("format", fmt::format("\"{}\" is unknown, did you mean {}? {}", format, near, allowed));
  } else {
    source.report("format", fmt::format("\"{}\" is unknown, {}", format, allowed));
  }
  return format;
}

KafkaSettings load_kafka(const Section& kafka, const LoadOptions& options) {
  KafkaSettings settings;
  settings.brokers = kafka.text("brokers");
  for (Placed& topic : kafka.texts("topics")) settings.topics.push_back(std::move(topic.text));
  settings.group = kafka.text("group");
  settings.properties = kafka.properties("properties", options.resolve_secrets);
  return settings;
}

FileSettings load_log_file(const Section& file) { return {.path = file.text("path"), .follow = file.flag("follow")}; }

std::string load_name(const Section& source) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  std::string name = source.text("name");
  if (name.find_first_not_of(kLetters) != std::string::npos) source.refuse("name", fmt::format("\"{}\"", name));
  return name;
}

SourceConfig load_source(const Section& source, const LoadOptions& options) {
  SourceConfig config{};
  config.name = load_name(source);
  if (source.has("kafka") == source.has("file")) {
    source.report(source.line(),
                  fmt::format("source has {} kafka {} file, allowed: exactly one of them",
                              source.has("kafka") ? "both" : "neither", source.has("kafka") ? "and" : "nor"));
  }
  // A source with both has both checked, so that all errors come at once.
  if (source.has("file")) config.input = load_log_file(source.section("file"));
  if (source.has("kafka")) config.input = load_kafka(source.section("kafka"), options);
  config.format = load_format(source, options);
  config.start = static_cast<Start>(source.word("start"));
  config.allowed_lateness = source.duration("allowed_lateness");
  config.clock_skew = source.duration("clock_skew");
  config.timezone = source.zone("timezone");
  const bool stated = source.flag("sends_wrap");
  config.sends_wrap = source.has("sends_wrap") ? stated : config.format != kFormatWithoutWrap;
  return config;
}

}  // namespace

std::vector<SourceConfig> load_sources(const Section& root, const LoadOptions& options) {
  std::vector<SourceConfig> sources;
  std::map<std::string, int> lines;
  for (const Section& section : root.sections("sources")) {
    SourceConfig source = load_source(section, options);
    const int line = section.line("name");
    const auto [former, is_new] = lines.emplace(source.name, line);
    if (!is_new && !source.name.empty()) {
      section.report(line, fmt::format("source {} has the name of the one on line {}, allowed: a name of its own",
                                       source.name, former->second));
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace config

#include "app/make_sources.h"

#include <fmt/format.h>

#include "app/load_config.h"
#include "core/periods.h"
#include "ingest/file_source.h"
#include "ingest/formats/formats.h"
#include "ingest/kafka_source.h"

namespace app {
namespace {

ingest::KafkaOptions kafka_options(const config::SourceConfig& config, const config::KafkaSettings& kafka) {
  ingest::KafkaOptions options;
  options.source = config.name;
  options.brokers = kafka.brokers;
  options.topics = kafka.topics;
  options.group = kafka.group;
  for (const auto& [name, value] : kafka.properties) options.properties[name] = value.value;
  options.start = config.start == config::Start::kEarliest ? ingest::KafkaOptions::Start::kEarliest
                                                           : ingest::KafkaOptions::Start::kLatest;
  return options;
}

/// Everything but the source itself; the error says what is wrong with the format or time zone.
tl::expected<PipelineSource, std::string> with_rules(const config::SourceConfig& config) {
  if (core::find_zone(config.timezone) == nullptr) {
    return tl::unexpected(fmt::format("\"{}\" is no time zone; allowed: IANA names, such as Europe/Kyiv", config.timezone));
  }
  const ingest::FormatOptions format{config.name, config.timezone};
  if (auto probe = ingest::make_decoder(config.format, format); !probe) return tl::unexpected(probe.error().message);
  PipelineSource source;
  source.rules.name = config.name;
  source.rules.make_decoder = [name = config.format, format] { return std::move(*ingest::make_decoder(name, format)); };
  source.allowed_lateness = config.allowed_lateness;
  return source;
}

std::string words(const config::SourceConfig& config) {
  if (const auto* kafka = std::get_if<config::KafkaSettings>(&config.input)) {
    return fmt::format("kafka {}, topics {}, format {}", kafka->brokers, fmt::join(kafka->topics, " "), config.format);
  }
  const auto& file = std::get<config::FileSettings>(config.input);
  return fmt::format("file {}{}, format {}", file.path, file.follow ? " (followed)" : "", config.format);
}

}  // namespace

tl::expected<PipelineSource, std::string> make_live_source(const config::SourceConfig& config) {
  auto source = with_rules(config);
  if (!source) return source;
  source->rules.clock_skew = config.clock_skew;
  source->describe = words(config);
  if (const auto* kafka = std::get_if<config::KafkaSettings>(&config.input)) {
    source->source = std::make_unique<ingest::KafkaSource>(kafka_options(config, *kafka));
    return source;
  }
  const auto& file = std::get<config::FileSettings>(config.input);
  ingest::FileOptions options;
  options.source = config.name;
  options.paths = {file.path};
  options.follow = file.follow;
  source->source = std::make_unique<ingest::FileSource>(options);
  return source;
}

tl::expected<PipelineSource, std::string> make_replay_source(const config::SourceConfig& config,
                                                             const ReplayInput& input) {
  auto source = with_rules(config);
  if (!source) return source;
  const auto* kafka = std::get_if<config::KafkaSettings>(&config.input);
  if (kafka != nullptr && input.files.empty()) {
    auto options = kafka_options(config, *kafka);
    options.start = ingest::KafkaOptions::Start::kEarliest;
    options.bounded = true;
    source->describe = words(config) + ", up to its present end";
    source->source = std::make_unique<ingest::KafkaSource>(options);
    return source;
  }
  ingest::FileOptions options;
  options.source = config.name;
  options.paths = input.files;
  if (options.paths.empty()) options.paths = {std::get<config::FileSettings>(config.input).path};
  if (input.lines > 0) options.lines = input.lines;
  source->describe = fmt::format("files {}, format {}", fmt::join(options.paths, " "), config.format);
  source->source = std::make_unique<ingest::FileSource>(options);
  return source;
}

PipelineOptions configured_pipeline(const config::Config& config) {
  PipelineOptions options;
  options.commit_interval = config.store.commit_interval;
  options.dead_letters = {config.dead_letters.max_size, config.dead_letters.max_age};
  options.keep_contacts = config.store.keep_contacts;
  options.threads = thread_count(config);
  options.record_bytes = config.memory.records;
  return options;
}

}  // namespace app

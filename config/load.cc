#include "config/load.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "config/parts.h"
#include "config/yaml.h"
#include "core/periods.h"

namespace config {
namespace {

StoreConfig load_store(const Section& store) {
  constexpr std::string_view kSqlite = "sqlite:";
  StoreConfig config{};
  config.url = store.text("url");
  if (config.url.starts_with("postgresql:") || config.url.starts_with("postgres:")) {
    store.report("url", "is PostgreSQL, which is not yet supported in this version, allowed: sqlite:PATH");
  } else if (!config.url.starts_with(kSqlite) || config.url.size() == kSqlite.size()) {
    store.refuse("url", fmt::format("\"{}\"", config.url));
  }
  config.commit_interval = store.duration("commit_interval");
  config.keep_contacts = store.duration("keep_contacts");
  config.shards = static_cast<std::uint32_t>(store.whole("shards"));
  return config;
}

DeadLettersConfig load_dead_letters(const Section& limits) {
  return {.max_size = static_cast<std::uint64_t>(limits.size("max_size")), .max_age = limits.duration("max_age")};
}

HttpConfig load_http(const Section& http) {
  Address listen = http.address("listen");
  return {.host = std::move(listen.host), .port = listen.port};
}

MetricsConfig load_metrics(const Section& metrics) {
  return {.agents = metrics.flag("agents"), .max_series = static_cast<std::uint64_t>(metrics.whole("max_series"))};
}

LoggingConfig load_logging(const Section& logging) {
  return {.level = static_cast<LogLevel>(logging.word("level")),
          .format = static_cast<LogFormat>(logging.word("format"))};
}

core::GiveUp load_give_up(const Section& limits) {
  return {.voice = limits.duration("voice"),
          .chat = limits.duration("chat"),
          .email = limits.duration("email"),
          .segment = limits.duration("segment"),
          .agent_state = limits.duration("agent_state")};
}

/// A contract is judged from single contacts, and corrected for two months after its period.
void check_retention(const Section& root, const Config& config) {
  constexpr core::Millis kAfter = std::chrono::hours(60 * 24);
  for (const auto& [name, client] : config.figures.clients) {
    for (const core::SlaProfile& profile : client.sla) {
      for (const core::SlaVersion& version : profile.versions) {
        const core::Millis least = core::longest_days(version.terms.period) + kAfter;
        if (!version.terms.target) continue;  // Nothing is owed.
        if (config.store.keep_contacts >= least) continue;
        root.section("store").report(
            "keep_contacts",
            fmt::format("is {}, allowed: at least {}, since profile {} of client {} is judged by the {}",
                        core::format_duration(config.store.keep_contacts), core::format_duration(least), profile.name,
                        name, core::kEveryWords[core::index(version.terms.period)]));
        return;
      }
    }
  }
}

Config load_parts(const Section& root, const std::string& file, const LoadOptions& options) {
  Config config{};
  config.sources = load_sources(root, options);
  config.store = load_store(root.section("store"));
  config.dead_letters = load_dead_letters(root.section("dead_letters"));
  config.memory.records = static_cast<std::uint64_t>(root.section("memory").size("records"));
  config.http = load_http(root.section("http"));
  config.metrics = load_metrics(root.section("metrics"));
  config.logging = load_logging(root.section("logging"));
  config.threads = static_cast<std::uint32_t>(root.whole("threads"));
  config.figures.give_up_after = load_give_up(root.section("give_up_after"));
  load_calendars(root, config.figures);
  const LoadContext context{std::filesystem::path(file).parent_path(), options.read_files};
  load_clients(root, context, config.figures, config.alerts);
  config.alerting = load_alerting(root.section("alerting"), options.resolve_secrets);
  check_retention(root, config);
  for (const SourceConfig& source : config.sources) {
    if (!source.sends_wrap) config.figures.sources_without_wrap.insert(source.name);
  }
  return config;
}

}  // namespace

tl::expected<Config, ConfigErrors> load(std::string_view text, const std::string& file, const LoadOptions& options) {
  Diagnosis diagnosis(file);
  const Section root(parse_yaml(std::string(text), diagnosis), 1, "", "", diagnosis);
  Config config = load_parts(root, file, options);
  ConfigErrors errors = diagnosis.take();
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  config.file = file;
  config.text = text;
  return config;
}

tl::expected<Config, ConfigErrors> load_file(const std::string& path, const LoadOptions& options) {
  std::error_code unreadable;
  const bool directory = std::filesystem::is_directory(path, unreadable);
  std::ifstream file(path, std::ios::binary);
  if (directory || !file) {
    const std::string what = directory ? "is a directory" : "cannot be read";
    return tl::unexpected(ConfigErrors{{path, 0, what + ", allowed: a YAML file"}});
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return load(text, path, options);
}

ConfigErrors require_sources(const Config& config) {
  if (!config.sources.empty()) return {};
  return {{config.file.empty() ? "configuration" : config.file, config.file.empty() ? 0 : 1,
           "sources is empty, allowed: at least one source with kafka or file"}};
}

}  // namespace config

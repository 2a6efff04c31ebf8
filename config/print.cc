#include "config/print.h"

#include <yaml-cpp/yaml.h>

#include "config/keys.h"
#include "config/print_parts.h"
#include "config/values.h"

namespace config {
namespace {

/// A word of the table, for a key that is one of several.
std::string word(std::string_view path, std::size_t index) { return std::string(find_key(path)->words[index]); }

void put_input(Out& out, const KafkaSettings& kafka) {
  put_section(out, "kafka", [&] {
    put(out, "brokers", kafka.brokers);
    put_list(out, "topics", kafka.topics);
    put(out, "group", kafka.group);
    put_properties(out, kafka.properties);
  });
}

void put_input(Out& out, const FileSettings& file) {
  put_section(out, "file", [&] {
    put(out, "path", file.path);
    put(out, "follow", file.follow);
  });
}

void put_source(Out& out, const SourceConfig& source) {
  out << YAML::BeginMap;
  put(out, "name", source.name);
  std::visit([&](const auto& input) { put_input(out, input); }, source.input);
  put(out, "format", source.format);
  put(out, "start", word("sources[].start", static_cast<std::size_t>(source.start)));
  put(out, "allowed_lateness", source.allowed_lateness);
  put(out, "clock_skew", source.clock_skew);
  put(out, "timezone", source.timezone);
  put(out, "sends_wrap", source.sends_wrap);
  out << YAML::EndMap;
}

void put_client(Out& out, const std::string& name, const Config& config) {
  const core::FigureConfig& figures = config.figures;
  const core::ClientConfig& client = figures.client(name);
  std::vector<std::string> queues;
  for (const auto& [queue, owner] : figures.queue_client) {
    if (owner == name) queues.push_back(queue);
  }
  put_section(out, name, [&] {
    put(out, "timezone", client.timezone);
    put_list(out, "queues", queues);
    put_section(out, "leads", [&] {
      put(out, "target", client.lead_target);
      put(out, "redial_gap", client.redial_gap);
    });
    put_section(out, "deals", [&] { put_list(out, "required_costs", client.required_costs); });
    if (client.sla.empty()) return;
    out << YAML::Key << "sla" << YAML::Value << YAML::BeginSeq;
    for (const core::SlaProfile& profile : client.sla) {
      std::vector<core::AlertRule> alerts = config.alerts;
      std::erase_if(alerts, [&](const auto& rule) { return rule.client != name || rule.profile != profile.name; });
      print_profile(out, profile, client.timezone, alerts);
    }
    out << YAML::EndSeq;
  });
}

void put_store(Out& out, const StoreConfig& store) {
  put_section(out, "store", [&] {
    put(out, "url", store.url);
    put(out, "commit_interval", store.commit_interval);
    put(out, "keep_contacts", store.keep_contacts);
    put(out, "shards", store.shards);
  });
}

void put_dead_letters(Out& out, const DeadLettersConfig& limits) {
  put_section(out, "dead_letters", [&] {
    put(out, "max_size", format_size(static_cast<std::int64_t>(limits.max_size)));
    put(out, "max_age", limits.max_age);
  });
}

void put_give_up(Out& out, const core::GiveUp& limits) {
  put_section(out, "give_up_after", [&] {
    put(out, "voice", limits.voice);
    put(out, "chat", limits.chat);
    put(out, "email", limits.email);
    put(out, "segment", limits.segment);
    put(out, "agent_state", limits.agent_state);
  });
}

void put_program(Out& out, const Config& config) {
  put_section(out, "http", [&] { put(out, "listen", format_address({config.http.host, config.http.port})); });
  put_section(out, "metrics", [&] {
    put(out, "agents", config.metrics.agents);
    put(out, "max_series", config.metrics.max_series);
  });
  put_section(out, "logging", [&] {
    put(out, "level", word("logging.level", static_cast<std::size_t>(config.logging.level)));
    put(out, "format", word("logging.format", static_cast<std::size_t>(config.logging.format)));
  });
  put(out, "threads", config.threads);
}

}  // namespace

std::string print(const Config& config) {
  Out out;
  out << YAML::BeginMap;
  out << YAML::Key << "sources" << YAML::Value << (config.sources.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
  for (const SourceConfig& source : config.sources) put_source(out, source);
  out << YAML::EndSeq;
  put_store(out, config.store);
  put_dead_letters(out, config.dead_letters);
  put_section(out, "memory",
              [&] { put(out, "records", format_size(static_cast<std::int64_t>(config.memory.records))); });
  put_give_up(out, config.figures.give_up_after);
  put_program(out, config);
  print_alerting(out, config.alerting);
  print_calendars(out, config.figures.calendars);
  if (!config.figures.clients.empty()) {
    put_section(out, "clients", [&] {
      for (const auto& [name, client] : config.figures.clients) put_client(out, name, config);
    });
  }
  out << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

}  // namespace config

// The configuration as the program uses it: read, checked, every default filled in.
//
// Made by load() (config/load.h); keys, ranges and defaults are declared in config/keys.cc and nowhere else, so the
// members here have none. Immutable after loading.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/alert.h"
#include "core/figure_config.h"
#include "core/time.h"

namespace config {

/// A value that may be a secret. Where it came from may be shown, the value never.
struct SecretText {
  enum class From : std::uint8_t { kFile, kEnvironment, kConfiguration };
  From from = From::kConfiguration;
  std::string reference;  ///< Path or name of the environment variable; empty for kConfiguration.
  std::string value;      ///< Empty where LoadOptions::resolve_secrets was off.
  friend bool operator==(const SecretText&, const SecretText&) = default;
};

struct KafkaSettings {
  std::string brokers;  ///< host:port, several with commas between
  std::vector<std::string> topics;
  std::string group;
  std::map<std::string, SecretText> properties;  ///< librdkafka's own, handed over as they are
  friend bool operator==(const KafkaSettings&, const KafkaSettings&) = default;
};

struct FileSettings {
  std::string path;
  bool follow;  ///< Wait for more at the end, as the file grows.
  friend bool operator==(const FileSettings&, const FileSettings&) = default;
};

enum class Start : std::uint8_t { kEarliest, kLatest };

struct SourceConfig {
  std::string name;
  std::variant<KafkaSettings, FileSettings> input;
  std::string format;
  Start start;
  core::Millis allowed_lateness;
  core::Millis clock_skew;
  std::string timezone;  ///< IANA name, for formats whose times have no offset.
  bool sends_wrap;
  friend bool operator==(const SourceConfig&, const SourceConfig&) = default;
};

struct StoreConfig {
  std::string url;  ///< sqlite:PATH
  core::Millis commit_interval;
  core::Millis keep_contacts;
  std::uint32_t shards;  ///< Of a store that is made; one that exists keeps its own.
  friend bool operator==(const StoreConfig&, const StoreConfig&) = default;
};

struct DeadLettersConfig {
  std::uint64_t max_size;  ///< bytes
  core::Millis max_age;
  friend bool operator==(const DeadLettersConfig&, const DeadLettersConfig&) = default;
};

struct MemoryConfig {
  std::uint64_t records;  ///< bytes
  friend bool operator==(const MemoryConfig&, const MemoryConfig&) = default;
};

struct HttpConfig {
  std::string host;    ///< Without the brackets of an IPv6 address.
  std::uint16_t port;  ///< 0: any free one.
  friend bool operator==(const HttpConfig&, const HttpConfig&) = default;
};

struct MetricsConfig {
  bool agents;
  std::uint64_t max_series;
  friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarning, kError };
enum class LogFormat : std::uint8_t { kText, kJson };

struct LoggingConfig {
  LogLevel level;
  LogFormat format;
  friend bool operator==(const LoggingConfig&, const LoggingConfig&) = default;
};

/// Where alerts are sent.
struct AlertingConfig {
  struct Webhook {
    std::string name;  ///< For logs and metrics.
    SecretText url;    ///< Many services take who knows it for somebody.
    std::optional<SecretText> secret;
    friend bool operator==(const Webhook&, const Webhook&) = default;
  };
  struct Kafka {
    std::string brokers, topic;
    std::map<std::string, SecretText> properties;
    friend bool operator==(const Kafka&, const Kafka&) = default;
  };
  std::string link;  ///< Empty: the address that is listened on.
  std::vector<std::string> alertmanagers;
  std::vector<Webhook> webhooks;
  std::optional<Kafka> kafka;
  friend bool operator==(const AlertingConfig&, const AlertingConfig&) = default;
};

struct Config {
  std::string file;  ///< Name for messages; empty where no file was read.
  std::string text;  ///< The YAML text as it was read: may hold secrets, so print() is what goes into a store.
  std::vector<SourceConfig> sources;
  StoreConfig store;
  DeadLettersConfig dead_letters;
  MemoryConfig memory;
  HttpConfig http;
  MetricsConfig metrics;
  LoggingConfig logging;
  std::uint32_t threads;       ///< 0: as many as the machine has cores.
  AlertingConfig alerting;
  std::vector<core::AlertRule> alerts;  ///< By client, profile, and their order in it.
  core::FigureConfig figures;  ///< Clients, queues, profiles, limits: what enters facts.
};

}  // namespace config

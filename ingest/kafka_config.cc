#include "ingest/kafka_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace ingest {
namespace {

using Property = std::pair<const char*, const char*>;

// What delivery rests upon: own positions, loud loss, evidence of the end.
constexpr std::array<Property, 5> kFixed{{
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"enable.partition.eof", "true"},
    {"auto.offset.reset", "error"},
    {"allow.auto.create.topics", "false"},
}};

constexpr std::array<Property, 12> kDefaults{{
    {"client.id", "floorwatch"},
    // Small fetches into a bounded queue: full speed in a few hundred megabytes, together with KafkaScout's questions.
    {"fetch.message.max.bytes", "262144"},
    {"fetch.max.bytes", "8388608"},
    {"queued.max.messages.kbytes", "32768"},
    {"fetch.wait.max.ms", "20"},
    {"fetch.error.backoff.ms", "100"},
    {"socket.nagle.disable", "true"},
    {"socket.keepalive.enable", "true"},
    {"statistics.interval.ms", "0"},
    // A broker that comes back is found within a second.
    {"reconnect.backoff.max.ms", "1000"},
    {"log.connection.close", "false"},
    // We join no group, so this is only how long stopping waits for offsets that a group's coordinator has not taken.
    {"session.timeout.ms", "1000"},
}};

bool may_be_secret(const std::string& name) {
  constexpr std::array<const char*, 6> kMarks{"password", "secret", "pem", "jaas", "token", "oauthbearer"};
  return std::ranges::any_of(kMarks, [&](const char* mark) { return name.find(mark) != std::string::npos; });
}

std::map<std::string, std::string> effective(const KafkaOptions& options) {
  std::map<std::string, std::string> properties(kDefaults.begin(), kDefaults.end());
  for (const auto& [name, value] : options.properties) properties[name] = value;
  // Two limits that librdkafka wants in order; who raises the one means the other.
  if (options.properties.contains("message.max.bytes") && !options.properties.contains("fetch.max.bytes"))
    properties.erase("fetch.max.bytes");
  properties["bootstrap.servers"] = options.brokers;
  properties["group.id"] = options.group;
  for (const auto& [name, value] : kFixed) properties[name] = value;
  return properties;
}

core::Result<void> refuse_fixed(const KafkaOptions& options) {
  const auto is_fixed = [](const std::string& name) {
    return name == "group.id" || name == "bootstrap.servers" || name == "metadata.broker.list" ||
           std::ranges::any_of(kFixed, [&](const Property& fixed) { return name == fixed.first; });
  };
  for (const auto& [name, value] : options.properties)
    if (is_fixed(name))
      return core::fail(fmt::format("source {}: the Kafka property {} cannot be set: floorwatch sets it itself",
                                    options.source, name));
  return {};
}

void on_error(rd_kafka_t*, int, const char* reason, void* opaque) { static_cast<KafkaTrouble*>(opaque)->note(reason); }

// The same complaints come to on_error; librdkafka must not write to standard error by itself.
void on_log(const rd_kafka_t*, int, const char*, const char*) {}

}  // namespace

void KafkaTrouble::note(std::string text) {
  const std::lock_guard lock(mutex_);
  // "all brokers are down" only sums up what was told better before.
  if (text_.empty() || text.find("brokers are down") == std::string::npos) text_ = std::move(text);
}

void KafkaTrouble::clear() {
  const std::lock_guard lock(mutex_);
  text_.clear();
}

std::string KafkaTrouble::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

core::Result<KafkaConsumer> make_consumer(const KafkaOptions& options, std::shared_ptr<KafkaTrouble> trouble) {
  const auto allowed = refuse_fixed(options);
  if (!allowed) return tl::unexpected(allowed.error());
  KafkaConf conf(rd_kafka_conf_new());
  std::array<char, 512> why{};
  for (const auto& [name, value] : effective(options)) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK)
      continue;
    return core::fail(fmt::format("source {}: the Kafka property {} is not accepted{}", options.source, name,
                                  may_be_secret(name) ? "" : fmt::format(": {}", why.data())));
  }
  rd_kafka_conf_set_opaque(conf.get(), trouble.get());
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  rd_kafka_conf_set_log_cb(conf.get(), on_log);
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), why.data(), why.size());
  if (consumer == nullptr) return core::fail(fmt::format("source {}: Kafka: {}", options.source, why.data()));
  static_cast<void>(conf.release());  // the consumer's now
  rd_kafka_poll_set_consumer(consumer);
  // The consumer keeps `trouble`, for as long as fetched messages keep the consumer.
  return KafkaConsumer(consumer, [kept = std::move(trouble)](rd_kafka_t* last) { DestroyConsumer{}(last); });
}

}  // namespace ingest

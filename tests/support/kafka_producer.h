// Writes messages to Kafka for tests, as a producer of events would.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test_support {

struct KafkaMessage {
  std::string topic;
  std::string value;
  std::optional<std::int32_t> partition;  ///< Else the partitioner's choice by key (murmur2, like Kafka's own).
  std::string key;
  std::vector<std::pair<std::string, std::string>> headers;
  std::int64_t time_ms = 0;  ///< 0: now
};

/// Every call throws std::runtime_error if the broker does not do what is asked. Confined to one thread.
class KafkaProducer {
 public:
  explicit KafkaProducer(const std::string& brokers, const std::map<std::string, std::string>& properties = {});
  ~KafkaProducer();

  void send(const KafkaMessage& message);
  void flush();  ///< Until the broker has all of them.

  /// With the property transactional.id: each call is a whole step.
  void begin();
  void commit();
  void abort();

  rd_kafka_t* handle() const { return producer_; }

 private:
  rd_kafka_t* producer_;
};

}  // namespace test_support

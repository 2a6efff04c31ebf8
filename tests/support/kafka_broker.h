// Real Kafka brokers on free loopback ports, for the time of a test.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tests/support/kafka_producer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace test_support {

/// One node (KRaft, broker and controller) from Apache Kafka's jars, which tests/support/kafka/fetch.sh brings into
/// $FLOORWATCH_KAFKA_LIBS or build/kafka. The same ports and data over stops and starts. It answers after some 4 s and
/// takes some 400 MB. Everything throws std::runtime_error if it cannot be done. Confined to one thread.
class KafkaBroker {
 public:
  KafkaBroker();  ///< Starts it and waits until it answers.
  /// Node 2 of the cluster whose node 1 and controller is `first`, which outlives it.
  explicit KafkaBroker(const KafkaBroker& first);
  ~KafkaBroker();

  /// Whether there is Java and the jars are there, or can be fetched: else a test should be skipped.
  static bool available();

  std::string brokers() const;       ///< "127.0.0.1:PORT", without credentials
  std::string sasl_brokers() const;  ///< SASL_PLAINTEXT, mechanism PLAIN, user "alice", password "right-password"

  void start();
  void stop();   ///< In order.
  void kill();   ///< As kill -9.
  void pause();  ///< It answers nothing, its connections stay.
  void resume();

  /// Topics keep the broker's append time unless `config` says message.timestamp.type=CreateTime.
  void create_topic(const std::string& name, int partitions, const std::map<std::string, std::string>& config = {});
  /// One partition on both nodes, the other one than this node leads.
  void create_topic_led_by_the_other(const std::string& name);
  void delete_topic(const std::string& name);
  void set_partitions(const std::string& name, int total);
  void delete_records(const std::string& topic, std::int32_t partition, std::int64_t before);

  /// What a group has committed; -1001 if nothing.
  std::int64_t group_offset(const std::string& group, const std::string& topic, std::int32_t partition);

 private:
  KafkaBroker(int node, int controller_port);
  void write_properties() const;
  void wait_until_it_answers();
  KafkaProducer& admin();

  TempDir dir_;
  const int node_;
  int port_, controller_port_, sasl_port_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<KafkaProducer> admin_;
};

}  // namespace test_support

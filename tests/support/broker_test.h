// Tests on a real broker, which the tests of a program share, each with a topic name of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_producer.h"

namespace test_support {

/// Skipped where there can be no broker: a SetUp() that goes on asks IsSkipped().
class BrokerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (KafkaBroker::available()) broker_ = std::make_unique<KafkaBroker>();
  }
  static void TearDownTestSuite() { broker_.reset(); }

  void SetUp() override {
    if (!broker_) GTEST_SKIP() << "no Java, or the broker's jars cannot be fetched";
    topic_ = testing::UnitTest::GetInstance()->current_test_info()->name();
  }

  /// As one source that the service reads.
  std::string source_of_topic() const {
    return "  - name: log\n    kafka: {brokers: \"" + broker_->brokers() + "\", topics: [" + topic_ + "]}\n";
  }
  /// Spread over the partitions without regard to the entities: every event may be read far from its home. `first`: the
  /// number of the first message, by which the partitions go.
  void spread(std::span<const std::string> messages, int partitions, std::size_t first = 0) {
    KafkaProducer producer(broker_->brokers());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const auto partition = static_cast<std::int32_t>(first + i) % partitions;
      producer.send({.topic = topic_, .value = messages[i], .partition = partition, .key = {}, .headers = {}});
    }
    producer.flush();
  }

  static inline std::unique_ptr<KafkaBroker> broker_;
  std::string topic_;
};

}  // namespace test_support

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "ingest/kafka_source.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_producer.h"
#include "tests/support/sanitized.h"

namespace ingest {
namespace {

using test_support::KafkaBroker;
using test_support::KafkaProducer;

constexpr int kMessages = 800'000, kPartitions = 4;
constexpr int kRounds = 3;

/// About a microsecond of work per message, as a pipeline does: a reader that only counts never lets the queue fill.
std::uint64_t work_on(const core::RawBatch& batch) {
  std::uint64_t hash = 14695981039346656037u;
  for (const auto& message : batch.messages)
    for (int pass = 0; pass < 4; ++pass)
      for (const char byte : message.value) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  return hash;
}

/// Messages per second of reading the whole topic.
double speed_of(const std::string& brokers, const std::string& queue_kbytes) {
  KafkaOptions options;
  options.source = "test", options.brokers = brokers, options.topics = {"speed"}, options.bounded = true;
  options.properties = {{"queued.max.messages.kbytes", queue_kbytes}, {"queued.min.messages", "10000000"}};
  KafkaSource source(options);
  if (!source.start({})) return 0;
  std::size_t count = 0;
  std::chrono::steady_clock::time_point begin;
  for (auto state = core::Source::State::kMore; state != core::Source::State::kFinished;) {
    core::RawBatch batch;
    const auto polled = source.poll(batch, core::Millis{100});
    if (!polled) return 0;
    if (count == 0) begin = std::chrono::steady_clock::now();
    count += batch.messages.size();
    if (work_on(batch) == 0) return 0;
    state = *polled;
  }
  EXPECT_EQ(count, static_cast<std::size_t>(kMessages));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(count) / taken.count();
}

// librdkafka's issue 3662: without the scout's questions a full queue costs nine tenths of the speed.
TEST(KafkaThroughputTest, ASmallQueueReachesFourFifthsOfALargeOne) {
  if (!KafkaBroker::available()) GTEST_SKIP() << "no Java, or the broker's jars cannot be fetched";
  if (test_support::kSanitized) GTEST_SKIP() << "a sanitizer's speed is not the program's";
  KafkaBroker broker;
  broker.create_topic("speed", kPartitions);
  KafkaProducer producer(broker.brokers(), {{"batch.num.messages", "1000"}});
  for (int i = 0; i < kMessages; ++i)
    producer.send(
        {.topic = "speed", .value = std::string(260, 'x'), .partition = i % kPartitions, .key = {}, .headers = {}});
  producer.flush();
  double small = 0, large = 0;  // the best of rounds in turn, as other work on the machine only slows
  for (int round = 0; round < kRounds; ++round) {
    large = std::max(large, speed_of(broker.brokers(), "1048576"));
    small = std::max(small, speed_of(broker.brokers(), "16384"));
  }
  RecordProperty("small_queue_per_second", static_cast<int>(small));
  RecordProperty("large_queue_per_second", static_cast<int>(large));
  EXPECT_GT(small, 0.8 * large) << "small " << small << "/s, large " << large << "/s";
}

}  // namespace
}  // namespace ingest

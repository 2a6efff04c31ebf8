// Two brokers: the one that leads a partition is killed while the service reads, and the other one takes over.
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "tests/support/kafka_broker.h"
#include "tests/support/service.h"

namespace {

using test_support::comes_true;
using test_support::http_get;
using test_support::KafkaBroker;
using test_support::ServedFloor;

class LeaderChange : public testing::Test {
 protected:
  void SetUp() override {
    if (!KafkaBroker::available()) GTEST_SKIP() << "no Java, or the broker's jars cannot be fetched";
    first = std::make_unique<KafkaBroker>();
    second = std::make_unique<KafkaBroker>(*first);
    first->create_topic_led_by_the_other("events");
    service.configure("  - name: log\n    kafka: {brokers: \"" + brokers() + "\", topics: [events]}\n");
    ASSERT_EQ(
        service.command({"generate", "--visits", "200", "--seed", "4", "--output", service.log(), "--quiet"}).status,
        0);
    lines = service.log_lines();
  }
  std::string brokers() const { return first->brokers() + "," + second->brokers(); }
  void send(std::size_t from, std::size_t to) {
    test_support::KafkaProducer producer(brokers());
    for (std::size_t i = from; i < to; ++i) {
      producer.send({.topic = "events", .value = lines[i], .partition = 0, .key = {}, .headers = {}});
    }
    producer.flush();
  }

  std::unique_ptr<KafkaBroker> first, second;
  test_support::Service service{FLOORWATCH_BINARY};
  std::vector<std::string> lines;
};

TEST_F(LeaderChange, AfterTheDeadLeaderTheNextOneIsReadWithoutLossOrRepetition) {
  send(0, 1000);
  ServedFloor floor = service.run();
  EXPECT_TRUE(comes_true([&] { return service.counts("log").received == 1000; })) << floor.said();
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); })) << floor.said();
  second->kill();
  send(1000, lines.size());
  EXPECT_TRUE(comes_true([&] { return service.counts("log").received == lines.size(); })) << floor.said();
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); }))
      << http_get(floor.port(), "/readyz").body;
  second->start();
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  const core::EventCounts counts = service.counts("log");
  EXPECT_EQ(counts.received, lines.size());
  EXPECT_EQ(counts.received, counts.applied + counts.duplicate + counts.rejected + counts.skipped);
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
}

}  // namespace

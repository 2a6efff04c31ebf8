// `floorwatch run` on a real broker: says why it is not ready, becomes ready, stops, is killed and goes on exactly.
#include <gtest/gtest.h>

#include <csignal>
#include <span>
#include <string>
#include <vector>

#include "tests/support/broker_test.h"
#include "tests/support/service.h"

namespace {

using test_support::comes_true;
using test_support::http_get;
using test_support::KafkaBroker;
using test_support::KafkaProducer;
using test_support::ServedFloor;

class RunKafka : public test_support::BrokerTest {
 protected:
  void SetUp() override {
    BrokerTest::SetUp();
    if (IsSkipped()) return;
    service.configure(source_of_topic());
    ASSERT_EQ(service.command({"generate", "--visits", "500", "--seed", "12", "--duplicates", "0.02", "--output",
                               service.log(), "--quiet"}).status, 0);
    lines = service.log_lines();
  }
  void send(std::size_t from, std::size_t to, int partitions) {
    spread(std::span(lines).subspan(from, to - from), partitions, from);
  }
  bool keeps(std::uint64_t received) const {
    return comes_true([&] { return service.counts("log").received == received; });
  }
  static bool not_ready_for(std::uint16_t port, const std::string& reason) {
    return comes_true([&] {
      const auto answer = http_get(port, "/readyz");
      return answer.status == 503 && answer.body.find(reason) != std::string::npos;
    });
  }

  test_support::Service service{FLOORWATCH_BINARY};
  std::vector<std::string> lines;
};

TEST_F(RunKafka, IsReadyOnceTheMissingTopicIsThereAndRead) {
  ServedFloor floor = service.run();
  EXPECT_EQ(http_get(floor.port(), "/healthz").status, 200U) << "it lives while it waits";
  EXPECT_TRUE(not_ready_for(floor.port(), topic_)) << http_get(floor.port(), "/readyz").body;
  EXPECT_TRUE(floor.comes_to_say(topic_)) << "and the log says which topic is missing";
  broker_->create_topic(topic_, 3);
  send(0, lines.size(), 3);
  EXPECT_TRUE(keeps(lines.size())) << floor.said();
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); })) << http_get(floor.port(), "/readyz").body;
  EXPECT_TRUE(comes_true([&] { return test_support::metric(floor.port(), "floorwatch_consumer_lag_events{source=\"log\"}") == 0; }));
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
}

TEST_F(RunKafka, WaitsForABrokerThatIsAbsentAndComesBackToOneThatWasLost) {
  broker_->create_topic(topic_, 2);
  send(0, 1000, 2);
  broker_->stop();
  ServedFloor floor = service.run();
  EXPECT_TRUE(not_ready_for(floor.port(), "no answer from Kafka")) << http_get(floor.port(), "/readyz").body;
  broker_->start();
  EXPECT_TRUE(keeps(1000)) << floor.said();
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); })) << http_get(floor.port(), "/readyz").body;
  broker_->kill();
  EXPECT_TRUE(not_ready_for(floor.port(), "no answer from Kafka")) << http_get(floor.port(), "/readyz").body;
  broker_->start();
  send(1000, 2000, 2);
  EXPECT_TRUE(keeps(2000)) << floor.said();
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
}

TEST_F(RunKafka, StoppedAndKilledItGoesOnExactly) {
  broker_->create_topic(topic_, 4);
  const std::size_t steps[] = {0, 1500, 3000, lines.size()};
  for (std::size_t i = 0; i < 3; ++i) {
    send(steps[i], steps[i + 1], 4);
    ServedFloor floor = service.run();
    EXPECT_TRUE(comes_true([&] { return service.counts("log").received > steps[i]; })) << floor.said();
    if (i == 0) {
      EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
    } else {
      EXPECT_EQ(floor.process().end(SIGKILL), 128 + SIGKILL);
    }
  }
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(lines.size())) << floor.said();
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
  const core::EventCounts counts = service.counts("log");
  EXPECT_EQ(counts.received, counts.applied + counts.duplicate + counts.rejected + counts.skipped);
  EXPECT_GT(counts.duplicate, 0U);
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
  const auto replayed = service.command({"replay", "--config", service.config(), "--store", "sqlite:" + (service.folder() / "kafka.db")});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_EQ(service.digest("sqlite:" + (service.folder() / "kafka.db")), service.digest()) << "of the topic";
}

TEST_F(RunKafka, OffsetsThatExpiredWhileItWasDownEndItAndAreNamed) {
  broker_->create_topic(topic_, 1);
  send(0, 1000, 1);
  {
    ServedFloor floor = service.run();
    EXPECT_TRUE(keeps(1000)) << floor.said();
    EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  }
  send(1000, 2000, 1);
  broker_->delete_records(topic_, 0, 1500);
  const std::string before = service.digest();
  const auto ran = service.command({"run", "--config", service.config()});
  EXPECT_EQ(ran.status, 3);
  EXPECT_NE(ran.err.find(topic_ + "/0: offsets 1000 to 1499 are gone"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("begin a new store"), std::string::npos) << "and what to do: " << ran.err;
  EXPECT_EQ(service.counts("log").received, 1000U) << "nothing behind the gap was read";
  EXPECT_EQ(service.digest(), before);
}

TEST_F(RunKafka, ADeletedTopicIsToldWhileItServesAndOneMadeAnewIsNotTakenForIt) {
  broker_->create_topic(topic_, 1);
  send(0, 1000, 1);
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1000)) << floor.said();
  const std::string before = service.digest();
  broker_->delete_topic(topic_);
  EXPECT_TRUE(not_ready_for(floor.port(), "topic " + topic_ + " does not exist")) << floor.said();
  EXPECT_EQ(http_get(floor.port(), "/healthz").status, 200U);
  broker_->create_topic(topic_, 1);
  send(0, 10, 1);
  ASSERT_TRUE(floor.process().ends_within(core::Millis{60'000})) << floor.said();
  EXPECT_EQ(floor.process().wait(), 3);
  EXPECT_TRUE(floor.says("offset 1000 was to be read next, but the log ends at")) << floor.said();
  EXPECT_EQ(service.counts("log").received, 1000U);
  EXPECT_EQ(service.digest(), before);
}

TEST_F(RunKafka, DeadLettersAreKeptWithTopicPartitionAndOffset) {
  broker_->create_topic(topic_, 2);
  KafkaProducer producer(broker_->brokers());
  producer.send({.topic = topic_, .value = lines[0], .partition = 1, .key = {}, .headers = {}});
  producer.send({.topic = topic_, .value = "nonsense", .partition = 1, .key = {}, .headers = {}});
  producer.flush();
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(2)) << floor.said();
  const auto letters = service.dead_letters();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].position, topic_ + "/1/1");
  EXPECT_EQ(letters[0].content, "nonsense");
  EXPECT_EQ(test_support::metric(floor.port(), "floorwatch_events_rejected_total{source=\"log\",reason=\"" + letters[0].reason + "\"}"), 1);
}

TEST_F(RunKafka, ADeadLetterInBinaryModeIsRetriedWithItsHeaders) {
  service.configure("  - name: log\n    kafka: {brokers: \"" + broker_->brokers() + "\", topics: [" + topic_ +
                    "]}\n    clock_skew: 0s\n");
  broker_->create_topic(topic_, 1);
  KafkaProducer producer(broker_->brokers());
  const auto soon = std::chrono::floor<core::Millis>(std::chrono::system_clock::now()) + std::chrono::seconds(8);
  producer.send({.topic = topic_,
                 .value = R"({"visit":"v","queue":"sales","channel":"voice"})",
                 .partition = 0,
                 .key = {},
                 .headers = {{"ce_specversion", "1.0"},
                             {"ce_id", "1"},
                             {"ce_source", "/test & more"},
                             {"ce_type", "contact.queued"},
                             {"ce_time", core::format_rfc3339(core::EventTime{soon.time_since_epoch()})},
                             {"ce_subject", "v"},
                             {"content-type", "application/json"}}});
  producer.flush();
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(1)) << floor.said();
  const auto page = http_get(floor.port(), "/api/v1/dead-letters?reason=future_time");
  EXPECT_EQ(page.status, 200U) << page.body;
  EXPECT_NE(page.body.find("\"position\":\"" + topic_ + "/0/0\""), std::string::npos) << page.body;
  EXPECT_NE(page.body.find("ce_source=/test%20%26%20more&ce_type=contact.queued"), std::string::npos) << page.body;
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();

  const auto retry = [&] {
    return service.command({"dead-letters", "--store", service.store(), "--retry", "--config", service.config()}).out;
  };
  EXPECT_EQ(retry(), "retried=1 applied=0 duplicate=0 skipped=0 rejected=1\n") << "it is still in the future";
  std::string said;
  EXPECT_TRUE(comes_true([&] { return (said = retry()) == "retried=1 applied=1 duplicate=0 skipped=0 rejected=0\n"; }))
      << said;
  EXPECT_TRUE(service.dead_letters().empty());
  const core::EventCounts counts = service.counts("log");
  EXPECT_EQ(counts.received, 1U);
  EXPECT_EQ(counts.applied, 1U);
  EXPECT_EQ(counts.rejected, 0U);
  EXPECT_EQ(counts.rejected_by.at("future_time"), 0U);
  ServedFloor again = service.run();
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(again.port()); })) << again.said();
  EXPECT_EQ(test_support::metric(again.port(),
                                 "floorwatch_contacts_offered_total{client=\"default\",queue=\"sales\","
                                 "channel=\"voice\"}"),
            1)
      << http_get(again.port(), "/metrics").body;
}

}  // namespace

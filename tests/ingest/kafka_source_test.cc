// Against librdkafka's mock cluster: what a real broker cannot be brought to do at will. The real broker's tests are
// tests/integration/kafka_source_test.cc.
#include "ingest/kafka_source.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>

#include "tests/support/kafka_producer.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/process.h"

namespace ingest {
namespace {

using core::Millis;
using test_support::KafkaProducer;
using test_support::KafkaReading;

class KafkaSourceTest : public testing::Test {
 protected:
  KafkaSourceTest()
      : host_("nowhere", {{"test.mock.num.brokers", "2"}}), cluster_(rd_kafka_handle_mock_cluster(host_.handle())) {
    rd_kafka_mock_topic_create(cluster_, "t", 2, 1);
    rd_kafka_mock_partition_set_leader(cluster_, "t", 0, 1);
    rd_kafka_mock_partition_set_leader(cluster_, "t", 1, 2);
    options_.source = "test";
    options_.brokers = rd_kafka_mock_cluster_bootstraps(cluster_);
    options_.topics = {"t"};
    options_.look_around = Millis{50};
    producer_ = std::make_unique<KafkaProducer>(options_.brokers);
  }

  void send(int from, int to, std::int32_t partition) {
    for (int i = from; i < to; ++i)
      producer_->send({.topic = "t", .value = std::to_string(i), .partition = partition, .key = {}, .headers = {}});
    producer_->flush();
  }

  std::unique_ptr<KafkaSource> started() const {
    auto source = std::make_unique<KafkaSource>(options_);
    const auto begun = source->start({});
    EXPECT_TRUE(begun) << begun.error().message;
    return source;
  }

  KafkaProducer host_;
  rd_kafka_mock_cluster_t* cluster_;  // the host's
  KafkaOptions options_;
  std::unique_ptr<KafkaProducer> producer_;
};

TEST_F(KafkaSourceTest, ReadsAllPartitionsOfAllBrokers) {
  send(0, 100, 0);
  send(100, 200, 1);
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return source->health().caught_up; }));
  EXPECT_EQ(reading.messages.size(), 200u);
}

TEST_F(KafkaSourceTest, ErrorsOfSingleRequestsAreGotOver) {
  send(0, 100, 0);
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_messages(*source, 100));
  rd_kafka_mock_push_request_errors(cluster_, 1 /* Fetch */, 4, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                    RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                                    RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  rd_kafka_mock_push_request_errors(cluster_, 2 /* ListOffsets */, 2, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                    RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE);
  send(100, 200, 0);
  ASSERT_TRUE(reading.read_messages(*source, 200));
  EXPECT_FALSE(reading.final_failure());
}

TEST_F(KafkaSourceTest, ErrorsWhenTheOffsetsAreLookedUpAreGotOver) {
  send(0, 10, 0);
  rd_kafka_mock_push_request_errors(cluster_, 2 /* ListOffsets */, 3, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                    RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR__TRANSPORT);
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_messages(*source, 10));
}

TEST_F(KafkaSourceTest, AMovedLeaderLosesNothing) {
  send(0, 100, 0);
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_messages(*source, 100));
  rd_kafka_mock_partition_set_leader(cluster_, "t", 0, 2);
  send(100, 200, 0);
  ASSERT_TRUE(reading.read_messages(*source, 200));
}

TEST_F(KafkaSourceTest, ABrokerThatIsDownStopsOnlyItsPartitions) {
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return source->health().caught_up; }));
  rd_kafka_mock_broker_set_down(cluster_, 2);
  send(0, 50, 0);
  ASSERT_TRUE(reading.read_messages(*source, 50));
  ASSERT_TRUE(reading.read_until(*source, [&] { return !reading.states.at("t/1").end_read; }));
  EXPECT_NE(source->health().message.find("leads t/1 does not answer"), std::string::npos) << source->health().message;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.states.at("t/0").end_read.has_value(); }));
  rd_kafka_mock_broker_set_up(cluster_, 2);
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.states.at("t/1").end_read.has_value(); }))
      << "asked anew, it says again that there is nothing";
  send(50, 100, 1);
  ASSERT_TRUE(reading.read_messages(*source, 100));
}

TEST_F(KafkaSourceTest, NoPermissionIsToldAndGotOver) {
  send(0, 10, 0);
  rd_kafka_mock_topic_set_error(cluster_, "t", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.failure.has_value(); }));
  EXPECT_TRUE(reading.failure->retry_after);
  EXPECT_NE(reading.failure->message.find("topic t cannot be read"), std::string::npos) << reading.failure->message;
  EXPECT_NE(reading.failure->message.find("authorization failed"), std::string::npos) << reading.failure->message;
  rd_kafka_mock_topic_set_error(cluster_, "t", RD_KAFKA_RESP_ERR_NO_ERROR);
  ASSERT_TRUE(reading.read_messages(*source, 10));
}

TEST_F(KafkaSourceTest, PropertiesThatDeliveryRestsUponAreRefused) {
  for (const char* name :
       {"enable.auto.commit", "auto.offset.reset", "enable.partition.eof", "group.id", "bootstrap.servers"}) {
    options_.properties = {{name, "earliest"}};
    const auto begun = KafkaSource(options_).start({});
    ASSERT_FALSE(begun) << name;
    EXPECT_FALSE(begun.error().retry_after);
    EXPECT_NE(begun.error().message.find(name), std::string::npos);
  }
}

TEST_F(KafkaSourceTest, AWrongPropertyIsNamedAndASecretIsNot) {
  options_.properties = {{"no.such.property", "x"}};
  auto begun = KafkaSource(options_).start({});
  ASSERT_FALSE(begun);
  EXPECT_NE(begun.error().message.find("no.such.property"), std::string::npos);

  options_.properties = {{"security.protocol", "SSL"}, {"ssl.key.pem", "hush-hush"}};
  begun = KafkaSource(options_).start({});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().message.find("hush"), std::string::npos) << begun.error().message;
}

TEST_F(KafkaSourceTest, NobodyAtTheAddressIsATemporaryFailureThatNamesIt) {
  options_.brokers = "127.0.0.1:" + std::to_string(test_support::free_port());
  const auto source = started();
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.failure.has_value(); }));
  EXPECT_TRUE(reading.failure->retry_after);
  EXPECT_NE(reading.failure->message.find(options_.brokers), std::string::npos);
  EXPECT_FALSE(source->health().connected);
  EXPECT_FALSE(source->health().message.empty());
}

TEST_F(KafkaSourceTest, StoppingBeforeAnythingHappenedIsFine) {
  {
    KafkaSource never_started(options_);
  }
  const auto source = started();
  source->stop();
  source->stop();
  EXPECT_FALSE(source->health().connected);
}

}  // namespace
}  // namespace ingest

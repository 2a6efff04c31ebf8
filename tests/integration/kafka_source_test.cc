#include "ingest/kafka_source.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "tests/support/broker_test.h"
#include "tests/support/kafka_reading.h"

namespace ingest {
namespace {

using core::Millis;
using State = core::Source::State;
using test_support::KafkaBroker;
using test_support::KafkaProducer;
using test_support::KafkaReading;
using Values = std::vector<std::string>;

class KafkaSourceBrokerTest : public test_support::BrokerTest {
 protected:
  /// A topic named as the test, with a producer.
  void create_topic(int partitions, const std::map<std::string, std::string>& config = {}) {
    broker_->create_topic(topic_, partitions, config);
    producer_ = std::make_unique<KafkaProducer>(broker_->brokers());
  }

  void send(int from, int to, std::int32_t partition = 0) {
    for (int i = from; i < to; ++i)
      producer_->send({.topic = topic_, .value = std::to_string(i), .partition = partition, .key = {}, .headers = {}});
    producer_->flush();
  }

  KafkaOptions options() const {
    KafkaOptions options;
    options.source = "test";
    options.brokers = broker_->brokers();
    options.topics = {topic_};
    options.look_around = Millis{200};
    return options;
  }
  KafkaOptions bounded() const {
    auto wanted = options();
    wanted.bounded = true;
    return wanted;
  }

  static std::unique_ptr<KafkaSource> started(const KafkaOptions& options, const core::ResumePoints& resume = {}) {
    auto source = std::make_unique<KafkaSource>(options);
    const auto begun = source->start(resume);
    EXPECT_TRUE(begun) << begun.error().message;
    return source;
  }

  static KafkaReading read_all(const KafkaOptions& options, const core::ResumePoints& resume = {}) {
    const auto source = started(options, resume);
    KafkaReading reading;
    EXPECT_TRUE(reading.read_to_end(*source)) << (reading.failure ? reading.failure->message : "");
    return reading;
  }

  static Values numbers(int from, int to) {
    Values all;
    for (int i = from; i < to; ++i) all.push_back(std::to_string(i));
    return all;
  }

  std::string partition(int number) const { return fmt::format("{}/{}", topic_, number); }

  std::unique_ptr<KafkaProducer> producer_;
};

TEST_F(KafkaSourceBrokerTest, GivesEveryPartitionInItsOrderAndThenTheEvidenceOfTheEnd) {
  create_topic(3);
  for (int p = 0; p < 3; ++p) send(1000 * p, 1000 * p + 500, p);
  const auto source = started(options());
  KafkaReading reading;
  // That nothing is left is known before the broker has said so of each end.
  ASSERT_TRUE(reading.read_until(*source, [&] {
    return source->health().caught_up &&
           std::ranges::all_of(reading.states, [](const auto& state) { return state.second.end_read.has_value(); });
  }));
  ASSERT_EQ(reading.states.size(), 3U);
  for (int p = 0; p < 3; ++p) {
    EXPECT_EQ(reading.values(partition(p)), numbers(1000 * p, 1000 * p + 500));
    const auto& state = reading.states.at(partition(p));
    EXPECT_EQ(state.key, fmt::format("kafka:test/{}/{}", topic_, p));
    EXPECT_EQ(state.next_offset, 500);
    EXPECT_EQ(state.lag, 0);
  }
  EXPECT_TRUE(source->health().connected);

  send(7, 8, 1);
  ASSERT_TRUE(reading.read_messages(*source, 1501));
  EXPECT_FALSE(reading.failure);
  EXPECT_FALSE(reading.states.at(partition(1)).end_read && reading.states.at(partition(1)).next_offset < 501);
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.states.at(partition(1)).end_read.has_value(); }));
}

TEST_F(KafkaSourceBrokerTest, AppendTimeIsTheBrokersWhereTheTopicKeepsIt) {
  create_topic(1);
  producer_->send({.topic = topic_, .value = "x", .partition = 0, .key = {}, .headers = {}, .time_ms = 1'000'000});
  producer_->flush();
  const auto before = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  const auto reading = read_all(bounded());
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_LE(reading.messages[0].appended, before);
  EXPECT_GT(reading.messages[0].appended, before - std::chrono::minutes(1));
}

TEST_F(KafkaSourceBrokerTest, WithCreateTimeTheTimeOfFetchingHolds) {
  create_topic(1, {{"message.timestamp.type", "CreateTime"}});
  producer_->send({.topic = topic_, .value = "x", .partition = 0, .key = {}, .headers = {}, .time_ms = 1'000'000});
  producer_->flush();
  const auto before = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  const auto reading = read_all(bounded());
  ASSERT_EQ(reading.messages.size(), 1u);
  EXPECT_GE(reading.messages[0].appended, before);
}

TEST_F(KafkaSourceBrokerTest, HeadersAreThereAndStructuredEventsNeedNone) {
  create_topic(1);
  const std::string structured = R"({"specversion":"1.0","id":"1"})";
  producer_->send(
      {.topic = topic_, .value = "{}", .partition = 0, .key = "k", .headers = {{"ce_id", "7"}, {"ce_type", ""}}});
  producer_->send(
      {.topic = topic_, .value = structured, .partition = 0, .key = "k", .headers = {{"traceparent", "t"}}});
  producer_->send({.topic = topic_, .value = "", .partition = 0, .key = "k", .headers = {}});
  producer_->flush();
  const auto reading = read_all(bounded());
  ASSERT_EQ(reading.messages.size(), 3u);
  EXPECT_EQ(reading.messages[0].headers, (std::map<std::string, std::string>{{"ce_id", "7"}, {"ce_type", ""}}));
  EXPECT_TRUE(reading.messages[1].headers.empty());
  EXPECT_TRUE(reading.messages[2].headers.empty());
}

TEST_F(KafkaSourceBrokerTest, GoesOnWhereTheResumePointsStand) {
  create_topic(2);
  send(0, 100, 0);
  send(100, 200, 1);
  const auto first = read_all(bounded());
  EXPECT_EQ(first.messages.size(), 200u);
  send(200, 250, 0);
  const auto rest = read_all(bounded(), first.points);
  EXPECT_EQ(rest.values(), numbers(200, 250));
  EXPECT_EQ(rest.messages[0].offset, 100);
  EXPECT_TRUE(read_all(bounded(), rest.points).messages.empty());
}

TEST_F(KafkaSourceBrokerTest, LatestIsWhereANewStoreBeginsAndNewPartitionsBeginAtTheirFirstMessage) {
  create_topic(1);
  send(0, 10);
  auto latest = options();
  latest.start = KafkaOptions::Start::kLatest;
  const auto source = started(latest);
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.states.contains(partition(0)); }));
  EXPECT_EQ(reading.points.begin()->second.next_offset, 10);
  send(10, 20);
  broker_->set_partitions(topic_, 3);
  producer_ = std::make_unique<KafkaProducer>(broker_->brokers());
  send(100, 110, 2);
  ASSERT_TRUE(reading.read_messages(*source, 20));
  EXPECT_EQ(reading.values(partition(0)), numbers(10, 20));
  EXPECT_EQ(reading.values(partition(2)), numbers(100, 110));

  // After a restart a partition that appeared meanwhile is not skipped either.
  broker_->set_partitions(topic_, 4);
  producer_ = std::make_unique<KafkaProducer>(broker_->brokers());
  send(200, 205, 3);
  latest.bounded = true;
  EXPECT_EQ(read_all(latest, reading.points).values(), numbers(200, 205));
}

TEST_F(KafkaSourceBrokerTest, ABoundedReadingEndsWhereTheLogEndedAtItsStart) {
  create_topic(2);
  send(0, 100, 0);
  const auto source = started(bounded());
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return !reading.states.empty(); }));
  send(100, 150, 0);
  send(0, 50, 1);
  ASSERT_TRUE(reading.read_to_end(*source));
  EXPECT_EQ(reading.values(), numbers(0, 100));
  EXPECT_EQ(reading.states.at(partition(0)).next_offset, 100);
}

TEST_F(KafkaSourceBrokerTest, MarkersAndAbortedTransactionsAreHolesOfTheLog) {
  create_topic(1);
  producer_ = std::make_unique<KafkaProducer>(broker_->brokers(),
                                              std::map<std::string, std::string>{{"transactional.id", topic_}});
  producer_->begin(), send(0, 5), producer_->commit();
  producer_->begin(), send(90, 95), producer_->abort();
  producer_->begin(), send(5, 8), producer_->commit();
  const auto reading = read_all(bounded());
  EXPECT_FALSE(reading.failure);
  EXPECT_EQ(reading.values(), numbers(0, 8));
  EXPECT_EQ(reading.points.begin()->second.next_offset, 16) << "past the last marker";
}

TEST_F(KafkaSourceBrokerTest, WhatIsGoneBeforeItWasReadIsAFinalFailureThatNamesTheOffsets) {
  create_topic(1);
  send(0, 100);
  broker_->delete_records(topic_, 0, 60);
  EXPECT_EQ(read_all(bounded()).values(), numbers(60, 100)) << "a new store begins with what is there";
  const auto source = started(options(), {{fmt::format("kafka:test/{}/0", topic_), {50, 0}}});
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.final_failure(); }));
  EXPECT_NE(reading.failure->message.find(topic_ + "/0: offsets 50 to 59 are gone"), std::string::npos)
      << reading.failure->message;
  EXPECT_TRUE(reading.messages.empty());
}

TEST_F(KafkaSourceBrokerTest, ATopicThatWasMadeAnewIsAFinalFailure) {
  create_topic(1);
  send(0, 10);
  const auto source = started(options(), {{fmt::format("kafka:test/{}/0", topic_), {50, 0}}});
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.final_failure(); }));
  EXPECT_NE(reading.failure->message.find("the log ends at 10"), std::string::npos) << reading.failure->message;
}

TEST_F(KafkaSourceBrokerTest, AMissingTopicIsWaitedForAndEndsABoundedReading) {
  KafkaReading reading;
  {
    const auto source = started(bounded());
    ASSERT_TRUE(reading.read_to_end(*source));
    ASSERT_TRUE(reading.final_failure());
    EXPECT_NE(reading.failure->message.find("topic " + topic_ + " does not exist"), std::string::npos);
  }
  const auto source = started(options());
  reading = {};
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.failure.has_value(); }));
  EXPECT_TRUE(reading.failure->retry_after);
  EXPECT_FALSE(source->health().connected);
  EXPECT_NE(source->health().message.find("does not exist"), std::string::npos);
  create_topic(1);
  send(0, 10);
  ASSERT_TRUE(reading.read_messages(*source, 10));
  EXPECT_EQ(reading.values(), numbers(0, 10));
}

TEST_F(KafkaSourceBrokerTest, WrongCredentialsAreToldWithoutThem) {
  create_topic(1);
  send(0, 10);
  auto secured = options();
  secured.brokers = broker_->sasl_brokers();
  secured.properties = {{"security.protocol", "SASL_PLAINTEXT"},
                        {"sasl.mechanism", "PLAIN"},
                        {"sasl.username", "alice"},
                        {"sasl.password", "wrong-password"}};
  {
    const auto source = started(secured);
    KafkaReading reading;
    ASSERT_TRUE(reading.read_until(*source, [&] {
      return reading.failure && reading.failure->message.find("uthentication") != std::string::npos;
    })) << (reading.failure ? reading.failure->message : "no failure");
    EXPECT_TRUE(reading.failure->retry_after);
    EXPECT_EQ(reading.failure->message.find("wrong-password"), std::string::npos);
  }
  secured.properties["sasl.password"] = "right-password";
  secured.bounded = true;
  EXPECT_EQ(read_all(secured).values(), numbers(0, 10));
}

TEST_F(KafkaSourceBrokerTest, ALostBrokerIsToldAndReadingGoesOnWithoutLossOrRepetition) {
  create_topic(2);
  send(0, 1000, 0);
  const auto source = started(options());
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] {
    return reading.states.contains(partition(0)) && reading.messages.size() == 1000 &&
           reading.states.at(partition(0)).end_read.has_value();
  }));

  broker_->kill();
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.failure.has_value(); }));
  EXPECT_TRUE(reading.failure->retry_after);
  // The client's own words of the loss may come first.
  EXPECT_TRUE(reading.read_until(*source, [&] {
    return !source->health().connected && !reading.states.at(partition(0)).end_read;
  })) << "nobody knows whether there is more";

  const auto back = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  broker_->start();
  producer_ = std::make_unique<KafkaProducer>(broker_->brokers());
  send(1000, 1500, 0);
  ASSERT_TRUE(reading.read_messages(*source, 1500));
  EXPECT_EQ(reading.values(), numbers(0, 1500));
  ASSERT_TRUE(reading.read_until(*source, [&] {
    return source->health().connected && reading.states.at(partition(0)).end_read &&
           reading.states.at(partition(1)).end_read;
  }));
  EXPECT_GE(*reading.states.at(partition(1)).end_read, back) << "what was seen before the outage is no evidence";
}

TEST_F(KafkaSourceBrokerTest, ABrokerThatIsAbsentAtTheStartIsWaitedFor) {
  create_topic(1);
  send(0, 10);
  broker_->stop();
  const auto source = started(options());
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return reading.failure.has_value(); }));
  EXPECT_TRUE(reading.failure->retry_after);
  EXPECT_NE(reading.failure->message.find(broker_->brokers()), std::string::npos) << reading.failure->message;
  broker_->start();
  ASSERT_TRUE(reading.read_messages(*source, 10));
}

TEST_F(KafkaSourceBrokerTest, ABrokerThatHangsIsNoQuietTopic) {
  create_topic(1);
  send(0, 10);
  const auto source = started(options());
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return source->health().caught_up; }));
  broker_->pause();
  const bool told = reading.read_until(*source, [&] { return reading.failure.has_value(); });
  const auto state = reading.states.at(partition(0));
  broker_->resume();
  EXPECT_TRUE(told);
  EXPECT_FALSE(state.end_read);
  EXPECT_TRUE(reading.read_until(*source, [&] { return reading.states.at(partition(0)).end_read.has_value(); }));
}

TEST_F(KafkaSourceBrokerTest, GroupOffsetsAreThereForLagTools) {
  create_topic(1);
  send(0, 30);
  const auto source = started(options());
  KafkaReading reading;
  ASSERT_TRUE(reading.read_messages(*source, 30));
  ASSERT_TRUE(reading.read_until(*source, [&] { return source->health().connected; }));
  source->committed({{fmt::format("kafka:test/{}/0", topic_), {25, 0}}});
  ASSERT_TRUE(reading.read_until(*source, [&] { return broker_->group_offset("floorwatch", topic_, 0) == 25; }));
}

TEST_F(KafkaSourceBrokerTest, BatchesOutliveTheSource) {
  create_topic(1);
  send(0, 100);
  auto source = started(bounded());
  std::vector<core::RawBatch> kept(1);
  while (*source->poll(kept.back(), Millis{100}) != State::kFinished) kept.emplace_back();
  source.reset();
  Values values;
  for (const auto& batch : kept)
    for (const auto& message : batch.messages) values.emplace_back(message.value);
  EXPECT_EQ(values, numbers(0, 100));
}

TEST_F(KafkaSourceBrokerTest, StopSoonEndsAWait) {
  create_topic(1);
  const auto source = started(options());
  KafkaReading reading;
  ASSERT_TRUE(reading.read_until(*source, [&] { return source->health().caught_up; }));
  std::thread stopper([&] { source->stop_soon(); });
  reading.poll(*source, std::chrono::seconds(600));
  stopper.join();
  EXPECT_EQ(reading.state, State::kIdle);
}

}  // namespace
}  // namespace ingest

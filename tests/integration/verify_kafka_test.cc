// `floorwatch verify` on topics of a real broker: beside a running service, with what has expired, and with what is
// gone.
#include <gtest/gtest.h>

#include <csignal>
#include <span>
#include <string>
#include <vector>

#include "tests/support/broker_test.h"
#include "tests/support/event_line.h"
#include "tests/support/service.h"

namespace {

using test_support::comes_true;
using test_support::KafkaBroker;
using test_support::KafkaProducer;
using test_support::Ran;
using test_support::ServedFloor;

class VerifyKafka : public test_support::BrokerTest {
 protected:
  void SetUp() override {
    BrokerTest::SetUp();
    if (IsSkipped()) return;
    service.configure(source_of_topic());
    ASSERT_EQ(
        service.command({"generate", "--visits", "300", "--seed", "7", "--output", service.log(), "--quiet"}).status,
        0);
    lines = service.log_lines();
    broker_->create_topic(topic_, 3);
  }

  void send(const std::vector<std::string>& messages, int partitions = 3) { spread(messages, partitions); }
  /// Runs the service until it has committed everything sent.
  void fill() {
    send(lines);
    ServedFloor floor = service.run();
    ASSERT_TRUE(comes_true([&] { return service.counts("log").received == lines.size(); })) << floor.said();
    ASSERT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  }
  Ran verify() const { return service.command({"verify", "--store", service.store(), "--config", service.config()}); }
  static void says(const Ran& ran, const std::string& words) {
    EXPECT_NE(ran.out.find(words), std::string::npos) << words << " in:\n" << ran.out << ran.err;
  }

  test_support::Service service{FLOORWATCH_BINARY};
  std::vector<std::string> lines;
};

TEST_F(VerifyKafka, BesideARunningServiceNothingDiffersAndRefusedEventsAreListed) {
  lines.push_back(test_support::event_line("contact.queued", "early", "2099-03-02T09:00:00Z",
                                           R"("visit":"early","queue":"sales","channel":"voice")"));
  send(lines);
  ServedFloor floor = service.run();
  ASSERT_TRUE(comes_true([&] { return service.counts("log").received == lines.size(); })) << floor.said();
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  says(ran, "left out " + topic_ + "/");
  says(ran, "horizon=none");
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  send({lines.begin(), lines.begin() + 100});
  EXPECT_EQ(verify().status, 0) << "what came since is left out";
  EXPECT_LT(broker_->group_offset("floorwatch", topic_, 0), static_cast<std::int64_t>(lines.size() / 3 + 2))
      << "verify commits nothing for the service's group";
}

TEST_F(VerifyKafka, AnExpiredRangeIsNamedAndWhatLiesInItIsNotCalledMissing) {
  fill();
  broker_->delete_records(topic_, 1, 200);
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  says(ran, "expired kafka:log/" + topic_ + "/1 offsets 0 to 199: no longer in the log");
  says(ran, " differences=0\nhorizon=2");
  EXPECT_EQ(ran.out.find("records=0 "), std::string::npos) << ran.out;
}

TEST_F(VerifyKafka, AMissingPartitionIsNamed) {
  fill();
  broker_->delete_topic(topic_);
  ASSERT_TRUE(comes_true([&] {
    try {
      broker_->create_topic(topic_, 2);
      return true;
    } catch (const std::runtime_error&) {  // It is not gone yet.
      return false;
    }
  }));
  send(lines, 2);
  const Ran ran = verify();
  EXPECT_EQ(ran.status, 1) << ran.err;
  says(ran, "log kafka:log/" + topic_ + "/2 is missing: the store has read it up to offset ");
  says(ran, " differences=1\n");
}

}  // namespace

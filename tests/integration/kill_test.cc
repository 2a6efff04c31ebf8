// `floorwatch run` on a real broker that is written to all the while, killed again and again: nothing is lost, nothing
// is counted twice, and it is soon back. FLOORWATCH_KILLS=200 for the whole; 20 otherwise.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "tests/support/kafka_broker.h"
#include "tests/support/random.h"
#include "tests/support/service.h"

namespace {

using std::chrono::steady_clock;
using test_support::comes_true;
using test_support::KafkaBroker;
using test_support::Process;
using test_support::ServedFloor;
using Seconds = std::vector<double>;

int kills_wanted() {
  const char* text = std::getenv("FLOORWATCH_KILLS");
  return text == nullptr ? 20 : std::max(1, std::atoi(text));
}

void print_histogram(Seconds times) {
  std::sort(times.begin(), times.end());
  double from = 0;
  for (const double to : {0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 1e9}) {
    const auto n = std::count_if(times.begin(), times.end(), [&](double t) { return t > from && t <= to; });
    if (n > 0) std::cout << "ready within " << from << " to " << to << " s: " << n << " starts\n";
    from = to;
  }
  std::cout << "median " << times[times.size() / 2] << " s, longest " << times.back() << " s\n";
}

/// The smallest time that at most one in a hundred exceeds.
double p99(Seconds times) {
  std::sort(times.begin(), times.end());
  return times[(times.size() * 99 + 99) / 100 - 1];
}

class Kill : public testing::Test {
 protected:
  void SetUp() override {
    if (!KafkaBroker::available()) GTEST_SKIP() << "no Java, or the broker's jars cannot be fetched";
    broker = std::make_unique<KafkaBroker>();
    broker->create_topic("events", 4);
    service.configure("  - name: log\n    kafka: {brokers: \"" + broker->brokers() + "\", topics: [events]}\n",
                      "memory: {records: 1MiB}\n");
  }
  /// So much of the same centre that the producer is at work nearly to the last kill.
  std::vector<std::string> centre() const {
    return {"generate", "--visits", std::to_string(150 * kills), "--seed", "41", "--disorder", "10s", "--duplicates",
            "0.01",     "--quiet"};
  }
  Process producer() const {
    auto words = centre();
    words.insert(words.begin(), FLOORWATCH_BINARY);
    words.insert(words.end(), {"--kafka", broker->brokers(), "--topic", "events", "--rate", "2000/s"});
    return Process(words, service.folder() / "produced");
  }
  ServedFloor start_and_time() {
    const auto begin = steady_clock::now();
    ServedFloor floor = service.run();
    EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); })) << floor.said();
    starts.push_back(std::chrono::duration<double>(steady_clock::now() - begin).count());
    return floor;
  }
  std::uint64_t received() const { return service.counts("log").received; }

  const int kills = kills_wanted();
  std::unique_ptr<KafkaBroker> broker;
  test_support::Service service{FLOORWATCH_BINARY};
  Seconds starts;
};

TEST_F(Kill, AgainAndAgainUnderLoadLosesAndDoublesNothingAndIsSoonBack) {
  test_support::Random random(1);
  Process load = producer();
  for (int i = 0; i < kills; ++i) {
    const std::uint64_t before = received();
    ServedFloor floor = start_and_time();
    if (i == kills / 2) broker->kill(), broker->start();
    if (i % 10 == 5) {
      EXPECT_EQ(service.command({"digest", "--store", service.store()}).status, 0) << "read beside";
    }
    const auto until = before + static_cast<std::uint64_t>(random.between(1, 800));
    EXPECT_TRUE(comes_true([&] { return received() >= until || !load.running(); })) << floor.said();
    EXPECT_EQ(floor.process().end(SIGKILL), 128 + SIGKILL);
  }
  EXPECT_EQ(load.wait(), 0) << service.folder().read("produced");

  const std::string undisturbed = "sqlite:" + (service.folder() / "undisturbed.db");
  const auto replayed = service.command({"replay", "--config", service.config(), "--store", undisturbed});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  ServedFloor floor = start_and_time();
  const auto all = [&] { return replayed.out.starts_with("received=" + std::to_string(received()) + " "); };
  EXPECT_TRUE(comes_true(all)) << received() << " of " << replayed.out;
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  const core::EventCounts c = service.counts("log");
  EXPECT_EQ(c.received, c.applied + c.duplicate + c.rejected + c.skipped);
  EXPECT_EQ(service.digest(), service.digest(undisturbed)) << "of the same topic";

  auto words = centre();
  words.insert(words.end(), {"--output", service.log()});
  ASSERT_EQ(service.command(words).status, 0);
  EXPECT_EQ(service.digest(), service.digest_of_replay("centre.db")) << "of all that the producer was to send";

  print_histogram(starts);
  EXPECT_LE(p99(starts), 2.0) << "s";
}

}  // namespace

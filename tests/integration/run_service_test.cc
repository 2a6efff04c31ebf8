// `floorwatch run` as a service over a file that grows: ready, stopped, started again, reloaded, rebuilt.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/growing_log.h"
#include "tests/support/service.h"

namespace {

using test_support::comes_true;
using test_support::http_get;
using test_support::Ran;
using test_support::ServedFloor;

class RunService : public test_support::GrowingLog {
 protected:
  RunService() : GrowingLog("600", "11") {}
  void SetUp() override {
    GrowingLog::SetUp();
    ASSERT_GT(lines.size(), 5000U);
  }
  void expect_counts_add_up(std::uint64_t received) const {
    const core::EventCounts c = service.counts("log");
    EXPECT_EQ(c.received, received);
    EXPECT_EQ(c.received, c.applied + c.duplicate + c.rejected + c.skipped);
    EXPECT_GT(c.duplicate, 0U);
    EXPECT_GT(c.rejected, 0U);
  }
  std::string queues(const std::string& store) const { return service.figures(store, "30m"); }
};

TEST_F(RunService, FollowsAGrowingFileAndStopsInOrder) {
  grow(0, 2000);
  service.follow_log();
  ServedFloor floor = service.run();
  EXPECT_EQ(http_get(floor.port(), "/healthz").status, 200U);
  EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); }));
  EXPECT_TRUE(keeps(2000));
  grow(2000, lines.size());
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(test_support::metric(floor.port(), "floorwatch_events_received_total{source=\"log\"}"), lines.size());
  EXPECT_NE(http_get(floor.port(), "/api/v1/figures").body.find("\"offered\""), std::string::npos);
  EXPECT_NE(http_get(floor.port(), "/api/v1/explain?figure=abandonment_rate").body.find("abandoned / offered"),
            std::string::npos);
  EXPECT_EQ(http_get(floor.port(), "/api/v1/explain?figure=nothing").status, 400U);
  for (const char* list : {"leads", "deals", "contacts?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z"}) {
    const auto rows = http_get(floor.port(), std::string("/api/v1/") + list);
    EXPECT_EQ(rows.status, 200U) << list << ": " << rows.body;
    EXPECT_NE(rows.body.find("\"client\""), std::string::npos) << list << ": " << rows.body;
  }
  for (const char* wrong :
       {"contacts", "contacts?from=2026-03-02T00:00:00Z&to=2026-03-04T00:00:00Z", "leads?outcome=won"}) {
    EXPECT_EQ(http_get(floor.port(), std::string("/api/v1/") + wrong).status, 400U) << wrong;
  }
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  expect_counts_add_up(lines.size());
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
}

TEST_F(RunService, ARestartGoesOnWhereItStopped) {
  service.follow_log();
  const std::size_t steps[] = {0, 1500, 4000, lines.size()};
  for (std::size_t i = 0; i < 3; ++i) {
    grow(steps[i], steps[i + 1]);
    ServedFloor floor = service.run();
    EXPECT_TRUE(keeps(steps[i + 1])) << floor.said();
    EXPECT_EQ(floor.process().end(i == 0 ? SIGINT : SIGTERM), 0) << floor.said();
  }
  expect_counts_add_up(lines.size());
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
}

TEST_F(RunService, AKilledServiceLosesAndDoublesNothing) {
  service.follow_log();
  const std::size_t steps[] = {0, 1000, 2500, 4000, lines.size()};
  for (std::size_t i = 0; i < 4; ++i) {
    grow(steps[i], steps[i + 1]);
    ServedFloor floor = service.run();
    // Killed as soon as something of this step is kept, which mostly is not all of it.
    EXPECT_TRUE(comes_true([&] { return service.counts("log").received > steps[i]; })) << floor.said();
    EXPECT_EQ(floor.process().end(SIGKILL), 128 + SIGKILL);
  }
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(lines.size()));
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
  expect_counts_add_up(lines.size());
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
}

TEST_F(RunService, AReplayKilledInTheMiddleEndsInTheSameDigestAfterARestart) {
  grow(0, lines.size());
  service.configure("  - name: log\n    file: {path: \"" + service.log() + "\"}\n");
  const std::vector<std::string> replay = {"replay", "--config", service.config(), "--store", service.store(),
                                           "--input", service.log()};
  std::vector<std::string> paced = replay;
  paced.insert(paced.begin(), FLOORWATCH_BINARY);
  paced.insert(paced.end(), {"--speed", "4000"});  // Some 20 s for the day, of which the test needs the beginning.
  test_support::Process process(paced, service.folder() / "said");
  EXPECT_TRUE(comes_true([&] { return service.counts("log").received > 0; })) << service.folder().read("said");
  EXPECT_EQ(process.end(SIGKILL), 128 + SIGKILL);
  EXPECT_LT(service.counts("log").received, lines.size());
  ASSERT_EQ(service.command(replay).status, 0);
  expect_counts_add_up(lines.size());
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
  const Ran again = service.command(replay);
  EXPECT_EQ(again.out, "received=0 applied=0 duplicate=0 rejected=0 skipped=0\n") << "a log that is already in changes nothing";
}

TEST_F(RunService, ABadConfigurationIsRefusedOnReloadAndTheOldOneStays) {
  grow(0, 1000);
  service.follow_log();
  ServedFloor floor = service.run();
  service.follow_log("metrics: {agent: true}\nstores: 3\n");
  floor.process().signal(SIGHUP);
  EXPECT_TRUE(floor.comes_to_say("the old one stays")) << floor.said();
  EXPECT_TRUE(floor.says("config.yaml:6: ") && floor.says("config.yaml:7: ")) << "every error, with its line: " << floor.said();
  service.follow_log("give_up_after: {voice: 2h}\n");
  floor.process().signal(SIGHUP);
  EXPECT_TRUE(floor.comes_to_say("give_up_after.voice")) << floor.said();
  grow(1000, 2000);
  EXPECT_TRUE(keeps(2000)) << "it goes on with the old one";
  service.follow_log("logging: {level: debug}\n");
  floor.process().signal(SIGHUP);
  EXPECT_TRUE(floor.comes_to_say("configuration reloaded")) << floor.said();
  EXPECT_EQ(floor.process().end(SIGTERM), 0);
}

TEST_F(RunService, AnotherFigureConfigurationNeedsARebuildWhichGivesWhatAReplayGives) {
  grow(0, lines.size());
  service.follow_log();
  {
    ServedFloor floor = service.run();
    EXPECT_TRUE(keeps(lines.size()));
    EXPECT_EQ(floor.process().end(SIGTERM), 0);
  }
  const std::string before = queues(service.store());
  service.follow_log(
      "clients:\n  acme:\n    sla:\n      - name: gold\n        versions: [{valid_from: 2020-01-01, formula: answered, "
      "threshold: 5s, short_abandon: 2s}]\n");
  const Ran refused = service.command({"run", "--config", service.config()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("clients.\"acme\".sla.formula"), std::string::npos) << refused.err;
  EXPECT_EQ(queues(service.store()), before) << "a refused start changes nothing";
  {
    ServedFloor floor = service.run({"--rebuild"});
    EXPECT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); }));
    EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  }
  EXPECT_NE(queues(service.store()), before);
  EXPECT_EQ(service.digest(), service.digest_of_replay("fresh.db"));
  EXPECT_EQ(queues(service.store()), queues("sqlite:" + (service.folder() / "fresh.db")));
}

TEST_F(RunService, DeadLettersAreKeptWithFileAndLine) {
  grow(0, 10);
  service.folder().append("log.ndjson", "{\"not\":\"an event\"}\nnonsense\n");
  service.follow_log();
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(12)) << floor.said();
  const auto letters = service.dead_letters();
  ASSERT_GE(letters.size(), 2U);
  const auto& last = letters.back();
  EXPECT_EQ(last.content, "nonsense");
  EXPECT_EQ(last.source, "log");
  EXPECT_TRUE(last.position.starts_with(service.log() + ":12 ")) << last.position;
  EXPECT_FALSE(last.detail.empty());
  EXPECT_TRUE(letters[letters.size() - 2].position.starts_with(service.log() + ":11 "));
}

TEST_F(RunService, DeadLettersAreServedWhileItReadsOn) {
  grow(0, 10);
  service.folder().append("log.ndjson", "nonsense\n" + std::string(1'100'000, 'x') + "\n");
  service.follow_log("dead_letters: {max_size: 1MiB}\n");
  ServedFloor floor = service.run();
  EXPECT_TRUE(keeps(12)) << floor.said();
  const auto page = http_get(floor.port(), "/api/v1/dead-letters");
  EXPECT_EQ(page.status, 200U);
  EXPECT_EQ(page.body, service.command({"dead-letters", "--store", service.store(), "--format", "json"}).out);
  EXPECT_NE(page.body.find("line too long: 1100000 bytes"), std::string::npos);
  EXPECT_NE(page.body.find(std::string(core::InputFault::kMostKept, 'x') + "\""), std::string::npos);
  EXPECT_EQ(http_get(floor.port(), "/api/v1/dead-letters?reason=bad").status, 400U);
  EXPECT_EQ(test_support::metric(floor.port(), "floorwatch_dead_letters_dropped_total"), 0);

  std::string many;
  for (int i = 0; i < 2000; ++i) many += std::string(1000, 'y') + "\n";
  service.folder().append("log.ndjson", many);
  EXPECT_TRUE(keeps(2012)) << floor.said();
  EXPECT_TRUE(
      comes_true([&] { return test_support::metric(floor.port(), "floorwatch_dead_letters_dropped_total") > 0; }));
  const auto dropped =
      static_cast<std::size_t>(test_support::metric(floor.port(), "floorwatch_dead_letters_dropped_total"));
  EXPECT_EQ(service.dead_letters().size(), 2002 - dropped) << "none is lost without being counted";
  const auto listed = service.command({"dead-letters", "--store", service.store(), "--limit", "1"});
  EXPECT_EQ(listed.status, 0);
  EXPECT_NE(listed.err.find(std::to_string(dropped) + " older dead letters are no longer kept"), std::string::npos)
      << listed.err;
}

TEST_F(RunService, DescribePrintsTheWiringAndMakesNothing) {
  service.follow_log();
  const Ran ran = service.command({"run", "--config", service.config(), "--describe"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  for (const std::string& word : {std::string("source log"), service.log(), std::string("followed"), std::string("shards"),
                                  service.store(), std::string("/metrics")}) {
    EXPECT_NE(ran.out.find(word), std::string::npos) << word << " is not in\n" << ran.out;
  }
  EXPECT_FALSE(std::filesystem::exists(service.folder() / "floor.db"));
}

TEST_F(RunService, ATakenPortEndsItWithClearWords) {
  grow(0, 10);
  service.follow_log();
  ServedFloor floor = service.run();
  const std::string taken = "127.0.0.1:" + std::to_string(floor.port());
  const Ran ran = service.command({"replay", "--store", "sqlite:" + (service.folder() / "other.db"), "--input",
                                   service.log(), "--listen", taken});
  EXPECT_EQ(ran.status, 3);
  EXPECT_NE(ran.err.find("cannot listen on " + taken), std::string::npos) << ran.err;
}

TEST_F(RunService, AHeldReplayEndsWhileItIsBeingRead) {
  grow(0, 2000);
  for (int round = 0; round < 5; ++round) {
    const std::string name = "held" + std::to_string(round);
    ServedFloor floor({FLOORWATCH_BINARY, "replay", "--store", "sqlite:" + (service.folder() / name), "--input",
                       service.log(), "--listen", "127.0.0.1:0", "--hold"},
                      service.folder() / (name + ".said"));
    ASSERT_TRUE(floor.comes_to_say("received=2000"));
    const std::uint16_t port = floor.port();
    std::jthread reader([port](const std::stop_token& stop) {
      try {
        while (!stop.stop_requested()) http_get(port, "/metrics");
      } catch (const std::runtime_error&) {
        // The server has gone, as it should.
      }
    });
    EXPECT_TRUE(comes_true([&] { return test_support::metric(port, "floorwatch_http_requests_total{code=\"200\",path=\"/metrics\"}") > 3; }));
    floor.process().signal(SIGTERM);
    EXPECT_TRUE(floor.process().ends_within(core::Millis{10'000})) << "a reader keeps it from ending";
    EXPECT_EQ(floor.process().wait(), 0);
  }
}

}  // namespace

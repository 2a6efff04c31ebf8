// A service over a log that a test lets grow, event by event of a simulated centre.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/service.h"

namespace test_support {

class GrowingLog : public testing::Test {
 protected:
  /// The simulated centre's size and seed, in the words of the command line.
  explicit GrowingLog(std::string visits = "300", std::string seed = "12")
      : visits_(std::move(visits)), seed_(std::move(seed)) {}

  void SetUp() override {
    const std::string all = service.folder() / "all.ndjson";
    ASSERT_EQ(service
                  .command({"generate", "--visits", visits_, "--seed", seed_, "--duplicates", "0.02", "--bad", "0.005",
                            "--output", all, "--quiet"})
                  .status,
              0);
    std::ifstream file(all, std::ios::binary);
    for (std::string line; std::getline(file, line);) lines.push_back(line + "\n");
    ASSERT_GT(lines.size(), 2500U);
    service.follow_log();
  }
  void grow(std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i) text += lines[i];
    service.folder().append("log.ndjson", text);
  }
  /// Until the store holds so many events of the log; false if it does not come to that.
  bool keeps(std::uint64_t received) const {
    return comes_true([&] { return service.counts("log").received == received; });
  }
  /// The store holds the whole log, each event once: as a replay into a new store that nothing disturbs.
  void expect_as_undisturbed() {
    const core::EventCounts c = service.counts("log");
    EXPECT_EQ(c.received, lines.size());
    EXPECT_EQ(c.received, c.applied + c.duplicate + c.rejected + c.skipped);
    EXPECT_EQ(service.dead_letters().size(), c.rejected);
    EXPECT_EQ(service.digest(), service.digest_of_replay("undisturbed.db"));
  }
  /// A second process on the same store, whose words go elsewhere.
  ServedFloor run_beside(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {FLOORWATCH_BINARY, "run", "--config", service.config()});
    return ServedFloor(options, service.folder() / "said beside");
  }
  std::string store_file() const { return service.folder() / "floor.db"; }

  Service service{FLOORWATCH_BINARY};
  std::vector<std::string> lines;

 private:
  std::string visits_, seed_;
};

}  // namespace test_support

// Rules for Prometheus: promtool takes them, and its own unit tests of them pass.
#include <gtest/gtest.h>

#include <string>

#include "tests/support/command.h"
#include "tests/support/prometheus.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::Ran;

const char* const kConfig =
    "clients:\n  acme:\n    queues: [sales]\n    sla:\n"
    "      - {name: voice, versions: [{target: 80%, min_volume: 10}]}\n"
    "      - {name: \"half \\\"hours\\\"\", applies_to: {channels: chat}, versions: [{target: 90%, aggregate: "
    "intervals_met}]}\n"
    "      - {name: lost, metric: abandonment_rate, versions: [{at_most: 5%}]}\n"
    "      - {name: wait, metric: mean_wait, versions: [{at_most: 45s}]}\n"
    "      - {name: shown only, versions: [{threshold: 10s}]}\n"
    "  \"b & c\":\n    sla: [{name: leads, metric: lead_response, versions: [{target: 50%}]}]\n";

class Rules : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {FLOORWATCH_BINARY, "rules", "--config", folder.write("c.yaml", kConfig)};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = test_support::run_command(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return folder.write(name, ran.out);
  }
  test_support::TempDir folder;
};

TEST_F(Rules, EveryTargetHasItsAlertsAndNothingElseHas) {
  file("rules.yml", {});
  const std::string rules = folder.read("rules.yml");
  const auto count = [&](const std::string& what) {
    std::size_t n = 0;
    for (auto at = rules.find(what); at != std::string::npos; at = rules.find(what, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("alert: FloorwatchServiceLevelLow\n"), 1u);
  EXPECT_EQ(count("alert: FloorwatchContractBudgetSpent\n"), 4u) << "not of a span";
  EXPECT_EQ(count("alert: FloorwatchContractAtRisk\n"), 5u);
  EXPECT_EQ(count("shown only"), 0u);
  EXPECT_EQ(count(">= 10"), 1u) << "the contract's volume";
}

TEST_F(Rules, PromtoolTakesThemAndTheirTestsPass) {
  if (!test_support::prometheus_installed()) GTEST_SKIP() << "prometheus and promtool are not installed";
  const std::string rules = file("rules.yml", {}), tests = file("tests.yml", {"--tests", "--file", "rules.yml"});
  const Ran checked = test_support::run_command({"/usr/bin/promtool", "check", "rules", rules});
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  const Ran tested = test_support::run_command({"/usr/bin/promtool", "test", "rules", tests});
  EXPECT_EQ(tested.status, 0) << tested.out << tested.err;
}

}  // namespace

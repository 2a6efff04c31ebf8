// deploy/demo.sh as a newcomer runs it, with the program that is already built.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/http_client.h"
#include "tests/support/process.h"
#include "tests/support/served_floor.h"
#include "tests/support/temp_dir.h"

namespace {

struct Ran {
  int exit_code = -1;
  std::string output;  ///< Standard output and standard error.
};

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return ran;
  char piece[4096];
  while (const std::size_t length = std::fread(piece, 1, sizeof piece, pipe)) ran.output.append(piece, length);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
  return ran;
}

// Command lines of the processes that name `folder`: children of the demo have it among their arguments.
std::vector<std::string> processes_of(const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (line.find(folder) != std::string::npos) found.push_back(line);
  }
  return found;
}

class Demo : public testing::Test {
 protected:
  Ran demo(const std::string& arguments) const {
    return run("bash " FLOORWATCH_SOURCE_DIR "/deploy/demo.sh --binary " FLOORWATCH_BINARY " --dir " + home() + " " +
               arguments);
  }
  std::string home() const { return folder_ / "demo"; }

  static void expect_queues(const std::string& output) {
    const std::size_t table = output.rfind("client");
    ASSERT_NE(table, std::string::npos) << output;
    EXPECT_NE(output.find("voice", table), std::string::npos) << "no queue in the last table:\n"
                                                              << output.substr(table);
  }

  test_support::TempDir folder_;
};

TEST_F(Demo, ShowsQueuesFromAGrowingFileAndLeavesNoProcessBehind) {
  const Ran ran = demo("--seconds 8 --rate 200");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  expect_queues(ran.output);
  EXPECT_TRUE(std::filesystem::exists(home() + "/floorwatch.db"));
  EXPECT_EQ(processes_of(home()), std::vector<std::string>{});
}

TEST_F(Demo, ShowsQueuesThroughKafka) {
  if (run("java -version").exit_code != 0) GTEST_SKIP() << "no Java here: deploy/packages.sh kafka installs it";
  const Ran ran = demo("--kafka --seconds 12 --rate 200");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  expect_queues(ran.output);
  EXPECT_EQ(processes_of(home()), std::vector<std::string>{});
}

/// The port after `name`: http://127.0.0.1: in what the demo says; 0 where it does not (yet).
std::uint16_t port_of(const std::string& name, const std::string& said) {
  const std::string before = name + ": http://127.0.0.1:";
  const auto at = said.find(before), end = said.find('\n', at);
  if (at == std::string::npos || end == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::stoi(said.substr(at + before.size())));
}

/// Whether the page comes to have these words; while nothing listens there it has not.
bool comes_to_have(std::uint16_t port, const std::string& page, const std::string& words) {
  return test_support::comes_true([&] {
    try {
      const auto answer = test_support::http_get(port, page);
      return answer.status == 200 && answer.body.find(words) != std::string::npos;
    } catch (const std::runtime_error&) {
      return false;
    }
  });
}

TEST_F(Demo, WithPrometheusItsSeriesRulesAndAlertmanagerAreThereAndNoProcessIsLeftBehind) {
  if (run("command -v prometheus && command -v prometheus-alertmanager").exit_code != 0) {
    GTEST_SKIP() << "no Prometheus or Alertmanager here: deploy/packages.sh monitoring installs them";
  }
  const std::string output = folder_ / "said", script = FLOORWATCH_SOURCE_DIR "/deploy/demo.sh";
  test_support::Process demo({"bash", script, "--with-prometheus", "--binary", FLOORWATCH_BINARY, "--dir", home(),
                              "--seconds", "300", "--rate", "200"},
                             output);
  EXPECT_TRUE(
      test_support::comes_true([&] { return port_of("Alertmanager", folder_.read("said")) != 0 || !demo.running(); }));
  const std::string said = folder_.read("said");
  const std::uint16_t prometheus = port_of("Prometheus", said), alertmanager = port_of("Alertmanager", said);
  if (prometheus != 0 && alertmanager != 0) {
    EXPECT_TRUE(
        comes_to_have(prometheus, "/api/v1/query?query=floorwatch_contacts_offered_total", "\"queue\":\"acme-sales\""));
    EXPECT_TRUE(comes_to_have(prometheus, "/api/v1/query?query=floorwatch_sla_target_ratio", "\"profile\":\"voice\""));
    EXPECT_TRUE(comes_to_have(prometheus, "/api/v1/rules", "FloorwatchAlertsNotSent"));
    EXPECT_TRUE(comes_to_have(prometheus, "/api/v1/alertmanagers", "127.0.0.1:" + std::to_string(alertmanager)));
    EXPECT_TRUE(comes_to_have(alertmanager, "/-/ready", ""));
  } else {
    ADD_FAILURE() << said;
  }
  EXPECT_EQ(demo.end(SIGINT), 0) << folder_.read("said");
  EXPECT_EQ(processes_of(home()), std::vector<std::string>{});
}

TEST_F(Demo, WrongArgumentsStartNothing) {
  for (const char* wrong : {"--seconds soon", "--rate 0", "--surprise"}) {
    const Ran ran = demo(wrong);
    EXPECT_EQ(ran.exit_code, 2) << wrong;
    EXPECT_FALSE(std::filesystem::exists(home())) << wrong;
  }
}

}  // namespace

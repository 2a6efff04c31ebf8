// deploy/demo.sh as a newcomer runs it, with the program that is already built.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

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

TEST_F(Demo, WrongArgumentsStartNothing) {
  for (const char* wrong : {"--seconds soon", "--rate 0", "--surprise"}) {
    const Ran ran = demo(wrong);
    EXPECT_EQ(ran.exit_code, 2) << wrong;
    EXPECT_FALSE(std::filesystem::exists(home())) << wrong;
  }
}

}  // namespace

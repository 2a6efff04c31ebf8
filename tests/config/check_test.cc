// The command `check`: what it prints where, and its exit status.
#include "app/commands/check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace app {
namespace {

struct Outcome {
  int exit_code;
  std::string out, err;
};

class Check : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() / ("floorwatch_check_" + std::to_string(::getpid()));
  }
  void TearDown() override { std::filesystem::remove(file_); }

  Outcome run(const std::string& text, const std::string& more = "") {
    std::ofstream(file_) << text;
    CLI::App program("floorwatch");
    int exit_code = -1;
    add_check(program, exit_code);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    program.parse("check --config " + file_.string() + more);
    std::string out = testing::internal::GetCapturedStdout();
    return {exit_code, std::move(out), testing::internal::GetCapturedStderr()};
  }

  std::filesystem::path file_;
};

TEST_F(Check, GoodFileIsSummedUp) {
  const Outcome outcome = run("sources: [{name: a, file: {path: p}}]\nclients: {b: {queues: [q, r]}}\n");
  EXPECT_EQ(outcome.exit_code, kDone);
  EXPECT_EQ(outcome.out, file_.string() + ": good: 1 source, 1 client, 2 queues\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Check, WrongFileHasAllItsErrorsOnStandardError) {
  const Outcome outcome = run("threads: many\nstor: {}\n");
  EXPECT_EQ(outcome.exit_code, kWrongArguments);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, file_.string() + ":1: threads is \"many\", allowed: a whole number from 0 to 256\n" +
                             file_.string() + ":2: unknown key \"stor\", did you mean store?\n");
}

TEST_F(Check, PrintShowsAFileThatCanBeReadAgain) {
  const Outcome outcome = run("threads: 7\n", " --print");
  EXPECT_EQ(outcome.exit_code, kDone);
  EXPECT_NE(outcome.out.find("threads: 7\n"), std::string::npos);
  EXPECT_EQ(run(outcome.out, " --print").out, outcome.out);
}

}  // namespace
}  // namespace app

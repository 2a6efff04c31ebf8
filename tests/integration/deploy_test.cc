// What deploy/ puts together: compose.yaml, the image, and the files that its containers read. Nothing is started.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/prometheus.h"
#include "tests/support/sanitized.h"
#include "tests/support/shared_data.h"

namespace {

using test_support::Ran;
using test_support::run_command;

const std::string kDeploy = FLOORWATCH_SOURCE_DIR "/deploy/";

/// What stands in the first group of each match.
std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) all.push_back((*at)[1]);
  return all;
}

std::string output(const std::vector<std::string>& command) {
  const Ran ran = run_command(command);
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  return ran.out;
}

TEST(Compose, IsUnderstoodByDockerCompose) {
  if (access("/usr/bin/docker-compose", X_OK) != 0) {
    GTEST_SKIP()
        << "no docker-compose here, so nobody has read deploy/compose.yaml: deploy/packages.sh tests installs it";
  }
  const Ran ran = run_command(
      {"/usr/bin/docker-compose", "-f", kDeploy + "compose.yaml", "--profile", "demo", "config", "--services"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  std::istringstream lines(ran.out);
  std::set<std::string> services;
  for (std::string line; std::getline(lines, line);) services.insert(line);
  EXPECT_EQ(services,
            (std::set<std::string>{"alertmanager", "centre", "floorwatch", "grafana", "kafka", "prometheus", "topic"}));
}

TEST(Compose, MountsWhatIsThereAndPinsEveryImage) {
  const std::string text = test_support::read_file(kDeploy + "compose.yaml");
  const auto mounted = matches(text, R"(- \./([^:\s]+):)");
  EXPECT_GE(mounted.size(), 5U);
  for (const std::string& path : mounted) EXPECT_TRUE(std::filesystem::exists(kDeploy + path)) << path;
  for (const std::string& image : matches(text, R"(image: (\S+))")) {
    EXPECT_TRUE(image == "floorwatch" || std::regex_match(image, std::regex(R"(\S+:v?\d+\.\d+\.\d+)"))) << image;
  }
}

TEST(Compose, ConfigurationIsGoodAndItsRulesAreThoseThatItWrites) {
  const std::string config = kDeploy + "floorwatch.yaml";
  EXPECT_NE(output({FLOORWATCH_BINARY, "check", "--config", config}).find("good: 1 source, 2 clients"),
            std::string::npos);
  EXPECT_EQ(output({FLOORWATCH_BINARY, "rules", "--health", "--config", config}),
            test_support::read_file(kDeploy + "prometheus/rules.yml"))
      << "floorwatch rules --health --config deploy/floorwatch.yaml > deploy/prometheus/rules.yml";
}

TEST(Compose, PrometheusAndAlertmanagerTakeTheirFiles) {
  if (!test_support::prometheus_installed() || access("/usr/bin/amtool", X_OK) != 0) {
    GTEST_SKIP() << "no promtool and amtool here: deploy/packages.sh monitoring installs them";
  }
  for (const char* config : {"prometheus/prometheus.yml", "prometheus/compose.yml"}) {
    output({"/usr/bin/promtool", "check", "config", kDeploy + config});
  }
  output({"/usr/bin/amtool", "check-config", kDeploy + "alertmanager/alertmanager.yml"});
}

/// Only direct ones: what those need in turn comes with their packages.
TEST(Image, HasEveryLibraryThatTheProgramIsLinkedWith) {
  if (test_support::kSanitized) GTEST_SKIP() << "linked with a sanitizer's libraries as well";
  std::istringstream listed(output({"bash", kDeploy + "packages.sh", "--list", "run"}));
  // In every image of Debian.
  std::set<std::string> packages = {"libc6", "libstdc++6", "libgcc-s1"};
  for (std::string line; std::getline(listed, line);) packages.insert(line);
  const auto libraries = matches(output({"readelf", "-d", FLOORWATCH_BINARY}), R"(NEEDED\).*\[(\S+)\])");
  EXPECT_GE(libraries.size(), 5U);
  // All in one question: dpkg reads its whole database for each.
  std::vector<std::string> question = {"dpkg", "-S"};
  for (const std::string& library : libraries) question.push_back("*/" + library);
  const std::string owners = output(question);
  for (const std::string& library : libraries) {
    const std::string quoted = std::regex_replace(library, std::regex(R"([.+])"), R"(\$&)");
    const auto owning = matches(owners, R"((\S+?)(?::\w+)?: /\S*/)" + quoted + R"(\s)");
    EXPECT_TRUE(std::any_of(owning.begin(), owning.end(), [&](const auto& owner) { return packages.contains(owner); }))
        << library << " is of none of the packages that deploy/packages.sh run installs";
  }
}

}  // namespace

// Names of series in boards, rules and documentation are those that the code can put on /metrics.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "app/metric_families.h"
#include "core/series_book.h"
#include "sinks/metrics/own_metrics.h"
#include "tests/support/command.h"
#include "tests/support/shared_data.h"

namespace {

const std::filesystem::path kSources = FLOORWATCH_SOURCE_DIR;

/// What looks like a series and is none.
const std::set<std::string> kNoSeries = {
    "floorwatch_url",  // the boards' variable for the address of floorwatch
};

/// Every family as it is queried: a histogram by its three kinds of lines, and by its plain name in prose.
std::set<std::string> exposed() {
  core::SeriesBook book;
  const app::MetricFamilies families(book);
  sinks::OwnMetrics own;
  own.count_request("/metrics", 200, std::chrono::seconds(0));  // Families without a series are not collected.
  std::set<std::string> names;
  for (const auto& snapshot : {book.snapshot(), own.collect()}) {
    for (const core::FamilySnapshot& each : snapshot->families) {
      names.insert(each.family->name);
      if (each.family->type != core::MetricType::kHistogram) continue;
      for (const char* line : {"_bucket", "_sum", "_count"}) names.insert(each.family->name + line);
    }
  }
  return names;
}

std::vector<std::string> named_in(const std::string& text) {
  static const std::regex kName(R"(\b(floorwatch|process)_[a-z][a-z_0-9]*)");
  std::vector<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), kName), end; at != end; ++at) names.push_back(at->str());
  return names;
}

/// How many names there are; each that is not exposed is a failure.
std::size_t expect_exposed(const std::string& text, const std::string& where) {
  static const std::set<std::string> kExposed = exposed();
  const auto names = named_in(text);
  for (const std::string& name : names) {
    EXPECT_TRUE(kExposed.contains(name) || kNoSeries.contains(name))
        << where << " names " << name << ", which no code exposes";
  }
  return names.size();
}

std::size_t expect_exposed_below(const std::string& folder, const std::set<std::string>& extensions) {
  std::size_t names = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSources / folder)) {
    if (!extensions.contains(entry.path().extension())) continue;
    names += expect_exposed(test_support::read_file(entry.path()), entry.path().lexically_relative(kSources));
  }
  return names;
}

TEST(SeriesNames, OfBoardsAreExposed) { EXPECT_GT(expect_exposed_below("deploy/grafana", {".json", ".yaml"}), 100U); }

TEST(SeriesNames, OfRulesAreExposed) {
  EXPECT_GT(expect_exposed_below("deploy/prometheus", {".yml"}), 8U);
  const std::string config = kSources / "deploy/floorwatch.yaml";
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, std::vector<std::string>{"--tests"}}) {
    std::vector<std::string> words = {FLOORWATCH_BINARY, "rules", "--config", config};
    words.insert(words.end(), more.begin(), more.end());
    const auto ran = test_support::run_command(words);
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_GT(expect_exposed(ran.out, "floorwatch rules"), 10U);
  }
}

TEST(SeriesNames, OfDocumentationAreExposed) {
  EXPECT_GT(expect_exposed_below("docs", {".md"}), 10U);
  expect_exposed(test_support::read_file(kSources / "README.md"), "README.md");
}

/// The check itself: it knows the families, and would see a name that has gone.
TEST(SeriesNames, AFamilyThatIsRenamedIsMissed) {
  const auto names = exposed();
  for (const char* name : {"floorwatch_contacts_waiting", "floorwatch_wait_seconds_bucket", "floorwatch_counter_held",
                           "floorwatch_http_requests_total", "process_cpu_seconds_total"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_EQ(named_in("a `floorwatch_old_total{x=\"1\"}`, floorwatch:kept:rule"),
            std::vector<std::string>{"floorwatch_old_total"});
  EXPECT_FALSE(names.contains("floorwatch_old_total"));
}

}  // namespace

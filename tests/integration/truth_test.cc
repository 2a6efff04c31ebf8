// A simulated centre of 100,000 visits, by the real program: every figure is the one known by construction and the one
// of the oracle, at any size of batch, number of shards and threads, in any order of delivery, and again.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/oracle/oracle.h"
#include "tests/support/command.h"
#include "tests/support/random_log.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::Ran;

const std::string kVisits = "100000";

/// How a log is read.
struct Road {
  std::string log;
  std::vector<std::string> options;  ///< of replay
};

/// The logs of one centre: made once for all tests. Confined to one thread.
class Centre {
 public:
  Centre() {
    generate({"--truth", folder_ / "truth.csv"}, "ordered.ndjson");
    generate({"--disorder", "30s", "--late", "0.01:4h", "--duplicates", "0.01"}, "disturbed.ndjson");
    lines_ = lines_of("ordered.ndjson");
    shuffle();
    for (const std::string log : {"ordered.ndjson", "disturbed.ndjson", "shuffled.ndjson"}) {
      events_in_[log] = lines_of(log).size();
    }
  }

  Ran floorwatch(std::vector<std::string> words) const {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    Ran ran = test_support::run_command(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran;
  }
  std::string replay(const std::string& store, const Road& road) const {
    std::vector<std::string> words = {"replay", "--store", "sqlite:" + (folder_ / store), "--quiet", "--input",
                                      folder_ / road.log};
    words.insert(words.end(), road.options.begin(), road.options.end());
    return floorwatch(words).out;
  }
  std::string digest(const std::string& store) const {
    return floorwatch({"digest", "--store", "sqlite:" + (folder_ / store)}).out;
  }
  std::string figures(const std::string& store, const std::map<std::string, std::string>& query) const {
    std::vector<std::string> words = {"figures", "--store", "sqlite:" + (folder_ / store), "--format", "csv"};
    for (const auto& [name, word] : query) words.push_back("--" + name), words.push_back(word);
    return floorwatch(words).out;
  }

  /// Sections of the truth: the query's words, and the table that must be printed.
  std::vector<std::pair<std::map<std::string, std::string>, std::string>> truth() const {
    std::vector<std::pair<std::map<std::string, std::string>, std::string>> sections;
    std::istringstream text(test_support::read_file(folder_ / "truth.csv"));
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("# ")) {
        sections.back().second += line + "\n";
        continue;
      }
      std::istringstream words(line.substr(2));
      auto& query = sections.emplace_back().first;
      for (std::string word; words >> word;) query[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    }
    return sections;
  }

  const std::vector<std::string>& lines() const { return lines_; }
  std::size_t events_in(const std::string& log) const { return events_in_.at(log); }

 private:
  void generate(std::vector<std::string> more, const std::string& log) const {
    std::vector<std::string> words = {"generate", "--visits", kVisits, "--seed", "3", "--quiet",
                                      "--output", folder_ / log};
    words.insert(words.end(), more.begin(), more.end());
    floorwatch(words);
  }
  std::vector<std::string> lines_of(const std::string& log) const {
    std::vector<std::string> lines;
    std::ifstream file(folder_ / log);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  /// The worst order there is, with every hundredth event twice.
  void shuffle() {
    auto shuffled = lines_;
    std::mt19937_64 random(3);
    for (std::size_t i = 0; i < lines_.size() / 100; ++i) shuffled.push_back(lines_[random() % lines_.size()]);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::ofstream file(folder_ / "shuffled.ndjson");
    for (const auto& line : shuffled) file << line << '\n';
  }

  test_support::TempDir folder_;
  std::vector<std::string> lines_;
  std::map<std::string, std::size_t> events_in_;
};

class Truth : public testing::Test {
 protected:
  static void SetUpTestSuite() { centre_ = std::make_unique<Centre>(); }
  static void TearDownTestSuite() { centre_.reset(); }
  static Centre& centre() { return *centre_; }

 private:
  static std::unique_ptr<Centre> centre_;
};

std::unique_ptr<Centre> Truth::centre_;

/// Whole tables differ in a few rows: only these are worth reading.
void expect_same_table(const std::string& got, const std::string& expected, const std::string& what) {
  if (got == expected) return;
  const auto rows = [](const std::string& csv) {
    std::vector<std::string> lines;
    std::istringstream text(csv);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  const auto a = rows(got), b = rows(expected);
  std::vector<std::string> extra, missing;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(extra));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(missing));
  std::string text = what + ": " + std::to_string(extra.size() + missing.size()) + " rows differ\n" +
                     got.substr(0, got.find('\n') + 1);
  for (std::size_t i = 0; i < std::min<std::size_t>(extra.size(), 5); ++i) text += "got      " + extra[i] + "\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(missing.size(), 5); ++i) text += "expected " + missing[i] + "\n";
  ADD_FAILURE() << text;
}

/// What replay says, where nothing was bad. An event that only repeats what later ones told counts as a duplicate, so
/// how many were applied depends on their order; their sum does not.
void expect_all_received(const std::string& counts, std::size_t received) {
  unsigned long long all = 0, applied = 0, duplicate = 0, rejected = 1, skipped = 1;
  ASSERT_EQ(std::sscanf(counts.c_str(), "received=%llu applied=%llu duplicate=%llu rejected=%llu skipped=%llu", &all,
                        &applied, &duplicate, &rejected, &skipped),
            5)
      << counts;
  EXPECT_EQ(all, received);
  EXPECT_EQ(applied + duplicate, received);
  EXPECT_GT(applied, received * 9 / 10);
  EXPECT_EQ(rejected + skipped, 0U) << counts;
}

std::string words(const std::map<std::string, std::string>& query) {
  std::string text;
  for (const auto& [name, word] : query) text += " --" + name + " " + word;
  return text;
}

TEST_F(Truth, EveryCellIsTheOneKnownByConstruction) {
  expect_all_received(centre().replay("plain.db", {"ordered.ndjson", {}}), centre().lines().size());
  const auto sections = centre().truth();
  EXPECT_EQ(sections.size(), 26U);
  for (const auto& [query, table] : sections) {
    ASSERT_GT(std::count(table.begin(), table.end(), '\n'), 1) << words(query) << ": the truth has no rows";
    expect_same_table(centre().figures("plain.db", query), table, words(query));
  }
}

TEST_F(Truth, EveryTableIsTheOraclesToo) {
  centre().replay("oracle.db", {"ordered.ndjson", {}});
  const oracle::Floor floor(centre().lines(), {});
  std::vector<oracle::Query> queries;
  for (const std::string by : {"queue", "client", "agent", "lead", "chat", "chat-agent"}) {
    for (const std::string every : {"30m", "1h", "day", "total"}) {
      for (const std::string basis : {"arrival", "event"}) {
        queries.push_back({.by = by, .every = every, .basis = basis});
      }
    }
    for (const std::string window : {"5m", "1h", "day"}) queries.push_back({.by = by, .window = window});
    queries.push_back({.by = by, .every = "day", .timezone = "Asia/Kolkata"});
  }
  for (const std::string every : {"30m", "day", "month", "total"}) queries.push_back({.by = "deal", .every = every});
  for (const auto& query : queries) {
    const auto asked = test_support::words_of(query);
    expect_same_table(centre().figures("oracle.db", asked), floor.csv(query), words(asked));
  }
}

TEST_F(Truth, NoRoadChangesTheDigestOrAFigure) {
  centre().replay("reference.db", {"ordered.ndjson", {}});
  const std::string digest = centre().digest("reference.db");
  const std::vector<Road> roads = {
      {"ordered.ndjson", {"--shards", "1", "--threads", "1", "--batch", "1000"}},
      {"ordered.ndjson", {"--shards", "3", "--threads", "2", "--batch", "77"}},
      {"disturbed.ndjson", {"--shards", "8", "--threads", "2"}},
      {"disturbed.ndjson", {"--shards", "1", "--threads", "2", "--batch", "333"}},
      {"shuffled.ndjson", {"--shards", "8", "--threads", "2"}},
      {"shuffled.ndjson", {"--shards", "3", "--threads", "1", "--batch", "5000"}},
  };
  for (std::size_t i = 0; i < roads.size(); ++i) {
    const std::string store = "road" + std::to_string(i) + ".db";
    SCOPED_TRACE(roads[i].log + " road " + std::to_string(i));
    expect_all_received(centre().replay(store, roads[i]), centre().events_in(roads[i].log));
    EXPECT_EQ(centre().digest(store), digest);
  }
  for (const std::string by : {"queue", "agent", "lead", "chat", "chat-agent"}) {
    const std::map<std::string, std::string> query = {{"by", by}, {"every", "15m"}, {"basis", "event"}};
    const std::string expected = centre().figures("reference.db", query);
    for (const char* store : {"road1.db", "road3.db", "road4.db"}) {
      expect_same_table(centre().figures(store, query), expected, store + words(query));
    }
  }
  const std::map<std::string, std::string> deals = {{"by", "deal"}, {"every", "15m"}};
  expect_same_table(centre().figures("road3.db", deals), centre().figures("reference.db", deals), "deals");
}

TEST_F(Truth, ALogThatIsAlreadyInChangesNothing) {
  const std::string none = "received=0 applied=0 duplicate=0 rejected=0 skipped=0\n";
  centre().replay("again.db", {"ordered.ndjson", {}});
  const std::string digest = centre().digest("again.db");
  EXPECT_EQ(centre().replay("again.db", {"ordered.ndjson", {}}), none);
  EXPECT_EQ(centre().digest("again.db"), digest);
  // The same events in a file of another head are read, and found to be known.
  const std::string n = std::to_string(centre().events_in("shuffled.ndjson"));
  EXPECT_EQ(centre().replay("again.db", {"shuffled.ndjson", {}}),
            "received=" + n + " applied=0 duplicate=" + n + " rejected=0 skipped=0\n");
  EXPECT_EQ(centre().digest("again.db"), digest);
}

}  // namespace

// Small adversarial logs from a seed, each with a configuration and questions: what property tests put to the engine
// and to the oracle.
//
//   const auto test = test_support::random_case(seed);
//   const oracle::Floor floor(test.lines, test.options);   // the engine gets test.yaml
//   for (const oracle::Query& query : test.queries) …       // the engine gets words_of(query)
//
// The logs hold what hurts: transfers, callbacks and requeues, missed offers with and without ids, events that are
// missing, doubled, contradicting, before their opening event or at the same time as others, waits exactly at a
// threshold or a limit, changes of clocks, interval borders, redials at exactly the gap. All lines are valid events, a
// few of unknown types. Pure functions of the seed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/oracle/options.h"

namespace test_support {

struct RandomCase {
  oracle::Options options;
  std::string yaml;                 ///< The same configuration as a floorwatch file, of one source "log".
  std::vector<std::string> lines;   ///< up to some 250 events, 70 on average, about in order of time.
  std::vector<oracle::Query> queries;
};

RandomCase random_case(std::uint64_t seed);

/// The parts of random_case. `start` is where the log's clock begins.
oracle::Ms random_start(std::uint64_t seed);
oracle::Options random_options(std::uint64_t seed);
std::vector<std::string> random_log(std::uint64_t seed, const oracle::Options& options);
std::vector<oracle::Query> random_queries(std::uint64_t seed, std::size_t count);

/// The options as a configuration file (commands.md, sla.md).
std::string to_yaml(const oracle::Options& options);

/// The query as the words of the command line: "by", "every", "window", "from", "to", "tz", "basis", "client", "queue",
/// "channel", without those that are not set.
std::map<std::string, std::string> words_of(const oracle::Query& query);

/// "2026-03-02T09:15:02.123Z"
std::string utc_text(oracle::Ms time);

/// The text as a JSON string, which is also a YAML one.
std::string quoted(const std::string& text);

}  // namespace test_support

// The engine against the oracle, on logs with everything that hurts: every figure equal, in any order of delivery.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "config/load.h"
#include "tests/oracle/oracle.h"
#include "tests/support/engine.h"
#include "tests/support/random_log.h"

namespace {

using test_support::Engine;

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

core::FigureConfig config_of(const test_support::RandomCase& test) {
  auto loaded = config::load(test.yaml, "case.yaml");
  if (!loaded) {
    for (const auto& error : loaded.error()) ADD_FAILURE() << config::to_string(error);
    return {};
  }
  return loaded->figures;
}

/// A small log goes wrong in one row of many: only the rows that differ are worth reading.
std::string difference(const std::string& engine, const std::string& oracle) {
  const auto lines = [](const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      out.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  };
  const auto a = lines(engine), b = lines(oracle);
  std::string text = a.empty() ? "" : a.front() + "\n";
  for (const auto& line : a) {
    if (std::find(b.begin(), b.end(), line) == b.end()) text += "engine: " + line + "\n";
  }
  for (const auto& line : b) {
    if (std::find(a.begin(), a.end(), line) == a.end()) text += "oracle: " + line + "\n";
  }
  return text;
}

/// The same events, some twice, in another order.
std::vector<std::string> disturbed(std::vector<std::string> lines, std::mt19937_64& random) {
  const std::size_t size = lines.size();
  for (std::size_t i = 0; i < size; ++i) {
    if (random() % 10 == 0) lines.push_back(lines[i]);
  }
  std::shuffle(lines.begin(), lines.end(), random);
  return lines;
}

// FLOORWATCH_SEED begins elsewhere, FLOORWATCH_CASES sets how many logs are tried.
TEST(OracleProperty, EveryFigureAgreesInAnyOrder) {
  const std::uint64_t first = number_from("FLOORWATCH_SEED", 1), cases = number_from("FLOORWATCH_CASES", 10'000);
  std::printf("seeds %llu to %llu\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + cases - 1));
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    const auto test = test_support::random_case(seed);
    const core::FigureConfig config = config_of(test);
    const oracle::Floor oracle(test.lines, test.options);
    std::mt19937_64 random(seed);
    Engine ordered(config);
    ordered.feed(test.lines);
    Engine::Shape shape;
    shape.shards = 1 + static_cast<std::uint32_t>(random() % 13);
    shape.batch = 1 + random() % 97;
    shape.awake = random() % 4;
    shape.partitions = shape.shards * static_cast<std::uint32_t>(random() % 3);
    Engine shuffled(config, shape);
    shuffled.feed(disturbed(test.lines, random));
    ASSERT_EQ(ordered.digest(), shuffled.digest()) << "seed " << seed;
    for (const auto& query : test.queries) {
      const auto words = test_support::words_of(query);
      const std::string expected = oracle.csv(query), got = ordered.csv(words);
      std::string asked;
      for (const auto& [name, word] : words) asked += " --" + name + " " + word;
      ASSERT_EQ(got, expected) << "seed " << seed << asked << "\n" << difference(got, expected);
      ASSERT_EQ(shuffled.csv(words), expected) << "shuffled, seed " << seed << asked << "\n"
                                               << difference(shuffled.csv(words), expected);
    }
  }
}

}  // namespace

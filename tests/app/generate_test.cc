// The simulated centre: the same for the same seed, valid, and its truth is what the textbook says of its events.
#include "app/commands/generate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "core/batch.h"
#include "ingest/canonical_decoder.h"
#include "simulation/bad_message.h"
#include "simulation/centre.h"
#include "simulation/random.h"
#include "tests/oracle/oracle.h"

namespace {

using simulation::Options;

struct CentreRun {
  std::vector<std::string> lines;
  std::vector<std::string> keys;
  simulation::Summary summary;
  std::string truth;
};

CentreRun run(const Options& options) {
  CentreRun result;
  const simulation::Plan plan = simulation::make_plan(options);
  simulation::Truth truth(plan);
  const auto summary =
      simulation::simulate(options, plan, &truth,
                           [&](core::EventTime, std::string_view key, std::string_view message) -> core::Result<bool> {
                             result.keys.emplace_back(key);
                             result.lines.emplace_back(message);
                             return true;
                           });
  result.summary = summary.value();
  result.truth = truth.text(result.summary.as_of);
  return result;
}

Options centre(std::uint64_t visits, std::uint64_t seed) {
  Options options;
  options.visits = visits;
  options.seed = seed;
  return options;
}

std::uint64_t fnv1a(const std::vector<std::string>& lines) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::string& line : lines)
    for (const char byte : line + "\n") hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  return hash;
}

/// Sections of a truth file by their first line.
std::map<std::string, std::string> sections(const std::string& truth) {
  std::map<std::string, std::string> result;
  std::string* section = nullptr;
  std::istringstream text(truth);
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("# ")) {
      section = &result[line];
    } else if (section != nullptr) {
      section->append(line).append("\n");
    }
  }
  return result;
}

void expect_truth_is_what_the_oracle_finds(const CentreRun& centre_run) {
  const oracle::Floor floor(centre_run.lines, {});
  const auto truth = sections(centre_run.truth);
  ASSERT_EQ(truth.size(), 26U);
  for (const std::string by : {"queue", "client", "agent", "lead", "chat", "chat-agent"})
    for (const std::string every : {"15m", "total"})
      for (const std::string basis : {"arrival", "event"}) {
        const std::string name = "# by=" + by + " every=" + every + " basis=" + basis;
        ASSERT_TRUE(truth.contains(name)) << name;
        oracle::Query query;
        query.by = by;
        query.every = every;
        query.basis = basis;
        EXPECT_EQ(truth.at(name), floor.csv(query)) << name;
      }
  for (const std::string every : {"15m", "total"}) {
    EXPECT_EQ(truth.at("# by=deal every=" + every), floor.csv({.by = "deal", .every = every}));
  }
}

core::DecodedBatch decode(const std::vector<std::string>& lines) {
  core::DecodedBatch batch;
  const auto decoder = ingest::make_canonical_decoder();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    core::RawMessage message;
    message.value = lines[i];
    decoder->decode(message, static_cast<std::uint32_t>(i), batch);
  }
  return batch;
}

std::size_t count_of(const core::DecodedBatch& batch, core::EventType type) {
  return static_cast<std::size_t>(
      std::count_if(batch.events.begin(), batch.events.end(), [&](const core::Event& e) { return e.type == type; }));
}

}  // namespace

TEST(Generate, SameSeedGivesTheSameBytesOnEveryMachine) {
  // If the simulation is changed on purpose, put the new value here: it is what other machines must get as well.
  EXPECT_EQ(fnv1a(run(centre(300, 42)).lines), 6940185624651141667ULL);
  EXPECT_NE(fnv1a(run(centre(300, 43)).lines), fnv1a(run(centre(300, 42)).lines));
}

TEST(Generate, TruthIsWhatTheOracleFinds) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) expect_truth_is_what_the_oracle_finds(run(centre(900, seed)));
}

TEST(Generate, TruthOfAShortBusyCentreIsWhatTheOracleFinds) {
  Options options = centre(1'500, 5);
  options.length = core::Millis{3'600'000};
  options.start += core::Millis{9 * 3'600'000 + 12 * 60'000};
  options.agents = 40;
  options.clients = 3;
  options.queues = 18;
  expect_truth_is_what_the_oracle_finds(run(options));
}

TEST(Generate, TruthOfAHurriedCentreIsWhatTheOracleFinds) {
  Options options = centre(3'000, 6);
  options.daily_curve = false;
  options.visits_per_hour = 600'000;
  options.hurry = 200;
  expect_truth_is_what_the_oracle_finds(run(options));
}

TEST(Generate, TruthOfSeveralDaysIsWhatTheOracleFinds) {
  Options options = centre(1'500, 7);
  options.length = core::Millis{3 * 24 * 3'600'000};
  expect_truth_is_what_the_oracle_finds(run(options));
}

TEST(Generate, DisturbanceChangesTheDeliveryOnly) {
  const CentreRun quiet = run(centre(400, 8));
  Options options = centre(400, 8);
  options.disturbance = {core::Millis{30'000}, 50'000, 50'000, core::Millis{4 * 3'600'000}, 0};
  const CentreRun rough = run(options);
  EXPECT_EQ(rough.truth, quiet.truth);
  EXPECT_NE(rough.lines, quiet.lines);
  EXPECT_GT(rough.summary.duplicates, 0U);
  EXPECT_EQ(rough.lines.size(), rough.summary.events + rough.summary.duplicates);
  EXPECT_EQ(std::set(rough.lines.begin(), rough.lines.end()), std::set(quiet.lines.begin(), quiet.lines.end()));
}

TEST(Generate, EveryEventIsValidAndKeyedByItsRoutingKey) {
  const CentreRun centre_run = run(centre(1'000, 9));
  const core::DecodedBatch batch = decode(centre_run.lines);
  ASSERT_TRUE(batch.rejections.empty()) << batch.rejections.front().detail;
  EXPECT_EQ(batch.skipped, 0U);
  ASSERT_EQ(batch.events.size(), centre_run.lines.size());
  for (const core::Event& event : batch.events) ASSERT_EQ(core::routing_key(event), centre_run.keys[event.message]);
}

TEST(Generate, EveryBadMessageIsADeadLetter) {
  Options options = centre(1'500, 10);
  options.disturbance.bad_ppm = 20'000;
  const CentreRun centre_run = run(options);
  ASSERT_GT(centre_run.summary.bad, 2 * simulation::BadMessages::kinds());
  const core::DecodedBatch batch = decode(centre_run.lines);
  EXPECT_EQ(batch.rejections.size(), centre_run.summary.bad);
  EXPECT_EQ(batch.events.size(), centre_run.summary.events);
  EXPECT_EQ(batch.skipped, 0U);
  std::set<core::RejectReason> reasons;
  for (const core::Rejection& rejection : batch.rejections) reasons.insert(rejection.reason);
  EXPECT_GE(reasons.size(), 6U);
}

TEST(Generate, AsManyVisitsBeginAsWereAskedFor) {
  const CentreRun centre_run = run(centre(1'234, 11));
  EXPECT_EQ(centre_run.summary.visits, 1'234U);
  const core::DecodedBatch batch = decode(centre_run.lines);
  EXPECT_EQ(count_of(batch, core::EventType::kContactQueued), 1'234U);
  EXPECT_EQ(count_of(batch, core::EventType::kContactAnswered) + count_of(batch, core::EventType::kContactLeftQueue),
            1'234U);
}

TEST(Generate, EveryTypeOfEventOccurs) {
  const CentreRun centre_run = run(centre(4'000, 12));
  const core::DecodedBatch batch = decode(centre_run.lines);
  for (std::size_t type = 0; type < core::kEventTypes; ++type)
    EXPECT_GT(count_of(batch, static_cast<core::EventType>(type)), 0U) << core::kEventTypeWords[type];
}

TEST(Generate, WaitsOfExactlyTheThresholdsOccur) {
  const CentreRun centre_run = run(centre(3'000, 13));
  const core::DecodedBatch batch = decode(centre_run.lines);
  std::map<std::string_view, core::EventTime> begins;
  for (const core::Event& event : batch.events)
    if (event.type == core::EventType::kContactQueued) begins[event.visit] = event.time;
  std::map<core::Millis, int> exact;
  for (const core::Event& event : batch.events)
    if (event.type == core::EventType::kContactAnswered || event.type == core::EventType::kContactLeftQueue)
      ++exact[event.time - begins.at(event.visit)];
  EXPECT_GT(exact[core::Millis{5'000}], 3);
  EXPECT_GT(exact[core::Millis{20'000}], 3);
}

TEST(Generate, AStoppedCentreSaysSo) {
  const Options options = centre(0, 14);
  std::size_t left = 500;
  const auto summary = simulation::simulate(
      options, simulation::make_plan(options), nullptr,
      [&](core::EventTime, std::string_view, std::string_view) -> core::Result<bool> { return --left > 0; });
  ASSERT_TRUE(summary);
  EXPECT_FALSE(summary->complete);
}

TEST(Generate, AFailingOutletEndsTheCentreWithItsFailure) {
  const Options options = centre(50, 15);
  const auto summary =
      simulation::simulate(options, simulation::make_plan(options), nullptr,
                           [](core::EventTime, std::string_view, std::string_view) -> core::Result<bool> {
                             return core::fail("disk full");
                           });
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().message, "disk full");
}

TEST(GenerateOptionsTest, EveryErrorIsToldAtOnce) {
  app::GenerateOptions words;
  words.visits = 0;
  words.start = "yesterday";
  words.hours = 0;
  words.disorder = "30";
  words.duplicates = "1.5";
  words.late = "0.01";
  words.bad = "x";
  words.rate = "fast";
  words.speed = "0";
  words.kafka = "localhost:9092";
  words.truth = "truth.csv";
  const auto order = app::understand(words, core::wall_time(0));
  ASSERT_FALSE(order);
  EXPECT_EQ(order.error().size(), 10U);
}

TEST(GenerateOptionsTest, LiveCentreBeginsNowAndIsEndless) {
  app::GenerateOptions words;
  words.speed = "60";
  const auto order = app::understand(words, core::wall_time(1'800'000'000'123));
  ASSERT_TRUE(order);
  EXPECT_EQ(order->centre.visits, 0U);
  EXPECT_EQ(order->centre.start, core::event_time(1'800'000'000'123));
  EXPECT_EQ(order->pace.start, order->centre.start);
}

TEST(GenerateOptionsTest, RateOfALiveCentreChoosesItsLoad) {
  app::GenerateOptions words;
  words.speed = "1";
  words.rate = "2000/s";
  const auto order = app::understand(words, core::wall_time(0));
  ASSERT_TRUE(order);
  Options options = order->centre;
  options.visits = 20'000;
  const CentreRun centre_run = run(options);
  const std::int64_t seconds = (centre_run.summary.as_of - options.start).count() / 1'000;
  ASSERT_GT(seconds, 60);
  std::map<std::int64_t, int> by_minute;
  for (const core::Event& event : decode(centre_run.lines).events)
    ++by_minute[core::floor_div(core::to_ms(event.time), 60'000)];
  EXPECT_NEAR(by_minute[1], 120'000, 12'000);  // the second minute: everybody is busy by then
}

TEST(GenerateOptionsTest, LateIsAShareAndASpan) {
  app::GenerateOptions words;
  words.late = "0.01:4h";
  const auto order = app::understand(words, core::wall_time(0));
  ASSERT_TRUE(order);
  EXPECT_EQ(order->centre.disturbance.late_ppm, 10'000U);
  EXPECT_EQ(order->centre.disturbance.late_by, core::Millis{4 * 3'600'000});
}

TEST(GenerateRandom, ExponentialHasItsMeanAndItsTail) {
  simulation::Random random(1, simulation::Random::Stream::kVisits);
  constexpr int kDraws = 200'000;
  std::int64_t sum = 0;
  int beyond_twice = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::int64_t value = random.exponential(10'000);
    sum += value;
    beyond_twice += value > 20'000 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(sum) / kDraws, 10'000, 100);
  EXPECT_NEAR(static_cast<double>(beyond_twice) / kDraws, 0.1353, 0.004);  // e^-2
}

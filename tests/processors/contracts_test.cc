// Golden cases of contracts: a configuration as a user writes it, a log, and the figures by profile.
#include "processors/contracts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "config/load.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::Engine;
using test_support::event_line;

core::FigureConfig configured(const std::string& text, const std::string& file = "c.yaml") {
  const auto config = config::load(text, file);
  if (config) return config->figures;
  std::string errors;
  for (const auto& error : config.error()) errors += config::to_string(error) + "\n";
  throw std::invalid_argument(errors);
}

/// A log written by hand: visits of one queue, each with its begin, its wait and how it ended.
class Log {
 public:
  Log& answered(const char* queued, int wait_ms) {
    return ended(queued, wait_ms, "contact.answered", R"("agent":"anna")");
  }
  Log& abandoned(const char* queued, int wait_ms) {
    return ended(queued, wait_ms, "contact.left_queue", R"("reason":"caller")");
  }
  Log& flowed_out(const char* queued, int wait_ms) {
    return ended(queued, wait_ms, "contact.left_queue", R"("reason":"closed")");
  }
  Log& waiting(const char* queued) {
    begin(queued);
    return *this;
  }
  Log& line(std::string text) {
    lines_.push_back(std::move(text));
    return *this;
  }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::string begin(const char* queued) {
    const std::string contact = fmt::format("c{:04}", ++contacts_);
    lines_.push_back(event_line("contact.queued", contact, queued, R"("queue":"acme-sales","channel":"voice")"));
    return contact;
  }
  Log& ended(const char* queued, int wait_ms, const char* type, const char* data) {
    const std::string contact = begin(queued);
    const core::EventTime end = *core::parse_rfc3339(queued) + core::Millis{wait_ms};
    lines_.push_back(event_line(type, contact, core::format_rfc3339(end), data));
    return *this;
  }

  std::vector<std::string> lines_;
  int contacts_ = 0;
};

/// The named columns of each row of `figures --by profile`, with blanks between, lines apart.
std::string rows(Engine& engine, std::map<std::string, std::string> words, const std::vector<std::string>& columns) {
  words["by"] = "profile";
  std::string text;
  for (const auto& row : test_support::csv_rows(engine.csv(words))) {
    for (const std::string& column : columns) text += (column == columns.front() ? "" : " ") + row.at(column);
    text += '\n';
  }
  return text;
}
std::string rows(const core::FigureConfig& config, const Log& log, const std::vector<std::string>& columns,
                 const std::map<std::string, std::string>& words = {}) {
  Engine engine(config);
  engine.feed(log.lines());
  return rows(engine, words, columns);
}

std::string profile(const std::string& version, const std::string& more = "") {
  return "clients:\n  acme:\n    timezone: America/New_York\n    queues: [acme-sales]\n    sla:\n      - name: "
         "voice\n" +
         more + "        versions:\n          - {" + version + "}\n";
}

/// 100 visits: answered within 70 and later 12; abandoned short 4, within 4, later 5; flowed out within 2, later 3.
Log test_day() {
  Log log;
  const char* const at = "2026-03-02T15:00:00Z";
  for (int i = 0; i < 70; ++i) log.answered(at, 20'000);
  for (int i = 0; i < 12; ++i) log.answered(at, 20'001);
  for (int i = 0; i < 4; ++i) log.abandoned(at, 5'000), log.abandoned(at, 5'001);
  for (int i = 0; i < 5; ++i) log.abandoned(at, 30'000);
  for (int i = 0; i < 2; ++i) log.flowed_out(at, 20'000);
  for (int i = 0; i < 3; ++i) log.flowed_out(at, 21'000);
  return log;
}

TEST(Contracts, TheTestDayByAllElevenFormulas) {
  constexpr std::array<const char*, 11> kFigures = {"0.853659", "0.700000", "0.729167", "0.736842",
                                                    "0.769231", "0.804598", "0.777778", "0.714286",
                                                    "0.795918", "0.800000", "0.821053"};
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    const std::string formula(core::kFormulaWords[i]);
    EXPECT_EQ(rows(configured(profile("formula: " + formula + ", target: 80%")), test_day(),
                   {"offered", "answered_within", "answered_late", "abandoned_short", "abandoned_within",
                    "abandoned_late", "flowed_out_within", "flowed_out_late", "figure"}),
              "100 70 12 4 4 5 2 3 " + std::string(kFigures[i]) + "\n")
        << formula;
  }
}

TEST(Contracts, VisitsThatBeginOutsideTheHoursCountInFiguresButNotInTheContract) {
  const std::string calendar =
      "calendars:\n  hours:\n    timezone: America/New_York\n    week: {mon-fri: [\"08:00-20:00\"], sat: "
      "\"09:00-13:00\"}\n"
      "    holidays: [2026-03-03, {date: 2026-03-04, hours: [\"08:00-12:00\"]}]\n";
  const core::FigureConfig config = configured(calendar + profile("calendar: hours"));
  Log log;
  log.answered("2026-03-02T12:59:59.999Z", 1000);  // Monday, 07:59:59.999 in New York
  log.answered("2026-03-02T13:00:00Z", 1000);
  log.answered("2026-03-03T00:59:59.999Z", 60'000);  // 19:59:59.999: it began in time
  log.answered("2026-03-03T01:00:00Z", 1000);
  log.answered("2026-03-03T15:00:00Z", 1000);  // a holiday
  log.answered("2026-03-04T16:59:59Z", 1000);  // half a holiday
  log.answered("2026-03-04T17:00:00Z", 1000);
  log.answered("2026-03-07T14:30:00Z", 1000);  // Saturday
  log.answered("2026-03-08T14:30:00Z", 1000);  // Sunday
  EXPECT_EQ(rows(config, log, {"offered", "numerator", "denominator"}), "4 3 4\n");
  Engine engine(config);
  engine.feed(log.lines());
  EXPECT_EQ(test_support::csv_rows(engine.csv({{"by", "client"}})).at(0).at("offered"), "9");
}

TEST(Contracts, ANightShiftGoesOverMidnightAndBelongsToTheDaysOfTheClientsClock) {
  const std::string calendar =
      "calendars:\n  nights:\n    timezone: America/New_York\n    week: {mon-fri: [\"22:00-06:00\"]}\n";
  Log log;
  log.answered("2026-03-03T02:59:00Z", 1000);  // Monday 21:59
  log.answered("2026-03-03T03:00:00Z", 1000);  // Monday 22:00
  log.answered("2026-03-03T10:59:00Z", 1000);  // Tuesday 05:59
  log.answered("2026-03-03T11:00:00Z", 1000);  // Tuesday 06:00
  log.answered("2026-03-07T10:30:00Z", 1000);  // Saturday 05:30, of Friday's shift
  log.answered("2026-03-08T04:00:00Z", 1000);  // Saturday 23:00
  EXPECT_EQ(rows(configured(calendar + profile("calendar: nights, period: day")), log, {"start", "offered"}),
            "2026-03-02T05:00:00Z 1\n2026-03-03T05:00:00Z 1\n2026-03-07T05:00:00Z 1\n");
}

/// New York's clock goes from 02:00 to 03:00 on 8 March and from 02:00 back to 01:00 on 1 November 2026.
TEST(Contracts, DaysOfAClockThatIsSet) {
  Log log;
  log.answered("2026-03-08T05:00:00Z", 1000)
      .answered("2026-03-09T03:59:59Z", 1000)
      .answered("2026-03-09T04:00:00Z", 1000);
  log.answered("2026-11-01T04:00:00Z", 1000)
      .answered("2026-11-02T04:59:59Z", 1000)
      .answered("2026-11-02T05:00:00Z", 1000);
  EXPECT_EQ(rows(configured(profile("period: day")), log, {"start", "end", "offered"}),
            "2026-03-08T05:00:00Z 2026-03-09T04:00:00Z 2\n2026-03-09T04:00:00Z 2026-03-10T04:00:00Z 1\n"
            "2026-11-01T04:00:00Z 2026-11-02T05:00:00Z 2\n2026-11-02T05:00:00Z 2026-11-03T05:00:00Z 1\n");
}

TEST(Contracts, AnExclusionCutsThroughAnInterval) {
  Log log;
  log.answered("2026-03-03T15:09:59.999Z", 60'000).answered("2026-03-03T15:10:00Z", 60'000);
  log.abandoned("2026-03-03T15:20:00Z", 60'000).answered("2026-03-03T15:21:00Z", 1000);
  const core::FigureConfig config =
      configured(profile("target: 80%",
                         "        exclusions: [{from: 2026-03-03T10:10-05:00, to: 2026-03-03T10:21-05:00, reason: "
                         "network down, by: shift lead}]\n"));
  EXPECT_EQ(rows(config, log, {"offered", "figure", "met"}), "2 0.500000 no\n");
}

TEST(Contracts, EachVisitIsJudgedByTheVersionInForceWhenItBegan) {
  const std::string text =
      "clients:\n  acme:\n    timezone: America/New_York\n    queues: [acme-sales]\n    sla:\n      - name: voice\n"
      "        versions:\n          - {valid_from: 2026-01-01, threshold: 20s, target: 90%}\n"
      "          - {valid_from: 2026-03-16, threshold: 30s, target: 60%}\n";
  Log log;
  log.answered("2026-03-16T03:59:59Z", 25'000);  // 15 March, 23:59:59 in New York
  log.answered("2026-03-16T04:00:00Z", 25'000).answered("2026-03-20T15:00:00Z", 30'000);
  EXPECT_EQ(rows(configured(text), log, {"start", "figure", "target", "met"}),
            "2026-03-01T05:00:00Z 0.666667 0.600000 yes\n");
  EXPECT_EQ(rows(configured(text), log, {"start", "figure", "target"}, {{"every", "day"}}),
            "2026-03-15T04:00:00Z 0.000000 0.900000\n2026-03-16T04:00:00Z 1.000000 0.600000\n"
            "2026-03-20T04:00:00Z 1.000000 0.600000\n");
}

TEST(Contracts, IntervalsMetAreCountedWhereThereIsVolumeEnough) {
  Log log;
  const auto visits = [&](const char* at, int good, int bad) {
    for (int i = 0; i < good; ++i) log.answered(at, 1000);
    for (int i = 0; i < bad; ++i) log.answered(at, 60'000);
  };
  visits("2026-03-02T15:00:00Z", 8, 2);  // exactly 80 %
  visits("2026-03-02T15:29:59Z", 5, 0);  // the same half-hour: 13 of 15
  visits("2026-03-02T15:30:00Z", 3, 2);  // missed
  visits("2026-03-02T16:00:00Z", 0, 4);  // too few to count
  visits("2026-03-03T16:00:00Z", 10, 0);
  const core::FigureConfig config = configured(profile(
      "target: 80%, aggregate: intervals_met, interval: 30m, min_volume: 5, credits: {fee: 1000 USD, tiers: [{below: "
      "70%, credit: 10%}]}"));
  EXPECT_EQ(
      rows(config, log, {"numerator", "denominator", "figure", "target", "met", "credit_rate", "credit", "currency"}),
      "2 3 0.666667 0.800000 no 0.100000 100.00 USD\n");
  EXPECT_EQ(rows(config, log, {"credit_rate", "credit"}, {{"every", "day"}}), " \n \n") << "they are of the period";
  EXPECT_EQ(rows(config, log, {"numerator", "denominator", "figure", "met"}, {{"every", "30m"}}),
            "13 15 0.866667 yes\n3 5 0.600000 no\n0 4 0.000000 no\n10 10 1.000000 yes\n");
}

TEST(Contracts, OfAVolumeBeyondTheForecastsBandOnlyTheFirstVisitsAreJudged) {
  const test_support::TempDir folder;
  std::ofstream(folder.path() / "forecast.csv")
      << "start,offered\n2026-03-02T15:00Z,3\n2026-03-02T15:30:00Z,10\n2026-03-02T16:00-00:00,0\n";
  const core::FigureConfig config =
      configured(profile("target: 80%, interval: 30m, volume_band: {forecast: forecast.csv, up_to: 110%}"),
                 (folder.path() / "c.yaml").string());
  Log log;
  // The forecast is 3, the band ends at ⌊3.3⌋ = 3: the later two are not judged.
  log.answered("2026-03-02T15:10:00Z", 60'000).answered("2026-03-02T15:02:00Z", 1000);
  log.answered("2026-03-02T15:01:00Z", 1000).answered("2026-03-02T15:12:00Z", 60'000);
  log.answered("2026-03-02T15:03:00Z", 60'000);
  log.answered("2026-03-02T15:31:00Z", 1000);
  log.answered("2026-03-02T16:00:00Z", 60'000);  // none of it
  log.answered("2026-03-02T17:00:00Z", 1000);    // no forecast: all of it
  EXPECT_EQ(rows(config, log, {"offered", "numerator", "denominator", "figure"}), "5 4 5 0.800000\n");
  EXPECT_EQ(rows(config, log, {"offered", "numerator", "denominator"}, {{"every", "day"}}), "5 4 5\n");
  EXPECT_EQ(rows(config, log, {"offered"}, {{"every", "30m"}}), "3\n1\n1\n") << "nothing is left of 11:00";
  EXPECT_EQ(rows(config, log, {"offered"}, {{"every", "15m"}}), "5\n1\n1\n1\n") << "parts of an interval are whole";
  Engine engine(config);
  engine.feed(log.lines());
  for (auto* shard : engine.floor().shards()) shard->retain_since(*core::parse_rfc3339("2026-03-03T00:00:00Z"));
  EXPECT_EQ(rows(engine, {}, {"figure", "met"}), " \n") << "the contacts may be gone: no half figure";
}

TEST(Contracts, TheInsurersYear) {
  const std::string text =
      "store: {keep_contacts: 430d}\n"
      "clients:\n  insurer:\n    queues: [acme-sales]\n    sla:\n"
      "      - name: wait\n        metric: mean_wait\n        versions:\n"
      "          - {at_most: 45s, period: year, rounding: 0, credits: {fee: 120000 EUR, tiers: [{above: 45s, credit: "
      "25%}, "
      "{above: 48s, credit: 50%}, {above: 51s, credit: 75%}, {above: 54s, credit: 100%}]}}\n"
      "      - name: lost\n        metric: abandonment_rate\n        versions:\n"
      "          - {at_most: 5%, short_abandon: 4.999s, period: year, rounding: 0}\n";
  Log log;
  for (int i = 0; i < 19; ++i) log.answered("2026-02-02T10:00:00Z", 45'000);
  log.answered("2026-09-02T10:00:00Z", 55'000);  // the mean of 20 is 45.5 s, which is 46
  log.abandoned("2026-05-02T10:00:00Z", 4'999);  // no abandon, and not offered
  log.abandoned("2026-05-02T10:00:00Z", 5'000);
  EXPECT_EQ(
      rows(configured(text), log,
           {"profile", "offered", "numerator", "denominator", "figure", "target", "met", "credit_rate", "credit"}),
      "wait 22 910000 20 45.500 45.000 no 0.250000 30000.00\n"
      "lost 22 1 21 0.047619 0.050000 yes  \n");
}

TEST(Contracts, HandleTimesAndLeadsAreJudgedToo) {
  const std::string text =
      "clients:\n  acme:\n    queues: [acme-sales]\n    leads: {target: 5m}\n    sla:\n"
      "      - {name: handle, metric: mean_handle, versions: [{at_most: 5m}]}\n"
      "      - {name: leads, metric: lead_response, versions: [{target: 50%}]}\n";
  Log log;
  log.answered("2026-03-02T10:00:00Z", 0);
  log.line(event_line("contact.ended", "c0001", "2026-03-02T10:04:00Z", R"("agent":"anna")"));
  log.line(event_line("contact.wrapped", "c0001", "2026-03-02T10:05:00Z", R"("agent":"anna")"));
  for (const char* lead : {"l1", "l2", "l3"}) {
    log.line(event_line("lead.created", lead, "2026-03-02T10:00:00Z", R"("client":"acme")"));
  }
  log.line(event_line("lead.contacted", "l1", "2026-03-02T10:05:00Z"));
  log.line(event_line("lead.contacted", "l2", "2026-03-02T10:05:00.001Z"));
  EXPECT_EQ(rows(configured(text), log, {"profile", "offered", "figure", "met"}),
            "handle 1 300.000 yes\nleads 3 0.333333 no\n");
}

std::string state(const char* agent, const std::string& clock, const char* word, const char* more = "") {
  return event_line("agent.state", agent, "2026-03-02T" + clock + "Z", std::string(R"("state":")") + word + '"' + more);
}
std::string occupancy(const std::string& version, const std::string& more = "") {
  return "calendars:\n  hours: {timezone: UTC, week: {mon-sun: [\"09:05-17:00\"]}}\nclients:\n  acme:\n    sla:\n"
         "      - name: busy\n        metric: occupancy\n" +
         more + "        versions: [{" + version + "}]\n";
}
constexpr const char* kOfAcme = R"(,"client":"acme")";

/// The home client is the one stated last, and a day's time belongs to it whole.
TEST(Contracts, OccupancyIsOfTheAgentsWhoseHomeIsTheClient) {
  Log log;
  log.line(state("anna", "09:00:00", "available")).line(state("anna", "09:10:00", "ringing"));
  log.line(state("anna", "09:11:00", "on_contact")).line(state("anna", "09:20:00", "wrap", kOfAcme));
  log.line(state("anna", "09:23:00", "away")).line(state("anna", "09:30:00", "offline"));
  log.line(state("bob", "09:00:00", "on_contact", kOfAcme)).line(state("bob", "09:40:00", "offline"));
  log.line(state("bob", "10:00:00", "offline", R"(,"client":"zeta")"));
  EXPECT_EQ(rows(configured(occupancy("target: 50%")), log,
                 {"metric", "offered", "numerator", "denominator", "figure", "met", "misses", "misses_left"}),
            "occupancy 0 720000 1320000 0.545455 yes  \n");
}

TEST(Contracts, OccupancyIsCutByHoursAndExclusionsToTheMillisecond) {
  Log log;
  log.line(state("anna", "09:00:00", "on_contact", kOfAcme)).line(state("anna", "09:20:00", "available"));
  log.line(state("anna", "09:40:00", "offline"));
  const std::string excluded =
      "        exclusions:\n          - {from: 2026-03-02T09:06:00Z, to: 2026-03-02T09:08:00Z, reason: x}\n"
      "          - {from: 2026-03-02T09:07:00Z, to: 2026-03-02T09:09:00.5Z, reason: y}\n"
      "          - {from: 2026-03-02T09:30:00Z, to: 2026-03-02T09:31:00Z, reason: z}\n";
  EXPECT_EQ(rows(configured(occupancy("target: 50%, calendar: hours", excluded)), log, {"numerator", "denominator"}),
            "719500 1859500\n")
      << "on_contact from 09:05 to 09:20 less 210.5 s, available 20 min less 1 min";
}

TEST(Contracts, OccupancyHasIntervalsAndCountsThoseThatMetTheTarget) {
  Log log;
  log.line(state("anna", "09:00:00", "on_contact", kOfAcme)).line(state("anna", "09:20:00", "available"));
  log.line(state("anna", "10:10:00", "offline"));
  const auto config = configured(occupancy("target: 50%, aggregate: intervals_met, intervals_target: 40%"));
  EXPECT_EQ(rows(config, log, {"start", "figure"}, {{"every", "30m"}}),
            "2026-03-02T09:00:00Z 0.666667\n2026-03-02T09:30:00Z 0.000000\n2026-03-02T10:00:00Z 0.000000\n");
  EXPECT_EQ(rows(config, log, {"numerator", "denominator", "met", "misses_left"}), "1 3 no -1\n");
}

/// The state that runs counts up to as-of, and is no more if it turns out to have been given up.
TEST(Contracts, ARunningStateIsInTheOccupancyUntilItIsGivenUp) {
  Engine engine(configured(occupancy("at_most: 90%, period: day")));
  Log log;
  log.line(state("anna", "09:00:00", "available", kOfAcme)).line(state("anna", "09:10:00", "on_contact"));
  log.line(state("bob", "09:30:00", "away"));
  engine.feed(log.lines());
  EXPECT_EQ(rows(engine, {}, {"numerator", "denominator", "met"}), "1200000 1800000 yes\n");
  engine.feed({event_line("agent.state", "bob", "2026-03-03T09:30:00Z", R"("state":"away")")});
  EXPECT_EQ(rows(engine, {}, {"start", "numerator", "denominator"}), "2026-03-02T00:00:00Z 0 600000\n");
}

TEST(Contracts, TheFirstProfileOfTheServiceLevelJudgesAVisitAndOtherMetricsJudgeItBeside) {
  const std::string text =
      "clients:\n  acme:\n    queues: [acme-sales, acme-care]\n    sla:\n"
      "      - {name: care, applies_to: {queues: acme-care}, versions: [{threshold: 60s}]}\n"
      "      - {name: wait, metric: mean_wait, versions: [{at_most: 45s}]}\n"
      "      - {name: rest, versions: [{threshold: 10s}]}\n";
  Log log;
  log.answered("2026-03-02T10:00:00Z", 30'000);
  log.line(event_line("contact.queued", "x", "2026-03-02T10:00:00Z", R"("queue":"acme-care","channel":"voice")"));
  log.line(event_line("contact.answered", "x", "2026-03-02T10:00:30Z", R"("agent":"anna")"));
  EXPECT_EQ(rows(configured(text), log, {"profile", "offered", "figure"}),
            "care 1 1.000000\nwait 2 30.000\nrest 1 0.000000\n");
}

/// As-of is 10:01: one has waited for longer than T, the other has not.
TEST(Contracts, OpenVisitsBeyondTheirThresholdHaveMissedAndTheRunningMonthIsProjected) {
  Engine engine(configured(profile("target: 80%")));
  Log log;
  for (const char* day : {"2026-03-03", "2026-03-10", "2026-03-17", "2026-03-24"}) {
    for (int i = 0; i < 10; ++i) log.answered((std::string(day) + "T15:00:00Z").c_str(), i < 9 ? 1000 : 60'000);
  }
  log.waiting("2026-03-31T15:00:00Z").waiting("2026-03-31T15:00:50Z").answered("2026-03-31T15:00:55Z", 5'000);
  engine.feed(log.lines());
  core::FigureQuery query;
  query.by = core::FigureKey::kProfile;
  processors::ReadPoint point;
  point.as_of = engine.as_of(), point.watermark = engine.as_of();
  processors::ContractReader reader(engine.floor().shards(), engine.floor().config(), point);
  const auto figures = reader.running();
  ASSERT_EQ(figures.size(), 1u);
  const auto& march = figures[0];
  EXPECT_EQ(march.figure, (processors::Fraction{37, 42}));
  EXPECT_EQ(march.sums[processors::ContractCount::kOffered], 43);
  EXPECT_EQ(march.status, processors::Status::kLive);
  // 31 March is the last day, a Tuesday as the four before: 10 judged, 9 of them in time, of which 2 have come.
  ASSERT_TRUE(march.rest.has_value());
  EXPECT_EQ(*march.rest, (processors::Fraction{7, 8}));
  EXPECT_EQ(processors::misses_left(march.figure, march.rest->denominator, march.by), 10 - 5);
}

TEST(Contracts, DoNotDependOnTheOrderOfEventsNorOnShardsOrTheArchive) {
  const std::string calendar =
      "calendars:\n  hours:\n    timezone: America/New_York\n    week: {mon-sun: [\"08:00-20:00\"]}\n";
  const core::FigureConfig config = configured(
      calendar + profile("calendar: hours, aggregate: intervals_met, target: 70%, min_volume: 2, period: day"));
  Log log;
  for (int day = 1; day < 28; ++day) {
    for (int i = 0; i < 40; ++i) {
      const auto at = fmt::format("2026-03-{:02}T{:02}:{:02}:00Z", day, (i * 7) % 24, (i * 13) % 60);
      i % 3 == 0 ? log.abandoned(at.c_str(), 1000 * i) : log.answered(at.c_str(), 900 * i);
    }
  }
  const std::vector<std::string> columns = {"start", "offered", "numerator", "denominator", "figure", "met"};
  Engine plain(config);
  plain.feed(log.lines());
  const std::string expected = rows(plain, {}, columns);
  EXPECT_GT(std::ranges::count(expected, '\n'), 20);
  std::vector<std::string> backwards(log.lines().rbegin(), log.lines().rend());
  Engine other(config, {.shards = 3, .threads = 2, .batch = 100, .awake = 4});
  other.feed(backwards);
  EXPECT_EQ(rows(other, {}, columns), expected);
  EXPECT_EQ(other.digest(), plain.digest());
  other.floor().rebuild();
  EXPECT_EQ(rows(other, {}, columns), expected);
}

/// As /metrics reads: again and again, while events come, some of them late, and intervals leave memory.
TEST(Contracts, WhatIsKnownOfADayIsReadAgainWhenAnEventChangesIt) {
  const core::FigureConfig config = configured(profile("aggregate: intervals_met, target: 60%, min_volume: 1"));
  Log log;
  for (int day = 1; day < 20; ++day) {
    for (int i = 0; i < 12; ++i) {
      const auto at = fmt::format("2026-03-{:02}T{:02}:{:02}:00Z", day, 8 + i, (i * 13) % 60);
      i % 3 == 0 ? log.abandoned(at.c_str(), 1000 * i) : log.answered(at.c_str(), 3000 * i);
    }
  }
  std::vector<std::string> lines = log.lines();
  for (std::size_t i = 0; i + 200 < lines.size(); i += 37) std::swap(lines[i], lines[i + 200]);  // A week late.
  Engine engine(config, {.shards = 3, .threads = 1, .batch = 20, .awake = 2});
  processors::KnownDays known;
  for (std::size_t first = 0; first < lines.size(); first += 60) {
    const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(first);
    engine.feed({begin, begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(60, lines.size() - first))});
    processors::ReadPoint point;
    point.as_of = point.watermark.emplace(engine.as_of());
    const auto running = [&](processors::ContractReader::Reach reach, processors::KnownDays* days) {
      processors::ContractReader reader(engine.floor().shards(), engine.floor().config(), point, reach, days);
      return reader.running().at(0);
    };
    const auto fresh = running(processors::ContractReader::Reach::kAll, nullptr),
               again = running(processors::ContractReader::Reach::kRunning, &known);
    ASSERT_EQ(again.figure, fresh.figure) << "after " << first << " events";
    ASSERT_EQ(again.rest, fresh.rest);
    ASSERT_TRUE(again.sums.same_as(fresh.sums));
  }
  EXPECT_GT(known.days.size(), 15u);
}

}  // namespace

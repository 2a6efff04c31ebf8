// The oracle against figures that were worked out by hand from the contract.
#include "tests/oracle/oracle.h"

#include <gtest/gtest.h>

#include "tests/oracle/calendar.h"
#include "tests/oracle/configuration.h"
#include "tests/oracle/numbers.h"
#include "tests/oracle/table_reader.h"
#include "tests/support/random.h"
#include "tests/support/random_log.h"

namespace oracle {
namespace {

/// A log of one day, 2026-03-02. The subject is the visit, agent or lead.
class Log {
 public:
  /// `data` without braces: R"("agent":"a1")".
  Log& add(const std::string& clock, const std::string& type, const std::string& subject,
           const std::string& data = {}) {
    const std::string time = clock.size() > 12 ? clock : "2026-03-02T" + clock + "Z";
    lines_.push_back(R"({"specversion":"1.0","source":"/s","id":"e)" + std::to_string(1000 + lines_.size()) +
                     R"(","type":")" + type + R"(","time":")" + time + R"(","subject":")" + subject + R"(","data":{)" +
                     data + "}}");
    return *this;
  }

  TableReader figures(const Query& query = {}, const Options& options = {}) const {
    return TableReader(figures_csv(lines_, options, query));
  }

 private:
  std::vector<std::string> lines_;
};

Query asked(const std::string& by, const std::string& every = "total", const std::string& basis = "arrival") {
  Query query;
  query.by = by;
  query.every = every;
  query.basis = basis;
  return query;
}

Query window(const std::string& by, const std::string& length) {
  Query query = asked(by);
  query.window = length;
  return query;
}

Options with_profile(const Version& version) {
  Options options;
  options.clients["default"].profiles = {{.versions = {version}}};
  return options;
}

const std::string kQueue = R"("queue":"q")";
const std::string kAgent = R"("agent":"a1")";

/// One hundred visits of the test day of sla.md: a 70, A 12, s 4, b 4, B 5, f 2, F 3.
Log test_day() {
  Log log;
  int number = 0;
  const auto visits = [&](int count, const std::string& ended, const std::string& type, const std::string& data) {
    for (int i = 0; i < count; ++i) {
      const std::string visit = "c" + std::to_string(++number);
      log.add("09:00:00", "contact.queued", visit, kQueue).add(ended, type, visit, data);
    }
  };
  visits(70, "09:00:20", "contact.answered", kAgent);
  visits(12, "09:00:20.001", "contact.answered", kAgent);
  visits(4, "09:00:05", "contact.left_queue", R"("reason":"caller")");
  visits(4, "09:00:05.001", "contact.left_queue", R"("reason":"caller_ringing")");
  visits(5, "09:00:21", "contact.left_queue", R"("reason":"abandoned")");
  visits(2, "09:00:20", "contact.left_queue", R"("reason":"overflow")");
  visits(3, "09:00:30", "contact.left_queue", R"("reason":"voicemail")");
  return log;
}

TEST(OracleServiceLevel, TheTestDayOfTheContractGivesItsElevenFigures) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"answered", "0.853659"},
      {"offered", "0.700000"},
      {"offered_less_short", "0.729167"},
      {"answered_and_abandoned", "0.736842"},
      {"answered_and_abandoned_less_short", "0.769231"},
      {"late_abandons_only", "0.804598"},
      {"sl_events_ignore_abandons", "0.777778"},
      {"sl_events_abandons_negative", "0.714286"},
      {"sl_events_abandons_positive", "0.795918"},
      {"left_queue_within", "0.800000"},
      {"answered_or_abandoned_within", "0.821053"}};
  const Log log = test_day();
  for (const auto& [formula, level] : expected) {
    EXPECT_EQ(log.figures({}, with_profile({.formula = formula}))("service_level"), level) << formula;
  }
}

TEST(OracleServiceLevel, CountsKeepTheClassesApart) {
  const TableReader day = test_day().figures();
  EXPECT_EQ(day("offered"), "100");
  EXPECT_EQ(day("answered"), "82");
  EXPECT_EQ(day("answered_within"), "70");
  EXPECT_EQ(day("answered_late"), "12");
  EXPECT_EQ(day("abandoned"), "13");
  EXPECT_EQ(day("abandoned_short"), "4");
  EXPECT_EQ(day("abandoned_within"), "4");
  EXPECT_EQ(day("abandoned_late"), "5");
  EXPECT_EQ(day("flowed_out"), "5");
  EXPECT_EQ(day("flowed_out_within"), "2");
  EXPECT_EQ(day("flowed_out_late"), "3");
  EXPECT_EQ(day("abandonment_rate"), "0.130000");
}

TEST(OracleServiceLevel, AProfileNamesItsAbandonsAndHoldsFromItsDate) {
  Log log;
  log.add("2026-03-02T04:59:59.999Z", "contact.queued", "c1", kQueue);
  log.add("2026-03-02T05:00:00Z", "contact.queued", "c2", kQueue);
  for (const char* visit : {"c1", "c2"}) log.add("05:01:00", "contact.left_queue", visit, R"("reason":"voicemail")");
  Options options = with_profile({.abandoned_reasons = {"voicemail"}, .valid_from = "2026-03-02"});
  options.clients["default"].timezone = "America/New_York";
  const TableReader day = log.figures({}, options);
  EXPECT_EQ(day("abandoned"), "1");
  EXPECT_EQ(day("flowed_out"), "1");
}

TEST(OracleServiceLevel, TheFirstProfileThatAppliesWithAVersionInForceJudges) {
  Log log;
  const auto visit = [&](const char* name, const char* begin, const char* answered, const std::string& data) {
    log.add(begin, "contact.queued", name, data).add(answered, "contact.answered", name, kAgent);
  };
  // Each waits for 25 s.
  visit("c1", "2026-03-01T09:00:00Z", "2026-03-01T09:00:25Z", kQueue);  // by the second profile
  visit("c2", "2026-03-02T09:00:00Z", "2026-03-02T09:00:25Z", kQueue);  // by the first one's first version
  visit("c3", "2026-03-03T09:00:00Z", "2026-03-03T09:00:25Z", kQueue);  // by its second
  visit("c4", "2026-03-03T09:00:00Z", "2026-03-03T09:00:25Z", kQueue + R"(,"entry":"callback")");
  Options options;
  Profile first{.entries = {"inbound"}}, second;
  first.versions = {{.threshold = 24'999, .valid_from = "2026-03-02"},
                    {.threshold = 25'000, .valid_from = "2026-03-03"}};
  second.versions = {{.threshold = 30'000}};
  options.clients["default"].profiles = {first, second};
  const TableReader days = log.figures(asked("queue", "day"), options);
  EXPECT_EQ(days.at("start", "2026-03-01T00:00:00Z", "answered_within"), "1");
  EXPECT_EQ(days.at("start", "2026-03-02T00:00:00Z", "answered_within"), "0");
  EXPECT_EQ(days.at("start", "2026-03-03T00:00:00Z", "answered_within"), "2");
}

TEST(OracleVisits, AnOpenVisitCountsAsLateOnceItsWaitPassedTheThreshold) {
  Log log;
  log.add("09:14:50", "contact.queued", "c1", kQueue).add("09:15:10", "chat.message", "c9");
  EXPECT_EQ(log.figures()("service_level"), "");
  log.add("09:15:10.001", "chat.message", "c9");
  EXPECT_EQ(log.figures()("service_level"), "0.000000");
  EXPECT_EQ(log.figures()("answered_late"), "0");
  EXPECT_EQ(log.figures()("waiting"), "1");
  const TableReader by_event = log.figures(asked("queue", "15m", "event"));
  EXPECT_EQ(by_event.at("start", "2026-03-02T09:00:00Z", "service_level"), "");
  EXPECT_EQ(by_event.at("start", "2026-03-02T09:15:00Z", "service_level"), "0.000000");
}

TEST(OracleVisits, ExactlyAtTheLimitIsNotGivenUp) {
  Log log;
  log.add("09:00:00", "contact.queued", "c1", kQueue).add("13:00:00", "chat.message", "c9");
  EXPECT_EQ(log.figures()("waiting"), "1");
  log.add("13:00:00.001", "chat.message", "c9");
  EXPECT_EQ(log.figures()("waiting"), "0");
  EXPECT_EQ(log.figures()("unfinished"), "1");
  EXPECT_EQ(log.figures()("service_level"), "");
}

TEST(OracleVisits, TheEarlierEndHoldsAndAnEndBeforeTheBeginningIsAWaitOfZero) {
  Log log;
  log.add("09:00:10", "contact.queued", "c1", kQueue).add("08:50:00", "contact.left_queue", "c1", R"("reason":"caller")");
  log.add("09:00:20", "contact.answered", "c1", kAgent);
  EXPECT_EQ(log.figures()("abandoned_short"), "1");
  EXPECT_EQ(log.figures()("answered"), "0");
  const TableReader by_event = log.figures(asked("queue", "15m", "event"));
  EXPECT_EQ(by_event.at("start", "2026-03-02T08:45:00Z", "abandoned"), "1");
  EXPECT_EQ(by_event.at("start", "2026-03-02T08:45:00Z", "abandonment_rate"), "");
}

TEST(OracleVisits, ALaterEventMovesTheWholeVisitAndTheQueueSaysTheClient) {
  Log log;
  log.add("09:00:00", "contact.queued", "c1", R"("queue":"old","channel":"voice")");
  log.add("09:00:01", "contact.answered", "c1", R"("agent":"a1","queue":"new")");
  Options options;
  options.queue_client["new"] = "acme";
  const TableReader day = log.figures({}, options);
  EXPECT_EQ(day("client") + "/" + day("queue") + "/" + day("channel"), "acme/new/voice");
}

/// The example of metrics.md, rule 2.
Log example() {
  Log log;
  log.add("07:28:30", "contact.queued", "c1", kQueue).add("07:32:00", "contact.answered", "c1", kAgent);
  log.add("07:41:00", "contact.ended", "c1", kAgent).add("07:43:00", "contact.wrapped", "c1", kAgent);
  log.add("07:32:00", "agent.state", "a1", R"("state":"on_contact")").add("07:41:00", "agent.state", "a1", R"("state":"wrap")");
  return log.add("07:43:00", "agent.state", "a1", R"("state":"available")");
}

TEST(OracleBasis, TheExampleOfTheContract) {
  const TableReader arrival = example().figures(asked("queue", "30m"));
  EXPECT_EQ(arrival("start"), "2026-03-02T07:00:00Z");
  EXPECT_EQ(arrival("mean_handle_s"), "660.000");
  EXPECT_EQ(arrival("mean_wait_s"), "210.000");
  const TableReader event = example().figures(asked("queue", "30m", "event"));
  EXPECT_EQ(event.at("start", "2026-03-02T07:00:00Z", "offered"), "1");
  EXPECT_EQ(event.at("start", "2026-03-02T07:00:00Z", "handled"), "0");
  EXPECT_EQ(event.at("start", "2026-03-02T07:30:00Z", "answered"), "1");
  EXPECT_EQ(event.at("start", "2026-03-02T07:30:00Z", "mean_wrap_s"), "120.000");
  const TableReader agent = example().figures(asked("agent", "30m", "event"));
  EXPECT_EQ(agent("on_contact_s"), "540.000");
  EXPECT_EQ(agent("wrap_state_s"), "120.000");
  EXPECT_EQ(agent("contacts_per_hour"), "5.454545");
  EXPECT_EQ(agent("occupancy"), "1.000000");
}

TEST(OracleSegments, HoldsAreCutToTheTalkingAndASecondHeldInsideOneIsIgnored) {
  Log log;
  log.add("09:00:00", "contact.answered", "c1", kAgent).add("08:59:00", "contact.held", "c1", kAgent);
  log.add("09:01:00", "contact.held", "c1", kAgent).add("09:01:30", "contact.held", "c1", kAgent);
  log.add("09:02:00", "contact.retrieved", "c1", kAgent).add("09:09:00", "contact.held", "c1", kAgent);
  log.add("09:10:00", "contact.ended", "c1").add("09:12:00", "contact.wrapped", "c1", kAgent);
  const TableReader day = log.figures();
  EXPECT_EQ(day("mean_hold_s"), "120.000");
  EXPECT_EQ(day("mean_talk_s"), "480.000");
  EXPECT_EQ(day("mean_wrap_s"), "120.000");
  EXPECT_EQ(day("offered"), "0");
}

TEST(OracleSegments, AnEndWithoutAgentEndsWhoeverStillTalks) {
  Log log;
  log.add("09:00:00", "contact.answered", "c1", R"("agent":"a1")").add("09:05:00", "contact.transferred", "c1", kAgent);
  log.add("09:06:00", "contact.answered", "c1", R"("agent":"a2")").add("09:08:00", "contact.ended", "c1");
  Options options;
  options.sends_wrap = false;
  const TableReader agents = log.figures(asked("agent"), options);
  EXPECT_EQ(agents.at("agent", "a1", "talk_s"), "300.000");
  EXPECT_EQ(agents.at("agent", "a2", "talk_s"), "120.000");
}

TEST(OracleSegments, MarksGoToTheLatestStartAndEarlyOnesCountOnlyWhereNoneIsLater) {
  Log log;
  const std::string first = R"("visit":"v1","contact":"c1")", second = R"("visit":"v2","contact":"c1")";
  const std::string agent = R"("contact":"c1","agent":"a1")";
  log.add("09:00:00", "contact.answered", "", first + "," + kAgent).add("09:10:00", "contact.answered", "", second + "," + kAgent);
  log.add("08:50:00", "contact.ended", "", agent).add("09:03:00", "contact.wrapped", "", agent);
  log.add("09:12:00", "contact.ended", "", agent).add("09:13:00", "contact.wrapped", "", agent);
  const TableReader day = log.figures(asked("agent"));
  EXPECT_EQ(day("handled"), "2");
  EXPECT_EQ(day("talk_s"), "120.000");           // the first talked 0 ms, by its early end
  EXPECT_EQ(day("wrap_s"), "240.000");           // 3 minutes and 1 minute
}

TEST(OracleOffers, EndsWithoutIdCloseTheLatestOfferOrAreRingsOfTheirOwn) {
  Log log;
  log.add("09:00:00", "contact.offered", "c1", R"("agent":"a1","offer":"o1")");
  log.add("09:00:20", "contact.offer_ended", "c1", R"("agent":"a1","reason":"timeout")");
  log.add("09:00:30", "contact.offered", "c1", R"("agent":"a1")");
  log.add("09:00:40", "contact.offer_ended", "c1", R"("agent":"a1","reason":"accepted")");
  log.add("09:00:35", "contact.offer_ended", "c1", R"("agent":"a2","reason":"rejected")");
  log.add("09:00:45", "contact.offer_ended", "c1", R"("agent":"a2","reason":"timeout")");
  const TableReader agents = log.figures(asked("agent"));
  EXPECT_EQ(agents.at("agent", "a1", "offers"), "2");
  EXPECT_EQ(agents.at("agent", "a1", "missed_offers"), "1");
  EXPECT_EQ(agents.at("agent", "a2", "offers"), "2");
  EXPECT_EQ(agents.at("agent", "a2", "missed_offers"), "2");
  EXPECT_EQ(log.figures()("missed_offers"), "3");
}

TEST(OracleOutbound, ArrivesWhenItsAgentDialled) {
  Log log;
  log.add("08:59:50", "contact.dialled", "d1", R"("agent":"a1","client":"acme")");
  log.add("09:00:10", "contact.connected", "d1", R"("agent":"a1","channel":"voice")");
  EXPECT_EQ(log.figures(asked("queue", "1h"))("start"), "2026-03-02T08:00:00Z");
  EXPECT_EQ(log.figures(asked("queue", "1h", "event"))("start"), "2026-03-02T09:00:00Z");
  EXPECT_EQ(log.figures()("client") + log.figures()("queue") + log.figures()("channel"), "acmevoice");
}

TEST(OracleAgents, TheGreaterIdHoldsAtEqualTimesAndALongRunningStateGivesNoTime) {
  Log log;
  log.add("09:00:00", "agent.state", "a1", R"("state":"away","client":"acme")");
  log.add("09:00:00", "agent.state", "a1", R"("state":"available")");
  log.add("09:20:00", "agent.state", "a1", R"("state":"on_contact")").add("2026-03-03T01:20:00Z", "chat.message", "c9");
  EXPECT_EQ(log.figures(asked("agent"))("client"), "acme");
  EXPECT_EQ(log.figures(asked("agent"))("away_s"), "0.000");
  EXPECT_EQ(log.figures(asked("agent"))("on_contact_s"), "57600.000");
  EXPECT_EQ(log.figures(asked("agent", "15m")).at("start", "2026-03-02T09:15:00Z", "occupancy"), "0.666667");
  log.add("2026-03-03T01:20:00.001Z", "chat.message", "c9");
  EXPECT_EQ(log.figures(asked("agent"))("on_contact_s"), "0.000");
  EXPECT_EQ(log.figures(asked("agent"))("available_s"), "1200.000");
}

TEST(OracleLeads, RedialsWithinTheGapDoNotCountAgainAndMachinesDoNotCountAtAll) {
  Log log;
  log.add("09:00:00", "lead.created", "l1", R"("client":"acme","campaign":"spring")");
  log.add("09:01:00", "lead.contacted", "l1", R"("automated":true,"reached":true)");
  log.add("09:05:00", "lead.contacted", "l1").add("09:05:30", "contact.dialled", "d1", R"("agent":"a1","lead":"l1")");
  log.add("09:06:00.001", "lead.contacted", "l1");
  log.add("09:07:00", "contact.connected", "d1", R"("agent":"a1","lead":"l1")").add("09:08:00", "lead.contacted", "l1");
  log.add("09:10:00", "lead.created", "l2", R"("client":"acme","campaign":"spring")");
  const TableReader leads = log.figures(asked("lead"));
  EXPECT_EQ(leads("created"), "2");
  EXPECT_EQ(leads("attempted"), "1");
  EXPECT_EQ(leads("contacted"), "1");
  EXPECT_EQ(leads("attempts_per_lead"), "2.000000");
  EXPECT_EQ(leads("within_target"), "0.500000");
  EXPECT_EQ(leads("open"), "1");
  EXPECT_EQ(leads("oldest_open_s"), "0.000");
  EXPECT_EQ(leads("median_response_s"), "299.008");  // the middle of the bin [294.912, 303.104)
  EXPECT_EQ(log.figures(asked("lead", "total", "event"))("within_target"), "1.000000");
}

TEST(OracleCalendar, IntervalsFollowTheClientsClock) {
  Log log;
  log.add("2026-03-08T04:59:59.999Z", "contact.queued", "c1", kQueue);   // 23:59 on Saturday in New York
  log.add("2026-03-08T06:59:59Z", "contact.queued", "c2", kQueue);       // 01:59 before the clocks go forward
  log.add("2026-03-08T07:00:00Z", "contact.queued", "c3", kQueue);       // 03:00
  log.add("2026-03-09T03:59:59.999Z", "contact.queued", "c4", kQueue);   // the end of a day of 23 hours
  Options options;
  options.clients["default"].timezone = "America/New_York";
  const TableReader days = log.figures(asked("queue", "day"), options);
  EXPECT_EQ(days.rows(), 2U);
  EXPECT_EQ(days.at("start", "2026-03-08T05:00:00Z", "offered"), "3");
  EXPECT_EQ(days.at("start", "2026-03-08T05:00:00Z", "end"), "2026-03-09T04:00:00Z");
  EXPECT_EQ(log.figures(asked("queue", "week"), options)("start"), "2026-03-02T05:00:00Z");
  EXPECT_EQ(log.figures(asked("queue", "month"), options)("end"), "2026-04-01T04:00:00Z");
  Query india = asked("queue", "1h");
  india.timezone = "Asia/Kolkata";
  EXPECT_EQ(log.figures(india, options).at("offered", "2", "start"), "2026-03-08T12:00:00+05:30");
}

TEST(OracleCalendar, FromAndToPickRowsByTheirStartAndFactsOfATotal) {
  Log log;
  log.add("09:05:00", "contact.queued", "c1", kQueue).add("09:20:00", "contact.queued", "c2", kQueue);
  log.add("09:00:00", "agent.state", "a1", R"("state":"available")");
  Query query = asked("queue", "15m");
  query.from = parse_time("2026-03-02T09:01:00Z");
  EXPECT_EQ(log.figures(query)("start"), "2026-03-02T09:15:00Z");
  query.every = "total";
  query.to = parse_time("2026-03-02T09:20:00Z");
  EXPECT_EQ(log.figures(query)("offered"), "1");
  EXPECT_EQ(log.figures(query)("start") + log.figures(query)("end"), "2026-03-02T09:01:00Z2026-03-02T09:20:00Z");
  query.by = "agent";
  EXPECT_EQ(log.figures(query)("available_s"), "1140.000");
  EXPECT_EQ(log.figures()("start") + log.figures()("end"), "");
}

TEST(OracleWindows, AreTheLastTenSecondSlicesWithTheRunningOne) {
  Log log;
  log.add("09:10:09.999", "contact.queued", "c1", kQueue).add("09:10:10", "contact.queued", "c2", kQueue);
  log.add("09:15:09.999", "contact.queued", "c3", kQueue);
  const TableReader row = log.figures(window("queue", "5m"));
  EXPECT_EQ(row("offered"), "2");
  EXPECT_EQ(row("start") + row("end"), "2026-03-02T09:10:10Z2026-03-02T09:15:10Z");
  EXPECT_EQ(log.figures(window("queue", "day"))("start"), "2026-03-02T00:00:00Z");
}

TEST(OracleNumbers, RoundHalfUpTowardsPlusInfinity) {
  EXPECT_EQ(quotient(1, 2'000'000, 6), "0.000001");
  EXPECT_EQ(quotient(-1, 2'000'000, 6), "0.000000");
  EXPECT_EQ(quotient(-3, 2'000'000, 6), "-0.000001");
  EXPECT_EQ(quotient(2, 3, 6), "0.666667");
  EXPECT_EQ(quotient(1, 0, 6), "");
  EXPECT_EQ(mean_seconds(5, 2), "0.003");
}

TEST(OracleNumbers, QuantilesAreNearestRankInTheMiddleOfTheBin) {
  EXPECT_EQ(quantile_seconds({63}, 50), "0.063");
  EXPECT_EQ(quantile_seconds({64, 1000}, 50), "0.065");          // bin [64, 66)
  EXPECT_EQ(quantile_seconds({64}, 50), "0.064");                // never above the maximum
  EXPECT_EQ(quantile_seconds({1000, 5000}, 50), "1.000");        // bin [992, 1008)
  EXPECT_EQ(quantile_seconds({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 90), "0.009");
  EXPECT_EQ(quantile_seconds({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 95), "0.010");
  EXPECT_EQ(quantile_seconds({}, 50), "");
}

TEST(OracleTables, QuoteNamesAndOrderRowsByKeyAsBytesThenStart) {
  Log log;
  log.add("09:20:00", "contact.queued", "c1", R"("queue":"a,\"b\"")").add("09:00:00", "contact.queued", "c2", R"("queue":"b")");
  log.add("09:00:00", "contact.queued", "c3", R"("queue":"a,\"b\"")").add("09:00:00", "contact.queued", "c4", R"("queue":"Z")");
  Query query = asked("queue", "15m");
  const std::string csv = figures_csv({}, {}, query);
  EXPECT_EQ(csv.find('\n'), csv.size() - 1);  // an empty log: the header only
  EXPECT_EQ(csv_line({"a,\"b\"", "", "c"}), "\"a,\"\"b\"\"\",,c\n");
  EXPECT_EQ(log.figures(query).rows(), 4U);
  EXPECT_EQ(log.figures(query).at("offered", "1", "queue"), "Z");
}

TEST(OracleProperty, NeitherOrderNorSecondDeliveriesChangeAFigure) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const test_support::RandomCase test = test_support::random_case(seed);
    test_support::Random random(seed);
    std::vector<std::string> shuffled = test.lines;
    for (const std::string& line : test.lines) {
      if (random.chance(20)) shuffled.push_back(line);
    }
    random.shuffle(shuffled);
    const Floor in_order(test.lines, test.options), in_disorder(shuffled, test.options);
    for (const Query& query : test.queries) ASSERT_EQ(in_order.csv(query), in_disorder.csv(query)) << "seed " << seed;
  }
}

TEST(OracleProperty, IntervalsAddUpToTheTotal) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const test_support::RandomCase test = test_support::random_case(seed);
    const Floor floor(test.lines, test.options);
    for (const char* basis : {"arrival", "event"}) {
      Ms sums[2] = {0, 0};
      const char* every[2] = {"15m", "total"};
      for (int i = 0; i < 2; ++i) {
        const TableReader table(floor.csv(asked("client", every[i], basis)));
        for (const char* column : {"offered", "answered", "handled", "unfinished", "missed_offers"}) {
          sums[i] += table.sum(column);
        }
      }
      ASSERT_EQ(sums[0], sums[1]) << "seed " << seed << " basis " << basis;
    }
  }
}

TEST(RandomOptions, TheConfigurationFileSaysTheSameAsTheOptions) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const test_support::RandomCase test = test_support::random_case(seed);
    ASSERT_EQ(read_options(test.yaml), test.options) << "seed " << seed << "\n" << test.yaml;
  }
}

}  // namespace
}  // namespace oracle

// Lead response: cases worked out by hand, and ten thousand leads of a simulated centre against its truth.
//
// All spans here are on the wall clock. The same two spans on a client's business clock come with calendars; until then
// a configuration that asks for one is refused, so that no figure pretends to be it.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "config/load.h"
#include "simulation/centre.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"

namespace {

using test_support::CsvRow;
using test_support::Engine;
using test_support::event_line;
using Lines = std::vector<std::string>;

/// 09:00 and so many milliseconds, of a Monday.
std::string at(int ms) {
  constexpr std::int64_t kNine = 1'772'442'000'000;  // 2026-03-02T09:00:00Z
  return core::format_rfc3339(core::event_time(kNine + ms));
}

std::string created(const std::string& lead = "l1") {
  return event_line("lead.created", lead, at(0), R"("client":"acme","campaign":"spring")");
}
std::string dialled(int ms) {
  return event_line("contact.dialled", "call-" + std::to_string(ms), at(ms), R"("agent":"a1","lead":"l1")");
}
std::string connected(int ms) {
  return event_line("contact.connected", "call-" + std::to_string(ms), at(ms), R"("agent":"a1","lead":"l1")");
}
std::string contacted(int ms, const std::string& data) { return event_line("lead.contacted", "l1", at(ms), data); }
std::string closed(int ms) { return event_line("lead.closed", "l1", at(ms), R"("result":"lost")"); }
/// The log goes on until then.
std::string clock(int ms) { return event_line("agent.state", "a9", at(ms), R"("state":"offline")"); }

CsvRow leads(const Lines& lines, const std::string& basis = "arrival") {
  Engine engine(core::FigureConfig{});
  engine.feed(lines);
  return test_support::only_row(test_support::csv_rows(engine.csv({{"by", "lead"}, {"basis", basis}})), {});
}

/// created, attempted, contacted, open
std::string counts(const CsvRow& row) {
  return row.at("created") + " " + row.at("attempted") + " " + row.at("contacted") + " " + row.at("open");
}

/// Quantiles come from a histogram: off by at most 1/64.
void expect_span(const std::string& printed, double seconds) {
  ASSERT_NE(printed, "");
  EXPECT_NEAR(std::stod(printed), seconds, seconds / 64);
}

TEST(LeadResponse, ALeadNeverContactedStaysInSightWithItsAge) {
  const CsvRow row = leads({created(), clock(7'200'500)});
  EXPECT_EQ(row.at("client"), "acme");
  EXPECT_EQ(row.at("campaign"), "spring");
  EXPECT_EQ(counts(row), "1 0 0 1");
  EXPECT_EQ(row.at("oldest_open_s"), "7200.500");
  EXPECT_EQ(row.at("median_response_s"), "");
  EXPECT_EQ(row.at("p90_response_s"), "");
  EXPECT_EQ(row.at("median_contact_s"), "");
  EXPECT_EQ(row.at("attempts_per_lead"), "");
  EXPECT_EQ(row.at("within_target"), "0.000000") << "no response is none within the target";
}

TEST(LeadResponse, FirstAttemptAndFirstContactAreMeasuredFromCreation) {
  const CsvRow row = leads({created(), dialled(60'000), dialled(180'000), connected(190'000)});
  EXPECT_EQ(counts(row), "1 1 1 0");
  expect_span(row.at("median_response_s"), 60);
  expect_span(row.at("p90_response_s"), 60);
  expect_span(row.at("median_contact_s"), 190);
  EXPECT_EQ(row.at("attempts_per_lead"), "2.000000");
  EXPECT_EQ(row.at("within_target"), "1.000000");
  EXPECT_EQ(row.at("oldest_open_s"), "");
}

TEST(LeadResponse, ARedialWithinTheGapIsTheSameAttempt) {
  EXPECT_EQ(leads({created(), dialled(60'000), dialled(90'000)}).at("attempts_per_lead"), "1.000000") << "exactly 30 s";
  EXPECT_EQ(leads({created(), dialled(60'000), dialled(90'001)}).at("attempts_per_lead"), "2.000000") << "just over";
  // The gap is to the attempt just before, whether that counted or not.
  EXPECT_EQ(leads({created(), dialled(0), dialled(20'000), dialled(40'000), dialled(60'000)}).at("attempts_per_lead"),
            "1.000000");
}

TEST(LeadResponse, AttemptsAfterContactOrCloseDoNotCount) {
  EXPECT_EQ(leads({created(), dialled(60'000), connected(70'000), dialled(600'000)}).at("attempts_per_lead"),
            "1.000000");
  const CsvRow row = leads({created(), closed(600'000), dialled(700'000)});
  EXPECT_EQ(counts(row), "1 1 0 0");
  expect_span(row.at("median_response_s"), 700);  // It was attempted all the same, late.
  EXPECT_EQ(row.at("attempts_per_lead"), "") << "no lead has a counted attempt";
  EXPECT_EQ(row.at("within_target"), "0.000000");
}

TEST(LeadResponse, AnAutomatedMailStartsAndStopsNothing) {
  const CsvRow row = leads({created(), contacted(10'000, R"("automated":true,"reached":true,"channel":"email")"),
                            contacted(400'000, R"("channel":"email")")});
  EXPECT_EQ(counts(row), "1 1 0 1");
  expect_span(row.at("median_response_s"), 400);
  EXPECT_EQ(row.at("within_target"), "0.000000");
  EXPECT_EQ(row.at("attempts_per_lead"), "1.000000");
}

TEST(LeadResponse, TheTargetIsClosed) {
  EXPECT_EQ(leads({created(), dialled(300'000)}).at("within_target"), "1.000000");
  EXPECT_EQ(leads({created(), dialled(300'001)}).at("within_target"), "0.000000");
}

TEST(LeadResponse, AReachedContactIsAttemptAndContactAtOnceButAConnectionIsNoAttempt) {
  const CsvRow reached = leads({created(), contacted(30'000, R"("reached":true)")});
  EXPECT_EQ(counts(reached), "1 1 1 0");
  expect_span(reached.at("median_response_s"), 30);
  expect_span(reached.at("median_contact_s"), 30);
  EXPECT_EQ(counts(leads({created(), connected(30'000)})), "1 0 1 0");
}

TEST(LeadResponse, AContactThatArrivesBeforeTheCreationCountsAllTheSame) {
  const Lines in_order = {created(), dialled(60'000), connected(70'000)};
  Lines reversed(in_order.rbegin(), in_order.rend());
  EXPECT_EQ(leads(reversed), leads(in_order));
  Engine engine(core::FigureConfig{});
  engine.feed({dialled(60'000), connected(70'000)});
  EXPECT_TRUE(test_support::csv_rows(engine.csv({{"by", "lead"}})).empty()) << "no lead without its creation";
}

TEST(LeadResponse, AContactBeforeTheCreationInTimeIsASpanOfZero) {
  const CsvRow row = leads({created(), contacted(-60'000, R"("reached":true)")});
  EXPECT_EQ(counts(row), "1 1 1 0");
  EXPECT_EQ(row.at("median_response_s"), "0.000");
  EXPECT_EQ(row.at("median_contact_s"), "0.000");
  EXPECT_EQ(row.at("within_target"), "1.000000");
}

TEST(LeadResponse, AClosedLeadIsNoLongerOpen) {
  const CsvRow row = leads({created(), dialled(60'000), closed(600'000), clock(900'000)});
  EXPECT_EQ(counts(row), "1 1 0 0");
  EXPECT_EQ(row.at("oldest_open_s"), "");
}

TEST(LeadResponse, ByEventEachThingStandsAtItsOwnTime) {
  Engine engine(core::FigureConfig{});
  engine.feed({created(), dialled(1'000'000), connected(2'000'000)});
  const auto rows = test_support::csv_rows(engine.csv({{"by", "lead"}, {"every", "15m"}, {"basis", "event"}}));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(counts(rows[0]), "1 0 0 0");
  EXPECT_EQ(counts(rows[1]), "0 1 0 0");
  EXPECT_EQ(rows[1].at("within_target"), "0.000000");
  EXPECT_EQ(counts(rows[2]), "0 0 1 0");
  EXPECT_EQ(rows[0].at("within_target"), "") << "of attempted leads, and there is none";
}

TEST(LeadResponse, IsOfTheWallClock) {
  // Created on a Friday evening, called on Monday at nine: 61 hours and a minute on the wall clock.
  const CsvRow row = leads({event_line("lead.created", "l1", "2026-02-27T19:59:00Z"), dialled(0)});
  expect_span(row.at("median_response_s"), 219660);
}

TEST(LeadResponse, TenThousandLeadsAreTheSimulatedCentresTruth) {
  simulation::Options options;
  options.visits = 185'000;
  options.seed = 77;
  const simulation::Plan plan = simulation::make_plan(options);
  simulation::Truth truth(plan);
  Lines lines;
  std::size_t leads = 0;
  const auto outlet = [&](core::EventTime, std::string_view, std::string_view message) -> core::Result<bool> {
    const bool is_created = message.find(R"("type":"lead.created")") != std::string_view::npos;
    leads += is_created ? 1 : 0;
    // What else happens in the centre is none of the leads' business.
    if (is_created || message.find(R"("lead":")") != std::string_view::npos) lines.emplace_back(message);
    return true;
  };
  const auto summary = simulation::simulate(options, plan, &truth, outlet);
  ASSERT_TRUE(summary);
  ASSERT_GE(leads, 10'000U);
  std::mt19937_64 random(77);
  std::shuffle(lines.begin(), lines.end(), random);
  lines.push_back(event_line("agent.state", "clock", core::format_rfc3339(summary->as_of), R"("state":"offline")"));
  Engine engine(core::FigureConfig{});
  engine.feed(lines);
  const std::string text = truth.text(summary->as_of);
  for (const std::string every : {"15m", "total"}) {
    for (const std::string basis : {"arrival", "event"}) {
      const std::string title = "# by=lead every=" + every + " basis=" + basis + "\n";
      const std::size_t begin = text.find(title);
      ASSERT_NE(begin, std::string::npos) << title;
      const std::size_t table = begin + title.size(), end = std::min(text.find("# ", table), text.size());
      EXPECT_EQ(engine.csv({{"by", "lead"}, {"every", every}, {"basis", basis}}), text.substr(table, end - table));
    }
  }
}

}  // namespace

// Deals: cases worked out by hand, and a real sales team's pipeline with the figures that others computed of it.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cmath>
#include <set>
#include <sstream>

#include "config/load.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"
#include "tests/support/http_client.h"
#include "tests/support/shared_data.h"

namespace {

using test_support::CsvRow;
using test_support::Engine;
using test_support::event_line;
using Lines = std::vector<std::string>;
using Words = std::map<std::string, std::string>;

std::string opened(const std::string& deal, const std::string& time, const std::string& more = {}) {
  return event_line("deal.opened", deal, time, R"("client":"acme","currency":"USD")" + more);
}
std::string won(const std::string& deal, const std::string& time, const std::string& data = {}) {
  return event_line("deal.won", deal, time, data);
}
std::string lost(const std::string& deal, const std::string& time, const std::string& data = {}) {
  return event_line("deal.lost", deal, time, data);
}
std::string updated(const std::string& deal, const std::string& time, const std::string& data) {
  return event_line("deal.updated", deal, time, data);
}

core::FigureConfig configured(const std::string& client) {
  const auto loaded = config::load(
      "sources: [{name: log, file: {path: e.ndjson}, format: canonical}]\nclients: {acme: {" + client + "}}\n",
      "c.yaml");
  EXPECT_TRUE(loaded);
  return loaded ? loaded->figures : core::FigureConfig{};
}

std::vector<CsvRow> deals(const Lines& lines, Words words = {}, const core::FigureConfig& config = {}) {
  Engine engine(config);
  engine.feed(lines);
  words["by"] = "deal";
  words.try_emplace("every", "total");
  return test_support::csv_rows(engine.csv(words));
}
CsvRow only(const Lines& lines, const core::FigureConfig& config = {}) {
  return test_support::only_row(deals(lines, {}, config), {});
}

TEST(Deals, SizesCyclesRatesAndVelocity) {
  const CsvRow row =
      only({opened("d1", "2026-03-02T09:00:00Z", R"(,"amount":"1000")"), won("d1", "2026-03-04T09:00:00Z"),   // 2 days
            opened("d2", "2026-03-02T10:00:00Z", R"(,"amount":"500.5")"), won("d2", "2026-03-06T10:00:00Z"),  // 4 days
            opened("d3", "2026-03-02T11:00:00Z", R"(,"amount":"499.5")"), lost("d3", "2026-03-07T11:00:00Z"),
            opened("d4", "2026-03-03T12:00:00Z", R"(,"amount":"9999")")});
  EXPECT_EQ(row.at("opened"), "4");
  EXPECT_EQ(row.at("won"), "2");
  EXPECT_EQ(row.at("lost"), "1");
  EXPECT_EQ(row.at("currency"), "USD");
  EXPECT_EQ(row.at("average_deal_size"), "750.25");
  EXPECT_EQ(row.at("mean_cycle_days"), "3.000000");
  EXPECT_NEAR(std::stod(row.at("median_cycle_days")), 2, 2.0 / 64);
  EXPECT_EQ(row.at("win_rate"), "0.666667");
  EXPECT_EQ(row.at("win_rate_by_value"), "0.750250");  // 1500.5 / 2000
  EXPECT_EQ(row.at("open"), "1");
  EXPECT_EQ(row.at("pipeline_velocity_per_day"), "166.7222");  // 1 × 2/3 × 750.25 / 3 days
  EXPECT_EQ(row.at("profitability"), "") << "no costs, no value";
  EXPECT_EQ(row.at("won_of_opened"), "0.500000");
}

TEST(Deals, WhatIsOpenedStandsAtItsOpeningAndWhatIsClosedAtItsClose) {
  const Lines lines = {opened("d1", "2026-03-02T09:00:00Z", R"(,"amount":10)"), won("d1", "2026-03-02T09:45:00Z"),
                       opened("d2", "2026-03-02T09:05:00Z", R"(,"amount":10)"), lost("d2", "2026-03-02T10:00:00Z"),
                       opened("d3", "2026-03-02T09:20:00Z")};
  const auto rows = deals(lines, {{"every", "15m"}});
  ASSERT_EQ(rows.size(), 4U);
  const std::vector<std::vector<std::string>> expected = {
      {"2026-03-02T09:00:00Z", "2", "0", "0", "2", "0.500000"},  // Of the two the first was won since.
      {"2026-03-02T09:15:00Z", "1", "0", "0", "3", "0.000000"},
      {"2026-03-02T09:45:00Z", "0", "1", "0", "2", ""},
      {"2026-03-02T10:00:00Z", "0", "0", "1", "1", ""}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<std::string> row = {rows[i].at("start"), rows[i].at("opened"), rows[i].at("won"),
                                          rows[i].at("lost"),  rows[i].at("open"),   rows[i].at("won_of_opened")};
    EXPECT_EQ(row, expected[i]);
  }
}

TEST(Deals, CurrenciesAreNeverAddedTogetherAndTheLatestHolds) {
  const auto rows = deals({opened("d1", "2026-03-02T09:00:00Z", R"(,"amount":10)"), won("d1", "2026-03-02T10:00:00Z"),
                           opened("d2", "2026-03-02T09:00:00Z", R"(,"amount":20)"),
                           won("d2", "2026-03-02T10:00:00Z", R"("currency":"EUR")"),
                           event_line("deal.won", "d3", "2026-03-02T10:00:00Z", R"("client":"acme","amount":5)")});
  ASSERT_EQ(rows.size(), 3U);
  const std::vector<std::pair<std::string, std::string>> expected = {{"", "5.00"}, {"EUR", "20.00"}, {"USD", "10.00"}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(std::pair(rows[i].at("currency"), rows[i].at("average_deal_size")), expected[i]);
  }
}

TEST(Deals, AnEditAfterTheCloseCorrectsThePeriodItBelongsTo) {
  const Lines lines = {opened("d1", "2026-03-02T09:00:00Z", R"(,"amount":100)"), won("d1", "2026-03-03T09:00:00Z"),
                       updated("d1", "2026-03-20T09:00:00Z", R"("amount":"-40.1234","costs":{"delivery":10})")};
  const auto rows = deals(lines, {{"every", "day"}});
  ASSERT_EQ(rows.size(), 2U) << "none of the day of the edit";
  EXPECT_EQ(rows[1].at("start"), "2026-03-03T00:00:00Z");
  EXPECT_EQ(rows[1].at("average_deal_size"), "-40.1234") << "refunded, and more";
  EXPECT_EQ(rows[1].at("profitability"), "1.249231");  // (−40.1234 − 10) / −40.1234
}

TEST(Deals, ProfitIsOfThoseThatStateEveryCostAskedFor) {
  const Lines lines = {
      won("d1", "2026-03-02T09:00:00Z", R"("client":"acme","currency":"USD","amount":100,"costs":{"delivery":"20"})"),
      won("d2", "2026-03-02T09:00:00Z",
          R"("client":"acme","currency":"USD","amount":300,"costs":{"delivery":50,"commission":50})"),
      won("d3", "2026-03-02T09:00:00Z", R"("client":"acme","currency":"USD","amount":500,"costs":{})"),
      won("d4", "2026-03-02T09:00:00Z", R"("client":"acme","currency":"USD","costs":{"delivery":1,"commission":1})")};
  EXPECT_EQ(only(lines).at("profitability"), "0.700000") << "any cost at all: (80 + 200) / 400";
  const auto asks = configured("deals: {required_costs: [delivery, commission]}");
  EXPECT_EQ(only(lines, asks).at("profitability"), "0.666667") << "200 / 300";
  EXPECT_EQ(only(lines, asks).at("average_deal_size"), "300.00") << "of three that state an amount";
  EXPECT_EQ(only(lines, asks).at("won"), "4");
}

TEST(Deals, OfWonAndLostTheEarlierHolds) {
  const CsvRow row = only({opened("d1", "2026-03-02T09:00:00Z"), lost("d1", "2026-03-02T10:00:00Z"),
                           won("d1", "2026-03-02T11:00:00Z"), opened("d2", "2026-03-02T09:00:00Z"),
                           lost("d2", "2026-03-02T10:00:00Z"), won("d2", "2026-03-02T10:00:00Z")});
  EXPECT_EQ(row.at("won") + " " + row.at("lost") + " " + row.at("open"), "1 1 0") << "at equal times it was won";
}

TEST(Deals, ADealClosedBeforeItWasOpenedWasNeverInStockAndTookNoTime) {
  const auto rows = deals({opened("d1", "2026-03-02T10:00:00Z", R"(,"amount":10)"), won("d1", "2026-03-02T09:00:00Z")},
                          {{"every", "15m"}});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].at("open") + " " + rows[1].at("open"), "0 0");
  EXPECT_EQ(rows[0].at("mean_cycle_days"), "0.000000");
  EXPECT_EQ(rows[0].at("pipeline_velocity_per_day"), "") << "no time, no velocity";
}

TEST(Deals, BoundsMayCutAQuarterOfAnHour) {
  const Lines lines = {opened("d1", "2026-03-02T09:05:00Z", R"(,"amount":10)"), won("d1", "2026-03-02T09:50:00Z"),
                       opened("d2", "2026-03-02T09:10:00Z", R"(,"amount":30)"), won("d2", "2026-03-02T09:52:00Z")};
  const auto rows = deals(lines, {{"from", "2026-03-02T09:07:00Z"}, {"to", "2026-03-02T09:51:00Z"}});
  const CsvRow row = test_support::only_row(rows, {});
  EXPECT_EQ(row.at("opened") + " " + row.at("won") + " " + row.at("average_deal_size"), "1 1 10.00");
  EXPECT_EQ(row.at("open"), "0") << "as of now";
}

TEST(Deals, AllRowsHaveTheirCurrencyAndStock) {
  const Lines lines = {opened("d1", "2026-01-02T09:00:00Z"), won("d1", "2026-03-02T09:00:00Z"),
                       event_line("deal.opened", "d2", "2026-01-02T09:00:00Z", R"("client":"acme","currency":"EUR")"),
                       lost("d2", "2026-03-02T09:00:00Z")};
  const auto rows = deals(lines, {{"every", "month"}, {"all", "true"}});
  ASSERT_EQ(rows.size(), 6U);
  for (const std::size_t february : {1U, 4U}) {
    EXPECT_EQ(rows[february].at("start"), "2026-02-01T00:00:00Z");
    EXPECT_EQ(rows[february].at("currency"), february == 1 ? "EUR" : "USD");
    EXPECT_EQ(rows[february].at("opened") + " " + rows[february].at("open"), "0 1");
  }
}

TEST(Deals, SumsOfTheGreatestAmountsAreExact) {
  const std::string most = "922337203685477.5807", least = "-922337203685477.5808";
  Lines lines;
  for (const char* deal : {"d1", "d2", "d3", "d4"}) {
    lines.push_back(opened(deal, "2026-03-02T09:00:00Z", ",\"amount\":\"" + most + "\""));
    lines.push_back(won(deal, "2026-03-02T10:00:00Z", R"("costs":{"a":")" + least + R"(","b":")" + least + R"("})"));
  }
  EXPECT_EQ(only(lines).at("average_deal_size"), most);
  EXPECT_EQ(only(lines).at("profitability"), "3.000000");
  lines.push_back(updated("d4", "2026-03-02T11:00:00Z", "\"amount\":\"" + least + "\""));
  EXPECT_EQ(only(lines).at("average_deal_size"), "461168601842738.7903");  // 18446744073709551613 / 4 ten-thousandths
}

/// The team's files end their lines with CR LF.
std::vector<CsvRow> rows_of(std::string csv) {
  std::erase(csv, '\r');
  return test_support::csv_rows(csv);
}

/// A sales team's opportunities as events, with this column of the file as their client.
Lines pipeline(const std::string& path, const std::string& column, const std::map<std::string, std::string>& renamed) {
  Lines lines;
  for (const CsvRow& row : rows_of(test_support::gunzip(test_support::read_file(path)))) {
    const auto found = renamed.find(row.at(column));
    const std::string client = found == renamed.end() ? row.at(column) : found->second;
    const std::string data = "\"client\":\"" + client + "\",\"currency\":\"USD\"";
    const std::string &id = row.at("opportunity_id"), &stage = row.at("deal_stage");
    if (!row.at("engage_date").empty()) {
      lines.push_back(event_line("deal.opened", id, row.at("engage_date") + "T00:00:00Z", data));
    }
    if (stage != "Won" && stage != "Lost") continue;
    lines.push_back(event_line(stage == "Won" ? "deal.won" : "deal.lost", id, row.at("close_date") + "T00:00:00Z",
                               data + ",\"amount\":\"" + row.at("close_value") + "\""));
  }
  return lines;
}

class SalesTeam : public testing::Test {
 protected:
  void SetUp() override {
    path = test_support::shared_data(FLOORWATCH_SOURCE_DIR, "crm-maven/sales_pipeline.csv.gz");
    const std::string known = test_support::shared_data(FLOORWATCH_SOURCE_DIR, "crm-maven/computed.json");
    if (path.empty() || known.empty()) {
      GTEST_SKIP() << "crm-maven: the real pipeline is not here (FLOORWATCH_DATA)";
    }
    computed = parser.load(known).value();
  }
  double number(const std::string& pointer) const { return computed.at_pointer(pointer).get_double().value(); }
  std::int64_t count(const std::string& pointer) const { return computed.at_pointer(pointer).get_int64().value(); }

  /// The published figures of each value of a column.
  void expect_published(const std::string& column, const std::string& group,
                        const std::map<std::string, std::string>& renamed = {}) {
    std::map<std::string, CsvRow> rows;
    for (const CsvRow& row : deals(pipeline(path, column, renamed))) rows[row.at("client")] = row;
    std::size_t published = 0;
    const simdjson::dom::object all = computed[group].get_object().value();
    for (const auto field : all) {
      SCOPED_TRACE(std::string(field.key));
      ++published;
      const CsvRow& row = rows.at(std::string(field.key));
      EXPECT_EQ(std::stoll(row.at("won")), field.value["won"].get_int64().value());
      EXPECT_EQ(std::stoll(row.at("lost")), field.value["lost"].get_int64().value());
      EXPECT_NEAR(std::stod(row.at("win_rate")), field.value["win_rate_of_closed"].get_double().value(), 5e-7);
      EXPECT_NEAR(std::stod(row.at("average_deal_size")), field.value["avg_deal"].get_double().value(), 1e-9);
      EXPECT_NEAR(std::stod(row.at("mean_cycle_days")), field.value["cycle_won_mean_days"].get_double().value(), 5e-5);
    }
    EXPECT_GT(published, 2U);
    EXPECT_EQ(rows.size(), published);
  }

  std::string path;
  simdjson::dom::parser parser;
  simdjson::dom::element computed;
};

TEST_F(SalesTeam, HasThePublishedFigures) {
  const Lines lines =
      pipeline(path, "deal_stage", {{"Won", "t"}, {"Lost", "t"}, {"Engaging", "t"}, {"Prospecting", "t"}});
  const CsvRow row = only(lines);
  EXPECT_EQ(row.at("opened"), "8300");
  EXPECT_EQ(row.at("won"), "4238");
  EXPECT_EQ(row.at("lost"), "2473");
  EXPECT_EQ(row.at("win_rate"), "0.631501");
  EXPECT_EQ(row.at("won_of_opened"), "0.510602");
  EXPECT_EQ(row.at("average_deal_size"), "2360.9094");
  EXPECT_EQ(row.at("mean_cycle_days"), "51.781973");
  EXPECT_NEAR(std::stod(row.at("median_cycle_days")), number("/cycle_won_median_days"), 57.0 / 64);
  EXPECT_EQ(std::stoll(row.at("open")), count("/stages/Engaging"));
  // Months of their closes.
  std::map<std::string, CsvRow> months;
  for (const CsvRow& month : deals(lines, {{"every", "month"}})) months[month.at("start").substr(0, 7)] = month;
  const simdjson::dom::object by_month = computed["by_close_month"].get_object().value();
  for (const auto field : by_month) {
    const CsvRow& month = months.at(std::string(field.key));
    const std::int64_t n = field.value["won"].get_int64().value();
    EXPECT_EQ(std::stoll(month.at("won")), n);
    EXPECT_EQ(std::stoll(month.at("lost")), field.value["lost"].get_int64().value());
    EXPECT_EQ(std::llround(std::stod(month.at("average_deal_size")) * static_cast<double>(n)),
              field.value["revenue"].get_int64().value());
  }
}

TEST_F(SalesTeam, HasThePublishedFiguresOfEachAgent) { expect_published("sales_agent", "by_agent"); }
TEST_F(SalesTeam, HasThePublishedFiguresOfEachProduct) { expect_published("product", "by_product"); }
TEST_F(SalesTeam, HasThePublishedFiguresOfEachRegion) {
  std::map<std::string, std::string> regions;
  const std::string teams = test_support::shared_data(FLOORWATCH_SOURCE_DIR, "crm-maven/sales_teams.csv");
  for (const CsvRow& row : rows_of(test_support::read_file(teams))) {
    regions[row.at("sales_agent")] = row.at("regional_office");
  }
  expect_published("sales_agent", "by_region", regions);
}

}  // namespace

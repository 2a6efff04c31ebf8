// What a figure is, the numbers put into it, and the rows behind it, as a person or an auditor asks for them.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "app/metric_families.h"
#include "core/series_book.h"
#include "processors/catalogue/catalogue.h"
#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/event_line.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::csv_rows;
using test_support::Ran;

Ran floorwatch(std::vector<std::string> words) {
  words.insert(words.begin(), FLOORWATCH_BINARY);
  return test_support::run_command(words);
}

const std::string& day_store() {
  static const test_support::TempDir dir;
  static const std::string made = [] {
    const std::string log = dir / "day.ndjson", url = "sqlite:" + (dir / "day.db");
    EXPECT_EQ(floorwatch({"generate", "--visits", "600", "--seed", "8", "--output", log, "--quiet"}).status, 0);
    EXPECT_EQ(floorwatch({"replay", "--store", url, "--input", log}).status, 0);
    return url;
  }();
  return made;
}

std::vector<test_support::CsvRow> rows(std::vector<std::string> words) {
  words.insert(words.end(), {"--store", day_store(), "--format", "csv"});
  const Ran ran = floorwatch(words);
  EXPECT_EQ(ran.status, 0) << ran.err;
  return csv_rows(ran.out);
}
std::size_t sum(const std::vector<test_support::CsvRow>& of, const std::string& column) {
  std::size_t total = 0;
  for (const auto& row : of) total += std::stoul(row.at(column));
  return total;
}

TEST(Explain, SaysWhatAFigureIsWithoutAStore) {
  const Ran ran = floorwatch({"explain", "abandonment_rate"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  for (const char* says : {"abandonment_rate = abandoned / offered", "unit", "basis", "floorwatch_abandonment_ratio"}) {
    EXPECT_NE(ran.out.find(says), std::string::npos) << says << "\n" << ran.out;
  }
  EXPECT_NE(floorwatch({"explain", "floorwatch_wait_seconds"}).out.find("wait"), std::string::npos) << "by its series";
}

TEST(Explain, NamesNearFiguresWhereOneIsNotKnown) {
  const Ran ran = floorwatch({"explain", "servicelevel"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("service_level"), std::string::npos) << ran.err;
  const Ran keyless = floorwatch({"explain", "offered", "--queue", "acme-sales"});
  EXPECT_EQ(keyless.status, 2);
  EXPECT_NE(keyless.err.find("--store"), std::string::npos) << keyless.err;
}

/// The numbers that it shows are those of `figures`, and give the figure by its formula; the rows are as many.
TEST(Explain, PutsInTheNumbersOfAStoreAndListsTheRowsThatCount) {
  const Ran ran = floorwatch({"explain", "abandoned", "--store", day_store(), "--queue", "acme-sales", "--by", "queue",
                              "--format", "json", "--limit", "1000"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  simdjson::dom::parser parser;
  const auto answer = parser.parse(ran.out).at(0);
  std::int64_t abandoned = 0;
  for (const auto row : simdjson::dom::array(answer["numbers"])) abandoned += std::int64_t(row["abandoned"]);
  std::size_t figure = 0;
  for (const auto& row : rows({"figures", "--queue", "acme-sales"})) figure += std::stoul(row.at("abandoned"));
  EXPECT_EQ(static_cast<std::size_t>(abandoned), figure);
  EXPECT_GT(figure, 0U);
  const auto counted = simdjson::dom::array(answer["rows"]);
  EXPECT_EQ(counted.size(), figure);
  for (const auto row : counted) EXPECT_EQ(std::string_view(row["outcome"]), "abandoned");
}

/// A client's name may be anything: the command is pasted into a shell.
TEST(Explain, TheCommandThatListsAllRowsIsOneForAShell) {
  const test_support::TempDir dir;
  const std::string url = "sqlite:" + (dir / "one.db");
  const std::string log =
      dir.write("one.ndjson", test_support::event_line("contact.queued", "c1", "2026-03-02T10:00:00Z",
                                                       R"("client":"acme & o'neil","queue":"sales")") +
                                  "\n");
  ASSERT_EQ(floorwatch({"replay", "--store", url, "--input", log}).status, 0);
  const Ran ran = floorwatch({"explain", "offered", "--store", url, "--client", "acme & o'neil", "--by", "queue"});
  EXPECT_NE(ran.out.find(R"(floorwatch contacts --client 'acme & o'\''neil')"), std::string::npos) << ran.out;
}

TEST(Explain, EndsWithOneWhereTheStoreHasNoSuchRow) {
  const Ran ran = floorwatch({"explain", "offered", "--store", day_store(), "--queue", "nowhere"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("nothing in the store"), std::string::npos) << ran.err;
}

TEST(Explain, EverySeriesOfTheCatalogueIsExposedAndEveryBusinessSeriesIsInIt) {
  core::SeriesBook book;
  const app::MetricFamilies families(book);
  std::set<std::string> exposed, catalogued;
  const auto snapshot = book.snapshot();
  for (const core::FamilySnapshot& each : snapshot->families) exposed.insert(each.family->name);
  for (const auto& table : processors::catalogue()) {
    for (const auto& figure : table.figures) catalogued.insert(figure.series.begin(), figure.series.end());
  }
  for (const std::string& series : catalogued) EXPECT_TRUE(exposed.contains(series)) << series;
  // What the program says of itself, of its alerts and of its counters is in docs/operations.md and docs/alerts.md.
  static const std::vector<std::string> kOwn = {
      "floorwatch_alert",      "floorwatch_events_",      "floorwatch_dead_letters", "floorwatch_as_of",
      "floorwatch_watermark",  "floorwatch_consumer_lag", "floorwatch_last_commit",  "floorwatch_commit",
      "floorwatch_flow_pause", "floorwatch_build_info",   "floorwatch_counter_held", "floorwatch_series",
      "floorwatch_metrics_"};
  for (const std::string& series : exposed) {
    const bool own = std::ranges::any_of(kOwn, [&](const std::string& prefix) { return series.starts_with(prefix); });
    EXPECT_TRUE(own || catalogued.contains(series)) << series << " has no row in processors/catalogue";
  }
}

TEST(Leads, AreTheRowsBehindTheFigures) {
  const auto figures = rows({"figures", "--by", "lead"});
  EXPECT_EQ(rows({"leads"}).size(), sum(figures, "created"));
  for (const std::string outcome : {"attempted", "contacted", "open"}) {
    EXPECT_EQ(rows({"leads", "--outcome", outcome}).size(), sum(figures, outcome)) << outcome;
  }
  const auto acme = rows({"leads", "--client", "acme"});
  EXPECT_EQ(acme.size(), sum(rows({"figures", "--by", "lead", "--client", "acme"}), "created"));
  for (const auto& row : acme) EXPECT_EQ(row.at("client"), "acme");
  EXPECT_EQ(floorwatch({"leads", "--store", day_store(), "--outcome", "won"}).status, 2);
}

TEST(Deals, AreTheRowsBehindTheFigures) {
  const auto figures = rows({"figures", "--by", "deal"});
  for (const std::string outcome : {"opened", "won", "lost"}) {
    EXPECT_EQ(rows({"deals", "--outcome", outcome}).size(), sum(figures, outcome)) << outcome;
  }
  const auto won = rows({"deals", "--outcome", "won", "--limit", "1"});
  ASSERT_EQ(won.size(), 1U);
  EXPECT_EQ(won[0].at("outcome"), "won");
  EXPECT_NE(won[0].at("closed"), "");
}

TEST(Contacts, ArePickedByInteractionCustomerAndClass) {
  const auto all = rows({"contacts"});
  const auto& some = all.at(all.size() / 2);
  const auto chain = rows({"contacts", "--interaction", some.at("interaction")});
  EXPECT_FALSE(chain.empty());
  for (const auto& row : chain) EXPECT_EQ(row.at("interaction"), some.at("interaction"));
  EXPECT_EQ(rows({"contacts", "--queue", "acme-sales", "--class", "answered_late"}).size(),
            sum(rows({"figures", "--queue", "acme-sales"}), "answered_late"));
}

}  // namespace

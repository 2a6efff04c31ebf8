// Five weeks of an emergency centre, and what its own weekly reports say of them; a week of answer times in bands.
//
// Where the reports and floorwatch differ, and why:
// - The reports count whole seconds between clocks that were cut to seconds. The clocks themselves have milliseconds,
// by
//   which a dispatch took some 0.4 s longer in the mean. Cut to seconds both agree to the last published digit.
// - One incident's number stands in week 35 twice, with different times; the reports count both, and so do we, by row.
// - Calls without an end on the telephone are calls in the reports, and in no mean of phone time. The same here.
// - The bands write 0 % where nothing was answered; floorwatch has no value there.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/load.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"
#include "tests/support/packed_file.h"
#include "tests/support/shared_data.h"

namespace {

using test_support::CsvRow;
using test_support::Engine;
using test_support::event_line;

const std::string kFolder = "psap-911-weekly/";
constexpr const char* kSkip = "the emergency centre's data is not here (FLOORWATCH_DATA, or ../shared/data)";

std::string data(const std::string& name) { return test_support::shared_data(FLOORWATCH_SOURCE_DIR, kFolder + name); }

/// "2025-08-24 00:07:06.810" as an event's time; with whole seconds it is cut as the reports do.
std::string time_of(const std::string& clock, bool whole) {
  std::string time = clock.substr(0, whole ? 19 : 23) + "Z";
  time[10] = 'T';
  return time;
}

/// A visit that is answered; with an end, one whose agent has talked until then.
void add_visit(std::vector<std::string>& lines, const std::string& id, const std::string& client,
               const std::string& queue, const std::array<std::string, 3>& times) {
  const std::string of = R"("client":")" + client + R"(","queue":")" + queue + '"';
  lines.push_back(event_line("contact.queued", id, times[0], of));
  lines.push_back(event_line("contact.answered", id, times[1], of + R"(,"agent":"taker")"));
  if (!times[2].empty()) lines.push_back(event_line("contact.ended", id, times[2], R"("agent":"taker")"));
}

/// Of each incident its arrival, its time on the telephone and its wait for a dispatch, each a visit of its own.
std::vector<std::string> events(const std::vector<CsvRow>& incidents, bool whole) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    const CsvRow& row = incidents[i];
    const std::string number = std::to_string(i), agency = row.at("Agency");
    const auto at = [&](const char* column) { return time_of(row.at(column), whole); };
    add_visit(lines, "c" + number, "calls", agency, {at("Response_Date"), at("Response_Date"), ""});
    add_visit(lines, "d" + number, "dispatch", agency, {at("Incident_Queue_Time"), at("Incident_Dispatch_Time"), ""});
    if (row.at("Incident_Phone_Stop") == "NULL") continue;
    add_visit(lines, "p" + number, "phone", agency,
              {at("Incident_Start_Time"), at("Incident_Start_Time"), at("Incident_Phone_Stop")});
  }
  return lines;
}

core::FigureConfig configured(const std::string& text) {
  auto config = config::load(text, "centre.yaml");
  if (!config) throw std::invalid_argument(config::to_string(config.error().front()));
  config->figures.sources_without_wrap.insert("log");
  return config->figures;
}

/// Within half of the last digit that was published.
void expect_published(const std::string& value, double published, double digit, const std::string& what) {
  ASSERT_NE(value, "") << what;
  EXPECT_NEAR(std::stod(value), published, digit / 2 + 1e-9) << what;
}

class Week : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string log = data(std::string("week") + GetParam() + ".csv.zst"),
                      reports = data("published_reports_weeks35-39.json.gz");
    if (log.empty() || reports.empty()) GTEST_SKIP() << kSkip;
    incidents = test_support::csv_rows(test_support::read_zstd(log));
    json = test_support::read_gzip(reports);
    report = parser.parse(json)[GetParam()];
  }
  /// Means by the name of the time, of one agency or of all.
  std::map<std::string, double> means(const std::string& of) const {
    std::map<std::string, double> means;
    for (const auto table : simdjson::dom::array(report["tables"])) {
      std::string_view name;
      if (table["of"].get(name) != simdjson::SUCCESS || name != of) continue;
      for (const auto row : simdjson::dom::array(table["rows"])) {
        means[std::string(std::string_view(row.at(0)))] = double(row.at(2));
      }
    }
    return means;
  }
  /// Of the table whose first column has this name.
  simdjson::dom::array rows_of(std::string_view column) const {
    for (const auto table : simdjson::dom::array(report["tables"])) {
      if (std::string_view(table["header"].at(0)) == column) return simdjson::dom::array(table["rows"]);
    }
    throw std::runtime_error("no such table");
  }

  std::vector<CsvRow> incidents;
  std::string json;
  simdjson::dom::parser parser;
  simdjson::dom::element report;
};

TEST_P(Week, HasThePublishedCallsPhoneTimeAndTimeToDispatch) {
  Engine engine(configured(""));
  engine.feed(events(incidents, true));
  const auto all = test_support::csv_rows(engine.csv({{"by", "client"}}));
  const auto calls = test_support::only_row(all, {{"client", "calls"}});
  EXPECT_EQ(std::stoll(calls.at("offered")), std::int64_t(report["calls"]));
  const auto queues = test_support::csv_rows(engine.csv({{"by", "queue"}}));
  for (const std::string agency : {"all", "POLICE", "FIRE", "EMS"}) {
    const auto published = means(agency);
    ASSERT_EQ(published.contains("Phone Time"), true) << agency;
    const auto row = [&](const char* client) {
      return agency == "all" ? test_support::only_row(all, {{"client", client}})
                             : test_support::only_row(queues, {{"client", client}, {"queue", agency}});
    };
    expect_published(row("phone").at("mean_handle_s"), published.at("Phone Time"), 0.01, agency + " phone");
    expect_published(row("dispatch").at("mean_wait_s"), published.at("Time To Dispatch"), 0.01, agency + " dispatch");
  }
}

TEST_P(Week, HasThePublishedCallsOfEachDayAndItsBusiestHour) {
  Engine engine(configured(""));
  engine.feed(events(incidents, true));
  static const std::vector<std::string> kDays = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
  const auto days = test_support::csv_rows(engine.csv({{"by", "client"}, {"client", "calls"}, {"every", "day"}}));
  const auto hours = test_support::csv_rows(engine.csv({{"by", "client"}, {"client", "calls"}, {"every", "1h"}}));
  ASSERT_EQ(days.size(), 7U);
  std::size_t compared = 0;
  for (const auto row : rows_of("Day of Week")) {
    const auto day = std::ranges::find(kDays, std::string(std::string_view(row.at(0))));
    ASSERT_NE(day, kDays.end());
    const CsvRow& of = days.at(static_cast<std::size_t>(day - kDays.begin()));
    EXPECT_EQ(std::stod(of.at("offered")), double(row.at(1))) << *day;
    std::int64_t most = 0, in_peak = 0;
    for (const CsvRow& hour : hours) {
      if (hour.at("start").substr(0, 10) != of.at("start").substr(0, 10)) continue;
      most = std::max(most, std::int64_t{std::stoll(hour.at("offered"))});
      if (std::stod(hour.at("start").substr(11, 2)) == double(row.at(2))) in_peak = std::stoll(hour.at("offered"));
    }
    EXPECT_EQ(in_peak, most) << *day;
    ++compared;
  }
  EXPECT_EQ(compared, 7U);
}

/// What the reports leave out by counting whole seconds.
TEST_P(Week, HasSomeTenthsOfASecondMoreByTheClocksThemselves) {
  const auto wait = [&](bool whole) {
    Engine engine(configured(""));
    engine.feed(events(incidents, whole));
    const auto rows = test_support::csv_rows(engine.csv({{"by", "client"}}));
    return std::stod(test_support::only_row(rows, {{"client", "dispatch"}}).at("mean_wait_s"));
  };
  const double more = wait(false) - wait(true);
  EXPECT_GT(more, 0.3);
  EXPECT_LT(more, 0.5);
}

INSTANTIATE_TEST_SUITE_P(EmergencyCentre, Week, testing::Values("35", "36", "37", "38", "39"),
                         [](const auto& week) { return "Week" + std::string(week.param); });

struct Band {
  const char* column;
  int wait_s;  ///< The longest wait of the band; of the last one a second more than that of the one before.
};
constexpr std::array<Band, 7> kBands = {
    {{"_10", 10}, {"_15", 15}, {"_20", 20}, {"_40", 40}, {"_60", 60}, {"_120", 120}, {"_121", 121}}};

/// "11/1/2025 00:00", in UTC.
std::string hour_of(const std::string& text) {
  int month = 0, day = 0, year = 0, hour = 0;
  if (std::sscanf(text.c_str(), "%d/%d/%d %d:", &month, &day, &year, &hour) != 4) {
    throw std::runtime_error("no hour: " + text);
  }
  return fmt::format("{:04}-{:02}-{:02}T{:02}:00:00Z", year, month, day, hour);
}

/// As many calls in each hour as each band has, each as long as the band allows.
std::vector<std::string> calls_of(const std::vector<CsvRow>& hours, const std::string& line) {
  std::vector<std::string> lines;
  int number = 0;
  for (const CsvRow& hour : hours) {
    const auto begin = *core::parse_rfc3339(hour_of(hour.at("DateTime")));
    const auto add = [&](int calls, int wait_s, const char* type, const char* more) {
      for (; calls > 0; --calls) {
        const std::string id = line + "-" + std::to_string(++number);
        const auto end = begin + core::Millis{std::int64_t{wait_s} * 1000};
        lines.push_back(event_line("contact.queued", id, core::format_rfc3339(begin), R"("queue":")" + line + '"'));
        lines.push_back(event_line(type, id, core::format_rfc3339(end), more));
      }
    };
    for (const Band& band : kBands) {
      add(std::stoi(hour.at(line + band.column)), band.wait_s, "contact.answered", R"("agent":"taker")");
    }
    add(std::stoi(hour.at(line + "_AB")), 30, "contact.left_queue", R"("reason":"caller")");
  }
  return lines;
}

TEST(EmergencyCentre, AnswerTimesByHourAreThoseOfTheBands) {
  const std::string file = data("week44_phone.csv");
  if (file.empty()) GTEST_SKIP() << kSkip;
  const auto hours = test_support::csv_rows(test_support::read_file(file));
  std::size_t compared = 0, without_value = 0;
  for (const std::string line : {"911", "ADM"}) {
    const auto lines = calls_of(hours, line);
    for (const std::string within : {"10", "15", "20", "40"}) {
      Engine engine(
          configured("clients:\n  centre:\n    queues: [\"911\", ADM]\n    sla: [{name: answer, versions: "
                     "[{formula: answered, threshold: " +
                     within + "s}]}]\n"));
      engine.feed(lines);
      const auto rows = test_support::csv_rows(engine.csv({{"by", "queue"}, {"every", "1h"}}));
      const std::string share = line == "ADM" && within == "15" ? "PCT_ADM_15" : line + "_PCT_" + within;
      for (const CsvRow& hour : hours) {
        const std::string start = hour_of(hour.at("DateTime"));
        const auto row = std::ranges::find_if(rows, [&](const CsvRow& r) { return r.at("start") == start; });
        if (row == rows.end() || row->at("service_level").empty()) {
          EXPECT_EQ(std::stod(hour.at(share)), 0) << start;
          ++without_value;
          continue;
        }
        EXPECT_EQ(row->at("offered"), hour.at(line + "_T")) << start;
        expect_published(row->at("service_level"), std::stod(hour.at(share)), 0.0001, start + " " + share);
        expect_published(row->at("abandonment_rate"), std::stod(hour.at(line + "_PCT_AB")), 0.0001, start);
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared + without_value, 168U * 8);
  EXPECT_GT(compared, 1200U);
}

}  // namespace

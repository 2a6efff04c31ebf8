// A log that breaks off in the middle of the day, served by `replay --listen --hold` and scraped by Debian's
// Prometheus: its queries give what `figures` and `figures --window` print, series by series.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/time.h"
#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/http_client.h"
#include "tests/support/prometheus.h"
#include "tests/support/served_floor.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::CsvRow;
using test_support::PrometheusSample;

const std::vector<std::string> kWindows = {"5m", "15m", "30m", "1h", "day"};

/// A series by its labels without name, job and instance: `client=acme,queue=acme-care,`.
using Series = std::map<std::string, double>;

std::string label_text(const std::map<std::string, std::string>& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (name == "__name__" || name == "job" || name == "instance" || value.empty()) continue;
    text += name + "=" + value + ",";
  }
  return text;
}

/// The served log, its store and Prometheus: made once for all tests of this file.
class Scraped {
 public:
  Scraped() {
    floorwatch({"generate", "--visits", "3000", "--seed", "5", "--bad", "0.001", "--output", folder_ / "whole.ndjson", "--quiet"});
    cut();
    folder_.write("config.yaml", "metrics: {agents: true}\n");
    served_ = std::make_unique<test_support::ServedFloor>(
        std::vector<std::string>{FLOORWATCH_BINARY, "replay", "--config", folder_ / "config.yaml", "--store", store(),
                                 "--input", folder_ / "log.ndjson", "--listen", "127.0.0.1:0", "--hold", "--quiet"},
        folder_ / "said");
    if (!served_->comes_to_say("received=")) throw std::runtime_error("replay does not end:\n" + served_->said());
    prometheus_ = std::make_unique<test_support::Prometheus>(served_->port());
    prometheus_->wait_for("floorwatch_as_of_timestamp_seconds");
  }

  std::vector<CsvRow> figures(std::vector<std::string> words) const {
    words.insert(words.begin(), {"figures", "--store", store(), "--format", "csv"});
    return test_support::csv_rows(floorwatch(words));
  }
  std::string floorwatch(std::vector<std::string> words) const {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    const auto ran = test_support::run_command(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  }
  Series query(const std::string& expression) {
    Series series;
    for (const PrometheusSample& sample : prometheus_->query(expression)) series[label_text(sample.labels)] = sample.value;
    return series;
  }

  std::string store() const { return "sqlite:" + (folder_ / "floor.db"); }
  const std::vector<std::string>& lines() const { return lines_; }
  test_support::ServedFloor& served() { return *served_; }
  test_support::Prometheus& prometheus() { return *prometheus_; }

 private:
  /// Keeps the first part of the log: visits wait, agents are staffed, leads are open.
  void cut() {
    std::ifstream whole(folder_ / "whole.ndjson");
    for (std::string line; std::getline(whole, line);) lines_.push_back(line);
    lines_.resize(lines_.size() * 9 / 20);
    std::string log;
    for (const auto& line : lines_) log += line + "\n";
    folder_.write("log.ndjson", log);
  }

  test_support::TempDir folder_;
  std::vector<std::string> lines_;
  std::unique_ptr<test_support::ServedFloor> served_;
  std::unique_ptr<test_support::Prometheus> prometheus_;
};

class FiguresInPrometheus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (test_support::prometheus_installed()) scraped_ = std::make_unique<Scraped>();
  }
  static void TearDownTestSuite() { scraped_.reset(); }
  void SetUp() override {
    if (!scraped_) GTEST_SKIP() << "prometheus and promtool are not installed";
  }
  static Scraped& scraped() { return *scraped_; }

  static double number(const CsvRow& row, const std::string& column) { return std::stod(row.at(column)); }

  /// The labels of a row's key columns, and those given.
  static std::string series_of(const CsvRow& row, std::map<std::string, std::string> labels = {}) {
    for (const char* key : {"client", "queue", "channel", "agent", "campaign", "currency"}) {
      if (row.contains(key)) labels[key] = row.at(key);
    }
    return label_text(labels);
  }

  /// Every row's cell is a series with its value, to the last digit that is printed; an empty cell is no series, and
  /// there is none beyond the rows.
  static void expect_column(const std::string& expression, const std::vector<CsvRow>& rows, const std::string& column,
                            double precision, const std::map<std::string, std::string>& labels = {}) {
    const Series series = scraped().query(expression);
    std::set<std::string> printed;
    for (const CsvRow& row : rows) {
      if (row.at(column).empty()) continue;
      const std::string name = series_of(row, labels);
      printed.insert(name);
      ASSERT_TRUE(series.contains(name)) << expression << " has no " << name;
      EXPECT_NEAR(series.at(name), number(row, column), precision) << expression << " " << name;
    }
    for (const auto& [name, value] : series) EXPECT_TRUE(printed.contains(name)) << expression << " has " << name;
    if (printed.empty()) ADD_FAILURE() << expression << ": no row has a value in " << column;
  }

  static std::unique_ptr<Scraped> scraped_;
};
std::unique_ptr<Scraped> FiguresInPrometheus::scraped_;

constexpr double kExact = 1e-9;
constexpr double kSixDecimals = 5.1e-7;
constexpr double kMilliseconds = 5.1e-4;

TEST_F(FiguresInPrometheus, CountersOfQueuesAreTheTotals) {
  const auto rows = scraped().figures({"--by", "queue"});
  expect_column("floorwatch_contacts_offered_total", rows, "offered", kExact);
  expect_column("floorwatch_contacts_answered_total", rows, "answered", kExact);
  expect_column("sum by (client, queue, channel) (floorwatch_contacts_abandoned_total)", rows, "abandoned", kExact);
  expect_column("floorwatch_contacts_abandoned_total{short=\"true\"}", rows, "abandoned_short", kExact, {{"short", "true"}});
  expect_column("floorwatch_contacts_handled_total", rows, "handled", kExact);
  expect_column("floorwatch_offers_missed_total", rows, "missed_offers", kExact);
  // A reason without any visit has no series, so the queues of the answer are those with a flowed out visit.
  auto flowed = rows;
  std::erase_if(flowed, [](const CsvRow& row) { return row.at("flowed_out") == "0"; });
  expect_column("sum by (client, queue, channel) (floorwatch_contacts_flowed_out_total)", flowed, "flowed_out", kExact);
  EXPECT_TRUE(scraped().query("floorwatch_contacts_flowed_out_total{reason=\"\"}").empty());
}

TEST_F(FiguresInPrometheus, HistogramsHaveTheCountsAndMeansOfTheTotals) {
  const auto rows = scraped().figures({"--by", "queue"});
  expect_column("floorwatch_wait_seconds_count", rows, "answered", kExact);
  expect_column("floorwatch_wait_seconds_sum / (floorwatch_wait_seconds_count > 0)", rows, "mean_wait_s", kMilliseconds);
  expect_column("floorwatch_handle_seconds_sum / (floorwatch_handle_seconds_count > 0)", rows, "mean_handle_s", kMilliseconds);
  for (const std::string name : {"wait", "handle", "lead_response"}) {
    const std::string metric = "floorwatch_" + name + "_seconds";
    EXPECT_TRUE(scraped().query(metric + "_bucket{le=\"+Inf\"} != ignoring(le) " + metric + "_count").empty()) << name;
  }
  const auto leads = scraped().figures({"--by", "lead"});
  expect_column("floorwatch_lead_response_seconds_count", leads, "attempted", kExact);
}

TEST_F(FiguresInPrometheus, CountersOfLeadsAreTheTotals) {
  const auto rows = scraped().figures({"--by", "lead"});
  expect_column("floorwatch_leads_created_total", rows, "created", kExact);
  expect_column("floorwatch_leads_attempted_total", rows, "attempted", kExact);
  expect_column("floorwatch_leads_contacted_total", rows, "contacted", kExact);
}

TEST_F(FiguresInPrometheus, CountersOfDealsAreTheTotals) {
  const auto rows = scraped().figures({"--by", "deal"});
  expect_column("floorwatch_deals_won_total", rows, "won", kExact);
  expect_column("floorwatch_deals_lost_total", rows, "lost", kExact);
}

TEST_F(FiguresInPrometheus, GaugesOfEveryWindowAreWhatFiguresPrintsOfIt) {
  for (const std::string& window : kWindows) {
    const auto rows = scraped().figures({"--by", "queue", "--window", window});
    const std::string in = "{window=\"" + window + "\"}";
    const std::map<std::string, std::string> label = {{"window", window}};
    expect_column("floorwatch_service_level_ratio" + in, rows, "service_level", kSixDecimals,
                  {{"window", window}, {"profile", "default"}});
    expect_column("floorwatch_abandonment_ratio" + in, rows, "abandonment_rate", kSixDecimals, label);
    expect_column("floorwatch_mean_wait_seconds" + in, rows, "mean_wait_s", kMilliseconds, label);
    expect_column("floorwatch_mean_handle_seconds" + in, rows, "mean_handle_s", kMilliseconds, label);
    if (window == "5m") continue;  // Too short for a lead to be attempted in it.
    expect_column("floorwatch_lead_response_median_seconds" + in, scraped().figures({"--by", "lead", "--window", window}),
                  "median_response_s", kMilliseconds, label);
  }
}

TEST_F(FiguresInPrometheus, GaugesOfAgentsAreWhatFiguresPrintsOfThem) {
  for (const std::string& window : kWindows) {
    const auto rows = scraped().figures({"--by", "agent", "--window", window});
    const std::string each = "{agent!=\"\",window=\"" + window + "\"}";
    expect_column("floorwatch_occupancy_ratio" + each, rows, "occupancy", kSixDecimals, {{"window", window}});
    expect_column("floorwatch_contacts_per_agent_hour" + each, rows, "contacts_per_hour", kSixDecimals, {{"window", window}});

    struct Sums {
      double handled = 0, staffed = 0, busy = 0, working = 0;
    };
    std::map<std::string, Sums> clients;
    for (const CsvRow& row : rows) {
      Sums& sums = clients[row.at("client")];
      const double busy = number(row, "on_contact_s") + number(row, "wrap_state_s");
      sums.handled += number(row, "handled"), sums.staffed += number(row, "staffed_s");
      sums.busy += busy, sums.working += busy + number(row, "available_s");
    }
    const std::string all = "{agent=\"\",window=\"" + window + "\"}";
    const Series occupancy = scraped().query("floorwatch_occupancy_ratio" + all);
    const Series per_hour = scraped().query("floorwatch_contacts_per_agent_hour" + all);
    EXPECT_EQ(occupancy.size(), clients.size());
    for (const auto& [client, sums] : clients) {
      const std::string name = "client=" + client + ",window=" + window + ",";
      ASSERT_TRUE(occupancy.contains(name) && per_hour.contains(name)) << name;
      EXPECT_NEAR(occupancy.at(name), sums.busy / sums.working, kExact) << name;
      EXPECT_NEAR(per_hour.at(name), sums.handled * 3600 / sums.staffed, kExact) << name;
    }
  }
}

TEST_F(FiguresInPrometheus, WaitingVisitsAndTheOldestAreThoseOfTheStore) {
  const auto rows = scraped().figures({"--by", "queue"});
  expect_column("floorwatch_contacts_waiting", rows, "waiting", kExact);
  Series oldest;
  for (const CsvRow& visit : test_support::csv_rows(
           scraped().floorwatch({"contacts", "--store", scraped().store(), "--outcome", "waiting", "--format", "csv"}))) {
    const auto queued = core::parse_rfc3339(visit.at("queued"));
    ASSERT_TRUE(queued);
    const double begin = static_cast<double>(core::to_ms(*queued)) / 1000;
    const auto [it, fresh] = oldest.try_emplace(series_of(visit), begin);
    it->second = std::min(it->second, begin);
  }
  EXPECT_FALSE(oldest.empty()) << "nobody waits at the cut";
  EXPECT_EQ(scraped().query("floorwatch_oldest_waiting_timestamp_seconds"), oldest);
}

TEST_F(FiguresInPrometheus, AgentsByStateAreThoseOfTheLogsLastStates) {
  struct State {
    std::string id, client, state;
    std::vector<std::string> queues;
  };
  // By agent and time: of those of one moment the greatest id holds. Times of the simulated centre have one form, so
  // the order of the texts is that of the times.
  std::map<std::string, std::map<std::string, State>> agents;
  simdjson::dom::parser parser;
  for (const std::string& line : scraped().lines()) {
    simdjson::dom::element event;
    if (parser.parse(line).get(event) != simdjson::SUCCESS) continue;
    std::string_view type, time, id;
    if (event["type"].get(type) != simdjson::SUCCESS || type != "agent.state") continue;
    if (event["time"].get(time) != simdjson::SUCCESS || event["id"].get(id) != simdjson::SUCCESS) continue;
    const auto data = event["data"];
    std::string_view agent, client, state;
    if (data["agent"].get(agent) != simdjson::SUCCESS || data["state"].get(state) != simdjson::SUCCESS) continue;
    if (data["client"].get(client) != simdjson::SUCCESS) continue;
    State& held = agents[std::string(agent)][std::string(time)];
    if (id < held.id) continue;
    held = {std::string(id), std::string(client), std::string(state), {}};
    simdjson::dom::array queues;
    if (data["queues"].get(queues) != simdjson::SUCCESS) continue;
    for (const auto queue : queues) held.queues.emplace_back(std::string_view(queue));
  }
  Series expected;
  for (const auto& [agent, states] : agents) {
    const State& last = states.rbegin()->second;
    ++expected["client=" + last.client + ",state=" + last.state + ","];
    // He serves the queues of the last that names any.
    const auto named =
        std::find_if(states.rbegin(), states.rend(), [](const auto& one) { return !one.second.queues.empty(); });
    if (named == states.rend()) continue;
    for (const auto& queue : named->second.queues) {
      ++expected["client=" + last.client + ",queue=" + queue + ",state=" + last.state + ","];
    }
  }
  EXPECT_EQ(scraped().query("floorwatch_agents"), expected);
  EXPECT_GT(scraped().query("sum(floorwatch_agents{state=\"on_contact\",queue=\"\"})").at(""), 0);
}

TEST_F(FiguresInPrometheus, EventsAreCountedAsReplayPrintedThem) {
  const std::string said = scraped().served().said();
  std::istringstream line(said.substr(said.find("received=")));
  double parts = 0, received = -1;
  for (const std::string name : {"received", "applied", "duplicate", "rejected", "skipped"}) {
    std::string word;
    line >> word;
    ASSERT_TRUE(word.starts_with(name + "=")) << said;
    const double n = std::stod(word.substr(name.size() + 1));
    EXPECT_EQ(scraped().query("sum(floorwatch_events_" + name + "_total)"), (Series{{"", n}})) << name;
    name == "received" ? received = n : parts += n;
  }
  EXPECT_EQ(received, parts);
  EXPECT_GT(scraped().query("sum(floorwatch_events_rejected_total{source=\"log\",reason!=\"\"})").at(""), 0);
}

TEST_F(FiguresInPrometheus, TheProgramsOwnSeriesAreThere) {
  for (const char* with_source :
       {"floorwatch_events_received_total", "floorwatch_events_applied_total", "floorwatch_events_duplicate_total",
        "floorwatch_events_conflict_total", "floorwatch_events_late_total", "floorwatch_events_skipped_total"}) {
    EXPECT_EQ(scraped().query(with_source).count("source=log,"), 1U) << with_source;
  }
  for (const char* plain : {"floorwatch_last_commit_timestamp_seconds", "floorwatch_commit_seconds_count",
                            "floorwatch_flow_pause_seconds_count", "floorwatch_as_of_timestamp_seconds",
                            "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"}) {
    EXPECT_GT(scraped().query(plain).at(""), 0) << plain;
  }
  EXPECT_FALSE(scraped().query("floorwatch_build_info{version!=\"\"} == 1").empty());
}

TEST_F(FiguresInPrometheus, NeitherPrometheusNorPromtoolComplains) {
  const auto page = test_support::http_get(scraped().served().port(), "/metrics", {{"Accept", "text/plain"}});
  EXPECT_EQ(test_support::promtool_complaints(page.body), "");
  EXPECT_FALSE(scraped().query("up{job=\"floorwatch\"} == 1").empty());
  EXPECT_EQ(scraped().prometheus().log(), "");
}

TEST_F(FiguresInPrometheus, TheApiGivesTheSameTableAsTheCommand) {
  const auto answer = test_support::http_get(scraped().served().port(), "/api/v1/figures?by=queue&every=30m&format=csv");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, scraped().floorwatch({"figures", "--store", scraped().store(), "--every", "30m", "--format", "csv"}));
}

TEST_F(FiguresInPrometheus, ReplayEndsInOrderWhenItIsStopped) {
  auto& served = scraped().served();
  EXPECT_EQ(served.process().end(SIGTERM), 0) << served.said();
}

}  // namespace

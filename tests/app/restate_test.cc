// Contracts through the program: the same digits wherever they are read, a changed past that is refused until it is
// restated, what a restatement shows and keeps, and the report.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/http_client.h"
#include "tests/support/served_floor.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::csv_rows;
using test_support::only_row;
using test_support::Ran;

/// A replayed day of 800 visits, judged by a contract.
class Restate : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run({"generate", "--visits", "800", "--seed", "21", "--start", "2026-03-02T00:00:00Z", "--output", log,
                   "--quiet"})
                  .status,
              0);
    const Ran kept = run({"replay", "--store", url, "--config", write("old.yaml", "20s"), "--input", log});
    ASSERT_EQ(kept.status, 0) << kept.err;
  }
  std::string write(const std::string& name, const std::string& threshold, const std::string& more = "") const {
    // The generator's first client, whatever its queues are called.
    return folder.write(name,
                        "sources:\n  - name: log\n    file: {path: none, follow: false}\n"
                        "clients:\n  acme:\n    sla:\n      - name: voice\n        versions:\n"
                        "          - {threshold: " +
                            threshold +
                            ", target: 80%, credits: {fee: 1000 USD, tiers: [{below: "
                            "99%, credit: 2%}]}}\n" +
                            more);
  }
  static Ran run(std::vector<std::string> words) {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    return test_support::run_command(words);
  }
  Ran figures(const std::string& by) const {
    return run({"figures", "--store", url, "--by", by, "--every", "month", "--format", "csv", "--client", "acme"});
  }
  test_support::CsvRow contract() const {
    const Ran ran = run({"figures", "--store", url, "--by", "profile", "--format", "csv"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return only_row(csv_rows(ran.out), {});
  }

  test_support::TempDir folder;
  std::string log = folder / "log.ndjson", path = folder / "floor.db", url = "sqlite:" + path;
};

TEST_F(Restate, TheContractsFigureIsTheServiceLevelOfItsVisits) {
  const auto row = contract();
  const auto client = only_row(csv_rows(figures("client").out), {});
  EXPECT_EQ(row.at("figure"), client.at("service_level"));
  EXPECT_EQ(row.at("offered"), client.at("offered"));
  EXPECT_EQ(row.at("answered_within"), client.at("answered_within"));
  EXPECT_EQ(row.at("target"), "0.800000");
  EXPECT_EQ(row.at("status"), "final");
}

TEST_F(Restate, AChangedPastIsRefusedUntilItIsRestated) {
  const std::string changed = write("new.yaml", "60s");
  const Ran refused = run({"replay", "--store", url, "--config", changed, "--input", log});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("floorwatch restate"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("clients.\"acme\".sla.threshold"), std::string::npos) << refused.err;

  const auto before = contract();
  const std::string was = run({"digest", "--store", url}).out;
  const Ran dry = run({"restate", "--store", url, "--config", changed, "--dry-run"});
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_NE(dry.out.find("because clients.\"acme\".sla.threshold: 20000 ms -> 60000 ms"), std::string::npos) << dry.out;
  EXPECT_NE(dry.out.find("figure: was " + before.at("figure") + ", now "), std::string::npos) << dry.out;
  EXPECT_NE(dry.out.find("nothing was written"), std::string::npos);
  EXPECT_EQ(run({"digest", "--store", url}).out, was);

  const Ran applied = run({"restate", "--store", url, "--config", changed, "--apply"});
  EXPECT_EQ(applied.status, 0) << applied.err;
  const auto after = contract();
  EXPECT_NE(after.at("figure"), before.at("figure"));
  EXPECT_EQ(after.at("status"), "corrected");
  EXPECT_EQ(after.at("revision"), "1") << "its own: those of its queues' quarter-hours are the queues'";

  // The same as if it had been judged so from the beginning, bit for bit.
  const std::string fresh = "sqlite:" + (folder / "fresh.db");
  EXPECT_EQ(run({"replay", "--store", fresh, "--config", changed, "--input", log}).status, 0);
  EXPECT_EQ(run({"digest", "--store", url}).out, run({"digest", "--store", fresh}).out);
  EXPECT_EQ(run({"replay", "--store", url, "--config", changed, "--input", log}).status, 0)
      << "it is the store's own now";

  const Ran listed = run({"figures", "--store", url, "--by", "profile", "--revisions", "--format", "csv"});
  const auto figure = only_row(csv_rows(listed.out), {{"figure", "figure"}});
  EXPECT_EQ(figure.at("before"), before.at("figure"));
  EXPECT_EQ(figure.at("after"), after.at("figure"));
  EXPECT_EQ(figure.at("cause_type"), "restatement");
  EXPECT_NE(figure.at("cause_entity").find("threshold: 20000 ms -> 60000 ms"), std::string::npos);
  const Ran queues =
      run({"figures", "--store", url, "--by", "queue", "--every", "15m", "--client", "acme", "--format", "csv"});
  EXPECT_NE(queues.out.find(",corrected,1,"), std::string::npos);

  const Ran again = run({"restate", "--store", url, "--config", changed, "--dry-run"});
  EXPECT_NE(again.out.find("no figure changes"), std::string::npos) << again.out;
}

TEST_F(Restate, WhatBeginsLaterChangesNothingAndIsTaken) {
  const std::string later =
      write("later.yaml", "20s", "          - {valid_from: 2027-01-01, threshold: 60s, target: 90%}\n");
  const Ran taken = run({"replay", "--store", url, "--config", later, "--input", log});
  EXPECT_EQ(taken.status, 0) << taken.err;
  // From now on it is the store's: without it the future would be another, and still not the past.
  EXPECT_EQ(run({"replay", "--store", url, "--config", write("old.yaml", "20s"), "--input", log}).status, 0);
}

TEST_F(Restate, SaysWhatIsMissing) {
  const std::string config = write("new.yaml", "60s");
  EXPECT_EQ(run({"restate", "--store", url, "--config", config}).status, 2);
  EXPECT_EQ(run({"restate", "--store", url, "--config", config, "--apply", "--dry-run"}).status, 2);
  const std::string none = "sqlite:" + (folder / "none.db");
  EXPECT_EQ(run({"restate", "--store", none, "--config", config, "--apply"}).status, 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "none.db"));
}

TEST_F(Restate, MetricsAndTheApiSayTheSame) {
  const auto row = contract();
  test_support::ServedFloor served(
      {FLOORWATCH_BINARY, "replay", "--store", "sqlite:" + (folder / "served.db"), "--config", write("old.yaml", "20s"),
       "--input", log, "--listen", "127.0.0.1:0", "--hold"},
      folder / "said.txt");
  ASSERT_TRUE(served.comes_to_say("received=")) << served.said();
  const std::string page = test_support::http_get(served.port(), "/metrics").body;
  const auto value = [&](const std::string& series) {
    const auto at = page.find(series + " ");
    return at == std::string::npos ? std::string("absent")
                                   : page.substr(at + series.size() + 1, page.find('\n', at) - at - series.size() - 1);
  };
  const std::string labels = "{client=\"acme\",profile=\"voice\"}";
  EXPECT_EQ(value("floorwatch_sla_target_ratio" + labels), "0.8");
  EXPECT_NEAR(std::stod(value("floorwatch_sla_period_ratio" + labels)), std::stod(row.at("figure")), 5e-7);
  EXPECT_EQ(value("floorwatch_sla_misses_left" + labels), row.at("misses_left"));
  const std::string json = test_support::http_get(served.port(), "/api/v1/figures?by=profile").body;
  EXPECT_NE(json.find("\"figure\":" + row.at("figure") + ","), std::string::npos) << json;
}

TEST_F(Restate, TheReportHasTheSameDigitsInEveryForm) {
  const auto row = contract();
  const auto report = [&](const std::string& format, const std::string& period = "2026-03") {
    return run({"report", "--store", url, "--client", "acme", "--period", period, "--format", format});
  };
  const auto period = only_row(csv_rows(report("csv").out), {{"of", "period"}});
  for (const char* column : {"figure", "offered", "numerator", "denominator", "met", "credit"}) {
    EXPECT_EQ(period.at(column), row.at(column)) << column;
  }
  const Ran json = report("json");
  EXPECT_NE(json.out.find("\"figure\":" + row.at("figure") + ","), std::string::npos);
  const std::string digest = run({"digest", "--store", url}).out;
  const std::string number = digest.substr(digest.find('=') + 1, 64);
  EXPECT_NE(json.out.find(number), std::string::npos) << digest;
  const Ran html = report("html");
  EXPECT_EQ(html.status, 0) << html.err;
  EXPECT_NE(html.out.find("<svg"), std::string::npos);
  EXPECT_EQ(html.out.find("http"), std::string::npos) << "nothing is fetched from anywhere";
  EXPECT_EQ(html.out.find("<script"), std::string::npos);
  EXPECT_NE(html.out.find(number), std::string::npos);
  for (const char* good : {"2026", "2026-Q1", "2026-W10", "2026-03-02"})
    EXPECT_EQ(report("csv", good).status, 0) << good;
  for (const char* bad : {"", "march", "2026-13", "2026-W60", "2026-02-30", "2026-Q5"}) {
    const Ran refused = report("csv", bad);
    EXPECT_EQ(refused.status, 2) << bad;
  }
  EXPECT_EQ(run({"report", "--store", url, "--client", "nobody", "--period", "2026-03"}).status, 2);
}

}  // namespace

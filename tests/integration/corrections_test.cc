// A supervisor looks at yesterday's figures again: what was final and is not the same any more says so, with the event
// that changed it.
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/support/csv_rows.h"
#include "tests/support/event_line.h"
#include "tests/support/service.h"

namespace {

using test_support::comes_true;
using test_support::csv_rows;
using test_support::CsvRow;
using test_support::event_line;
using test_support::http_get;
using test_support::only_row;
using test_support::ServedFloor;

class Corrections : public testing::Test {
 protected:
  void SetUp() override { service.follow_log(); }

  /// The floor at eight, and a moment four hours later: the morning is final.
  void write_the_morning() {
    append({event_line("contact.queued", "v1", "2026-03-02T08:01:00Z", kSales),
            event_line("contact.answered", "v1", "2026-03-02T08:01:10Z", R"("visit":"v1","agent":"ann")"),
            event_line("contact.ended", "v1", "2026-03-02T08:04:10Z", R"("visit":"v1","agent":"ann")"),
            event_line("contact.wrapped", "v1", "2026-03-02T08:04:40Z", R"("visit":"v1","agent":"ann")"),
            event_line("agent.state", "ann", "2026-03-02T12:00:00Z", R"("state":"available")")});
  }
  /// What a phone system that was cut off sends at noon.
  void write_the_late_caller() {
    append({event_line("contact.queued", "v2", "2026-03-02T08:05:00Z", kSales),
            event_line("contact.left_queue", "v2", "2026-03-02T08:06:00Z", R"("visit":"v2","reason":"caller")")});
  }
  void append(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    service.folder().append("log.ndjson", text);
    written += lines.size();
  }
  bool keeps_all() const {
    return comes_true([&] { return service.counts("log").received == written; });
  }
  CsvRow morning(const std::string& every, const std::string& store = {}) const {
    const auto ran = service.command({"figures", "--store", store.empty() ? service.store() : store, "--every", every,
                                      "--from", "2026-03-02T08:00:00Z", "--format", "csv"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return only_row(csv_rows(ran.out), {{"queue", "sales"}});
  }
  std::vector<CsvRow> revisions(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"figures", "--store", service.store(), "--revisions", "--format", "csv"});
    const auto ran = service.command(more);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return csv_rows(ran.out);
  }

  static constexpr const char* kSales = R"("client":"acme","queue":"sales","channel":"voice")";
  test_support::Service service{FLOORWATCH_BINARY};
  std::size_t written = 0;
};

TEST_F(Corrections, AFinalIntervalThatALateEventChangesIsCorrected) {
  write_the_morning();
  ServedFloor floor = service.run();
  ASSERT_TRUE(keeps_all()) << floor.said();
  EXPECT_TRUE(comes_true([&] { return morning("15m")["status"] == "final"; }));
  EXPECT_TRUE(revisions().empty());

  write_the_late_caller();
  ASSERT_TRUE(keeps_all()) << floor.said();
  const CsvRow row = morning("15m");
  EXPECT_EQ(row.at("status"), "corrected");
  EXPECT_EQ(row.at("revision"), "1");
  EXPECT_EQ(row.at("offered"), "2");
  EXPECT_EQ(morning("total").at("revision"), "1") << "a longer row has the sum of its parts";

  const CsvRow offered = only_row(revisions(), {{"figure", "offered"}});
  EXPECT_EQ(offered.at("before"), "1");
  EXPECT_EQ(offered.at("after"), "2");
  EXPECT_EQ(offered.at("start"), "2026-03-02T08:00:00Z");
  EXPECT_EQ(offered.at("end"), "2026-03-02T08:15:00Z");
  EXPECT_EQ(offered.at("cause_type"), "contact.queued");
  EXPECT_EQ(offered.at("cause_entity"), "v2");
  EXPECT_EQ(offered.at("cause_time"), "2026-03-02T08:05:00Z");
  EXPECT_EQ(offered.at("cause_source"), "log");
  const CsvRow rate = only_row(revisions(), {{"figure", "abandonment_rate"}});
  EXPECT_EQ(rate.at("before"), "0.000000");
  EXPECT_EQ(rate.at("after"), "0.500000");
  EXPECT_FALSE(revisions({"--basis", "event"}).empty());
  EXPECT_TRUE(revisions({"--by", "agent"}).empty()) << "no agent had to do with it";

  const std::string served = http_get(floor.port(), "/api/v1/figures?revisions=true").body;
  EXPECT_NE(served.find("\"figure\":\"offered\",\"before\":\"1\",\"after\":\"2\""), std::string::npos) << served;
  EXPECT_NE(http_get(floor.port(), "/api/v1/figures?every=15m").body.find("\"status\":\"corrected\",\"revision\":1"),
            std::string::npos);
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
}

TEST_F(Corrections, AreStillThereAfterARestartAndCountOn) {
  write_the_morning();
  {
    ServedFloor floor = service.run();
    ASSERT_TRUE(keeps_all()) << floor.said();
    write_the_late_caller();
    ASSERT_TRUE(keeps_all()) << floor.said();
    floor.process().end(SIGKILL);
  }
  ServedFloor floor = service.run();
  append({event_line("contact.queued", "v3", "2026-03-02T08:07:00Z", kSales),
          event_line("contact.left_queue", "v3", "2026-03-02T08:07:30Z", R"("visit":"v3","reason":"caller")")});
  ASSERT_TRUE(keeps_all()) << floor.said();
  EXPECT_EQ(morning("15m").at("revision"), "2");
  const CsvRow second = only_row(revisions(), {{"figure", "offered"}, {"revision", "2"}});
  EXPECT_EQ(second.at("before"), "2");
  EXPECT_EQ(second.at("after"), "3");
  const auto first = http_get(floor.port(), "/api/v1/figures?revisions=true&limit=1");
  EXPECT_EQ(first.headers.at("floorwatch-left-out"), "revisions after the first 1");
  EXPECT_EQ(first.body.find("\"revision\":2"), std::string::npos) << first.body;
  EXPECT_FALSE(
      http_get(floor.port(), "/api/v1/figures?revisions=true&limit=2").headers.contains("floorwatch-left-out"));
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
}

TEST_F(Corrections, WhatCameWhileItWasDownIsCorrected) {
  write_the_morning();
  {
    ServedFloor floor = service.run();
    ASSERT_TRUE(keeps_all()) << floor.said();
    EXPECT_TRUE(comes_true([&] { return morning("15m")["status"] == "final"; }));
    EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  }
  write_the_late_caller();
  ServedFloor floor = service.run();
  ASSERT_TRUE(keeps_all()) << floor.said();
  EXPECT_EQ(morning("15m").at("status"), "corrected");
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
}

TEST_F(Corrections, AReplayHasNone) {
  write_the_morning();
  write_the_late_caller();
  service.digest_of_replay("fresh.db");
  const CsvRow row = morning("15m", "sqlite:" + (service.folder() / "fresh.db"));
  EXPECT_EQ(row.at("status"), "final");
  EXPECT_EQ(row.at("revision"), "0");
}

}  // namespace

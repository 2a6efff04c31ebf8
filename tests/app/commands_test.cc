// The commands as a person or a script meets them: help, formats, filters, exit statuses.
#include <gtest/gtest.h>
#include <simdjson.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "core/figure_query.h"
#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/event_line.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::csv_rows;
using test_support::event_line;
using test_support::Ran;

const test_support::TempDir& folder() {
  static const test_support::TempDir dir;
  return dir;
}

Ran floorwatch(std::vector<std::string> words) {
  words.insert(words.begin(), FLOORWATCH_BINARY);
  return test_support::run_command(words);
}
std::string url(const std::string& name) { return "sqlite:" + (folder() / name); }

/// A generated day in a store, made once.
const std::string& day_store() {
  static const std::string made = [] {
    const std::string log = folder() / "day.ndjson";
    EXPECT_EQ(floorwatch({"generate", "--visits", "800", "--seed", "21", "--output", log, "--quiet"}).status, 0);
    EXPECT_EQ(floorwatch({"replay", "--store", url("day.db"), "--input", log}).status, 0);
    return url("day.db");
  }();
  return made;
}

Ran figures(std::vector<std::string> words) {
  words.insert(words.begin(), {"figures", "--store", day_store()});
  return floorwatch(words);
}
std::vector<test_support::CsvRow> figure_rows(std::vector<std::string> words) {
  words.insert(words.end(), {"--format", "csv"});
  const Ran ran = figures(words);
  EXPECT_EQ(ran.status, 0) << ran.err;
  return csv_rows(ran.out);
}
std::int64_t sum(const std::vector<test_support::CsvRow>& rows, const std::string& column) {
  std::int64_t total = 0;
  for (const auto& row : rows) total += std::stoll(row.at(column));
  return total;
}

std::string visit(const std::string& id, const std::string& queued, const std::string& answered,
                  const std::string& ended, const std::string& wrapped) {
  const std::string who = R"("visit":")" + id + R"(","contact":")" + id + R"(","agent":"ann")";
  return event_line("contact.queued", id, queued, R"("visit":")" + id + R"(","queue":"sales","channel":"voice")") + "\n" +
         event_line("contact.answered", id, answered, who) + "\n" + event_line("contact.ended", id, ended, who) + "\n" +
         event_line("contact.wrapped", id, wrapped, who) + "\n";
}

TEST(Commands, EveryOneHasHelpWithAnExample) {
  for (const std::string command :
       {"run", "replay", "figures", "contacts", "leads", "deals", "explain", "dead-letters", "digest", "check",
        "convert", "generate", "top", "report", "restate", "rules", "verify"}) {
    const Ran ran = floorwatch({command, "--help"});
    EXPECT_EQ(ran.status, 0) << command;
    const auto example = ran.out.find("Example");
    ASSERT_NE(example, std::string::npos) << command;
    EXPECT_NE(ran.out.find("floorwatch " + command + " ", example), std::string::npos) << command;
  }
  EXPECT_EQ(floorwatch({"--help"}).status, 0);
  const std::string figures = floorwatch({"figures", "--help"}).out, explain = floorwatch({"explain", "--help"}).out;
  for (const std::string_view by : core::kFigureKeyWords) {
    EXPECT_NE(figures.find(by), std::string::npos) << by;
    EXPECT_NE(explain.find(by), std::string::npos) << by;
  }
  EXPECT_EQ(floorwatch({"--version"}).out, "floorwatch " FLOORWATCH_VERSION "\n");
}

TEST(Commands, WrongArgumentsEndWithTwoAndSayWhatIsAllowed) {
  const std::string log = folder().write("one.ndjson", visit("v", "2026-03-02T10:00:00Z", "2026-03-02T10:00:05Z", "2026-03-02T10:01:00Z", "2026-03-02T10:01:10Z"));
  const std::string day = day_store();
  const std::string never = url("never.db");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "subcommand"},
      {{"figure"}, "there is no command \"figure\""},
      {{"figures", "--store", url("none.db")}, "no such file"},
      {{"contacts", "--store", url("none.db")}, "no such file"},
      {{"digest", "--store", url("none.db")}, "no such file"},
      {{"figures", "--store", "floorwatch.db"}, "sqlite:PATH"},
      {{"figures", "--store", "postgresql://localhost/floor"}, "not yet supported"},
      {{"figures", "--store", day, "--by", "team"}, "queue, agent, client, lead"},
      {{"figures", "--store", day, "--every", "2h"}, "15m, 30m, 1h"},
      {{"figures", "--store", day, "--window", "2h"}, "5m, 15m, 30m, 1h, day"},
      {{"figures", "--store", day, "--tz", "Mars/Olympus"}, "IANA"},
      {{"figures", "--store", day, "--from", "yesterday"}, "RFC 3339"},
      {{"figures", "--store", day, "--basis", "clock"}, "arrival, event"},
      {{"figures", "--store", day, "--by", "agent", "--queue", "acme-care"}, "queue, client"},
      {{"figures", "--store", day, "--by", "lead", "--channel", "voice"}, "queue, client"},
      {{"figures", "--store", day, "--by", "deal", "--queue", "sales"}, "queue, client"},
      {{"figures", "--store", day, "--by", "deal", "--window", "1h"}, "client, every"},
      {{"figures", "--store", day, "--by", "deal", "--basis", "event"}, "client, every"},
      {{"figures", "--store", day, "--format", "xml"}, "csv"},
      {{"contacts", "--store", day, "--outcome", "lost"}, "answered"},
      {{"contacts", "--store", day, "--wait-over", "long"}, "20s"},
      {{"replay", "--store", never}, "--input"},
      {{"replay", "--store", never, "--input", folder() / "none.ndjson"}, "no such file"},
      {{"replay", "--store", never, "--input", folder().path().string()}, "directory"},
      {{"replay", "--store", never, "--input", log, "--format", "vendor"}, "canonical"},
      {{"replay", "--store", never, "--input", log, "--timezone", "Nowhere"}, "Nowhere"},
      {{"replay", "--store", never, "--input", log, "--speed", "0"}, "max"},
      {{"replay", "--store", never, "--input", log, "--from", "now"}, "RFC 3339"},
      {{"replay", "--store", never, "--input", log, "--hold"}, "--listen"},
      {{"replay", "--store", never, "--input", log, "--listen", "everywhere"}, "HOST:PORT"},
      {{"replay", "--store", "sqlite:" + (folder() / "no/folder.db"), "--input", log}, "folder"},
      {{"replay", "--store", never, "--input", log, "--config", folder() / "none.yaml"}, "cannot be read"},
      {{"run"}, "--config"},
      {{"convert", "--from", "vendor", log}, "canonical"},
      {{"convert", "--from", "canonical", "--timezone", "Nowhere", log}, "IANA"},
      {{"convert", "--from", "canonical", folder() / "none.ndjson"}, "none.ndjson"},
      {{"check", "--config", folder() / "none.yaml"}, "cannot be read"},
  };
  for (const auto& [words, says] : cases) {
    const Ran ran = floorwatch(words);
    std::string line;
    for (const auto& word : words) line += word + " ";
    EXPECT_EQ(ran.status, 2) << line << ran.err;
    EXPECT_NE((ran.err + ran.out).find(says), std::string::npos) << line << "says: " << ran.err << ran.out;
  }
  EXPECT_FALSE(std::filesystem::exists(folder() / "never.db")) << "nothing is written where the arguments are wrong";
}

TEST(Commands, ABrokenEnvironmentEndsWithThree) {
  folder().write("garbage.db", "this is a letter and no store");
  const Ran read = floorwatch({"figures", "--store", url("garbage.db")});
  EXPECT_EQ(read.status, 3) << read.err;
  EXPECT_NE(read.err.find("garbage.db"), std::string::npos) << read.err;
}

TEST(Commands, ALogThatBreaksOffEndsWithThreeAndWhatCameBeforeCounts) {
  std::string log;
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(i), minute = std::to_string(10 + i % 50);
    log += visit("v" + n, "2026-03-02T10:" + minute + ":00Z", "2026-03-02T10:" + minute + ":05Z", "2026-03-02T11:" + minute + ":00Z", "2026-03-02T11:" + minute + ":10Z");
  }
  const gzFile packed = gzopen((folder() / "whole.gz").c_str(), "wb");
  ASSERT_EQ(gzwrite(packed, log.data(), static_cast<unsigned>(log.size())), static_cast<int>(log.size()));
  gzclose(packed);
  std::filesystem::copy_file(folder() / "whole.gz", folder() / "cut.gz");
  std::filesystem::resize_file(folder() / "cut.gz", std::filesystem::file_size(folder() / "cut.gz") / 2);

  const Ran cut = floorwatch({"replay", "--store", url("cut.db"), "--input", folder() / "cut.gz"});
  EXPECT_EQ(cut.status, 3);
  EXPECT_NE(cut.err.find("breaks off"), std::string::npos) << cut.err;
  const Ran shown = floorwatch({"figures", "--store", url("cut.db"), "--format", "csv"});
  const auto rows = csv_rows(shown.out);
  ASSERT_EQ(rows.size(), 1U) << shown.out;
  EXPECT_GT(std::stoi(rows[0].at("offered")), 100);
  EXPECT_LT(std::stoi(rows[0].at("offered")), 3000);

  EXPECT_EQ(floorwatch({"replay", "--store", url("cut.db"), "--input", folder() / "whole.gz"}).status, 0);
  EXPECT_EQ(floorwatch({"replay", "--store", url("whole.db"), "--input", folder() / "whole.gz"}).status, 0);
  EXPECT_EQ(floorwatch({"digest", "--store", url("cut.db")}).out, floorwatch({"digest", "--store", url("whole.db")}).out);
}

TEST(Commands, AnEmptyStoreIsAnAnswer) {
  const std::string log = folder().write("empty.ndjson", "");
  const Ran replayed = floorwatch({"replay", "--store", url("empty.db"), "--input", log});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_EQ(replayed.out, "received=0 applied=0 duplicate=0 rejected=0 skipped=0\n");
  for (const std::string command : {"figures", "contacts"}) {
    const Ran csv = floorwatch({command, "--store", url("empty.db"), "--format", "csv"});
    EXPECT_EQ(csv.status, 0) << csv.err;
    EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 1) << csv.out;
    const Ran json = floorwatch({command, "--store", url("empty.db"), "--format", "json"});
    EXPECT_EQ(json.status, 0);
    EXPECT_EQ(json.out.find_first_not_of("[] \n"), std::string::npos) << json.out;
  }
}

TEST(Figures, HaveTheColumnsOfTheContract) {
  const auto header = [](const std::string& by) {
    const std::string csv = figures({"--by", by, "--format", "csv"}).out;
    return csv.substr(0, csv.find('\n'));
  };
  const std::string values =
      "start,end,status,revision,offered,answered,abandoned,abandoned_short,flowed_out,answered_within,service_level,"
      "abandonment_rate,mean_wait_s,p50_wait_s,p90_wait_s,max_wait_s,handled,mean_handle_s,p90_handle_s,mean_talk_s,"
      "mean_hold_s,mean_wrap_s,answered_late,abandoned_within,abandoned_late,flowed_out_within,flowed_out_late,waiting,"
      "unfinished,missed_offers,p80_wait_s,p95_wait_s,p99_wait_s";
  EXPECT_EQ(header("queue"), "client,queue,channel," + values);
  EXPECT_EQ(header("client"), "client," + values);
  EXPECT_EQ(header("agent"),
            "client,agent,start,end,status,revision,handled,contacts_per_hour,mean_handle_s,offers,missed_offers,talk_s,"
            "hold_s,wrap_s,available_s,away_s,occupancy,ringing_s,on_contact_s,wrap_state_s,staffed_s");
  EXPECT_EQ(header("lead"),
            "client,campaign,start,end,status,revision,created,attempted,contacted,median_response_s,p90_response_s,"
            "within_target,median_contact_s,attempts_per_lead,open,oldest_open_s");
  EXPECT_EQ(header("deal"),
            "client,start,end,status,revision,opened,won,lost,currency,average_deal_size,mean_cycle_days,"
            "median_cycle_days,win_rate,win_rate_by_value,open,pipeline_velocity_per_day,profitability,won_of_opened");
  EXPECT_EQ(header("chat"),
            "client,queue,channel,start,end,status,revision,started,responded,missed,unanswered,oldest_unanswered_s,"
            "mean_first_response_s,p50_first_response_s,p90_first_response_s,max_first_response_s,responses,"
            "mean_response_s,p50_response_s,p90_response_s,max_response_s,unfinished");
  EXPECT_EQ(header("chat-agent"),
            "client,agent,start,end,status,revision,responded,mean_first_response_s,responses,mean_response_s");
}

TEST(Figures, JsonAndTableSayWhatCsvSays) {
  const auto rows = figure_rows({"--every", "1h"});
  simdjson::dom::parser parser;
  const Ran json = figures({"--every", "1h", "--format", "json"});
  const simdjson::dom::array objects = parser.parse(json.out);
  ASSERT_EQ(objects.size(), rows.size());
  std::size_t i = 0;
  for (const simdjson::dom::element object : objects) {
    const auto& row = rows[i++];
    EXPECT_EQ(std::string_view(object["queue"]), row.at("queue"));
    EXPECT_EQ(std::int64_t(object["offered"]), std::stoll(row.at("offered")));
    EXPECT_EQ(object["mean_wait_s"].is_null(), row.at("mean_wait_s").empty());
    if (!row.at("mean_wait_s").empty()) {
      EXPECT_DOUBLE_EQ(double(object["mean_wait_s"]), std::stod(row.at("mean_wait_s")));
    }
  }
  const std::string table = figures({"--every", "1h"}).out;
  EXPECT_EQ(static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')), rows.size() + 1);
}

TEST(Figures, IntervalsAddUpToTheTotal) {
  const auto total = figure_rows({});
  ASSERT_FALSE(total.empty());
  for (const std::string every : {"15m", "30m", "1h", "day", "week", "month"}) {
    for (const std::string column : {"offered", "answered", "handled", "missed_offers"}) {
      EXPECT_EQ(sum(figure_rows({"--every", every}), column), sum(total, column)) << every << " " << column;
    }
  }
  EXPECT_EQ(sum(figure_rows({"--by", "client"}), "offered"), sum(total, "offered"));
}

TEST(Figures, AllShowsTheIntervalsWithoutEvents) {
  const auto some = figure_rows({"--every", "15m", "--queue", "acme-sales"});
  const auto all = figure_rows({"--every", "15m", "--queue", "acme-sales", "--all", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T00:00:00Z"});
  EXPECT_EQ(all.size(), 96U);
  EXPECT_LT(some.size(), all.size());
  EXPECT_EQ(sum(all, "offered"), sum(some, "offered"));
  const auto idle = std::find_if(all.begin(), all.end(), [](const auto& row) { return row.at("offered") == "0"; });
  ASSERT_NE(idle, all.end());
  EXPECT_EQ(idle->at("service_level"), "") << "nothing offered has no value";
}

TEST(Figures, ZoneMovesDaysAndPrintedTimes) {
  for (const auto& row : figure_rows({"--every", "day", "--tz", "Asia/Manila"})) {
    EXPECT_TRUE(row.at("start").ends_with("T00:00:00+08:00")) << row.at("start");
  }
  for (const auto& row : figure_rows({"--every", "1h", "--tz", "Asia/Kolkata"})) {
    EXPECT_EQ(row.at("start").substr(13), ":00:00+05:30");
  }
  for (const auto& row : figure_rows({"--every", "day"})) EXPECT_TRUE(row.at("start").ends_with("T00:00:00Z"));
}

TEST(Figures, FiltersPickRows) {
  const auto acme = figure_rows({"--client", "acme", "--every", "30m"});
  ASSERT_FALSE(acme.empty());
  for (const auto& row : acme) EXPECT_EQ(row.at("client"), "acme");
  for (const auto& row : figure_rows({"--queue", "acme-care"})) EXPECT_EQ(row.at("queue"), "acme-care");
  for (const auto& row : figure_rows({"--channel", "chat"})) EXPECT_EQ(row.at("channel"), "chat");
  const auto morning = figure_rows({"--every", "30m", "--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T10:00:00Z"});
  std::set<std::string> starts;
  for (const auto& row : morning) starts.insert(row.at("start"));
  EXPECT_EQ(starts, (std::set<std::string>{"2026-03-02T09:00:00Z", "2026-03-02T09:30:00Z"}));
  const auto facts = figure_rows({"--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T10:00:00Z"});
  EXPECT_EQ(sum(facts, "offered"), sum(morning, "offered"));
  EXPECT_EQ(facts.at(0).at("start"), "2026-03-02T09:00:00Z");
  EXPECT_EQ(figure_rows({}).at(0).at("start"), "");
}

TEST(Contacts, AreTheVisitsBehindAFigure) {
  const auto contacts = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"contacts", "--store", day_store(), "--format", "csv"});
    const Ran ran = floorwatch(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return csv_rows(ran.out);
  };
  const auto figure = test_support::only_row(figure_rows({"--queue", "acme-sales"}), {{"queue", "acme-sales"}});
  const auto all = contacts({"--queue", "acme-sales"});
  EXPECT_EQ(std::to_string(all.size()), figure.at("offered"));
  for (const std::string outcome : {"answered", "abandoned", "flowed_out"}) {
    const auto rows = contacts({"--queue", "acme-sales", "--outcome", outcome});
    EXPECT_EQ(std::to_string(rows.size()), figure.at(outcome)) << outcome;
    for (const auto& row : rows) EXPECT_EQ(row.at("outcome"), outcome);
  }
  const auto late = contacts({"--queue", "acme-sales", "--outcome", "answered", "--wait-over", "20s"});
  EXPECT_EQ(std::to_string(late.size()), figure.at("answered_late"));
  const auto hour = contacts({"--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T10:00:00Z"});
  EXPECT_EQ(static_cast<std::int64_t>(hour.size()), sum(figure_rows({"--from", "2026-03-02T09:00:00Z", "--to", "2026-03-02T10:00:00Z"}), "offered"));
  for (const auto& row : hour) EXPECT_EQ(row.at("queued").substr(0, 13), "2026-03-02T09");
}

TEST(Digest, IsThatOfTheEventsAndNamesWhatItStandsOn) {
  const Ran ran = floorwatch({"digest", "--store", day_store()});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(ran.out.starts_with("state_digest=")) << ran.out;
  for (const char* line : {"\nconfiguration=", "\ntime_zone_data=", "\nprogram=floorwatch "}) {
    EXPECT_NE(ran.out.find(line), std::string::npos) << ran.out;
  }
  const std::string log = folder().write("two.ndjson", visit("w", "2026-03-02T10:00:00Z", "2026-03-02T10:00:05Z", "2026-03-02T10:01:00Z", "2026-03-02T10:01:10Z"));
  EXPECT_EQ(floorwatch({"replay", "--store", url("two.db"), "--input", log}).status, 0);
  EXPECT_NE(floorwatch({"digest", "--store", url("two.db")}).out, ran.out);
}

TEST(Check, SaysEveryErrorWithItsLineOrThatAllIsGood) {
  const std::string good = folder().write("good.yaml", "sources:\n  - name: pbx\n    kafka: {brokers: b:1, topics: [t], properties: {sasl.password: {file: " +
                                                          folder().write("secret", "hidden-word") + "}}}\n");
  const Ran fine = floorwatch({"check", "--config", good});
  EXPECT_EQ(fine.status, 0) << fine.err;
  const Ran printed = floorwatch({"check", "--config", good, "--print"});
  EXPECT_EQ(printed.status, 0);
  EXPECT_NE(printed.out.find("commit_interval"), std::string::npos) << "with all defaults";
  EXPECT_EQ(printed.out.find("hidden-word"), std::string::npos) << "secrets are masked";
  const std::string bad = folder().write("bad.yaml", "sources:\n  - name: pbx\n    files: 3\nstore: {commit_interval: soon}\nspeed: 4\n");
  const Ran wrong = floorwatch({"check", "--config", bad});
  EXPECT_EQ(wrong.status, 2);
  for (const char* place : {"bad.yaml:3: ", "bad.yaml:4: ", "bad.yaml:5: "}) {
    EXPECT_NE(wrong.err.find(place), std::string::npos) << wrong.err;
  }
}

TEST(Convert, GivesCanonicalEventsAndTellsTheRest) {
  const std::string log = folder().write("queue_log",
                                         "1700000000|c1|support|NONE|ENTERQUEUE||5551234|1\n"
                                         "1700000012|c1|support|SIP/ann|CONNECT|12|b1|3\n"
                                         "1700000072|c1|support|SIP/ann|COMPLETECALLER|12|60|1\n");
  const Ran good = floorwatch({"convert", "--from", "asterisk-queue-log", log});
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_NE(good.out.find("\"contact.queued\""), std::string::npos) << good.out;
  const std::string canonical = folder().write("converted.ndjson", good.out);
  const Ran again = floorwatch({"convert", "--from", "canonical", canonical});
  EXPECT_EQ(again.out, good.out) << "canonical events are their own conversion";

  EXPECT_EQ(floorwatch({"replay", "--store", url("converted.db"), "--input", canonical}).status, 0);
  EXPECT_EQ(floorwatch({"replay", "--store", url("direct.db"), "--format", "asterisk-queue-log", "--input", log}).status, 0);
  for (const std::string store : {"converted.db", "direct.db"}) {
    const auto rows = csv_rows(floorwatch({"figures", "--store", url(store), "--format", "csv"}).out);
    ASSERT_EQ(rows.size(), 1U) << store;
    EXPECT_EQ(rows[0].at("mean_wait_s"), "12.000") << store;
    EXPECT_EQ(rows[0].at("answered"), "1") << store;
  }

  folder().append("queue_log", "this is no line of it\n");
  const Ran bad = floorwatch({"convert", "--from", "asterisk-queue-log", log});
  EXPECT_EQ(bad.status, 1);
  EXPECT_EQ(bad.out, good.out);
  EXPECT_NE(bad.err.find("queue_log:4: "), std::string::npos) << bad.err;
}

TEST(Replay, ARangeKeepsWholeVisits) {
  const std::string log = folder().write(
      "range.ndjson", visit("before", "2026-03-02T09:00:00Z", "2026-03-02T09:00:05Z", "2026-03-02T09:01:00Z", "2026-03-02T09:02:00Z") +
                          visit("border", "2026-03-02T09:59:50Z", "2026-03-02T10:00:10Z", "2026-03-02T10:04:00Z", "2026-03-02T10:05:00Z") +
                          visit("inside", "2026-03-02T10:30:00Z", "2026-03-02T10:30:07Z", "2026-03-02T10:31:00Z", "2026-03-02T10:32:00Z") +
                          visit("beyond", "2026-03-02T10:59:59Z", "2026-03-02T11:00:29Z", "2026-03-02T11:20:00Z", "2026-03-02T11:21:00Z") +
                          visit("after", "2026-03-02T11:00:00Z", "2026-03-02T11:00:05Z", "2026-03-02T11:01:00Z", "2026-03-02T11:02:00Z"));
  const Ran ran = floorwatch({"replay", "--store", url("range.db"), "--input", log, "--from", "2026-03-02T10:00:00Z", "--to", "2026-03-02T11:00:00Z"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto rows = csv_rows(floorwatch({"contacts", "--store", url("range.db"), "--format", "csv"}).out);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(test_support::only_row(rows, {{"contact", "border"}}).at("wait_s"), "20.000");
  EXPECT_EQ(test_support::only_row(rows, {{"contact", "inside"}}).at("wait_s"), "7.000");
  EXPECT_EQ(test_support::only_row(rows, {{"contact", "beyond"}}).at("wait_s"), "30.000");
  EXPECT_EQ(test_support::only_row(rows, {{"contact", "beyond"}}).at("wrap_s"), "60.000");
}

TEST(Replay, SpeedIsThatOfEventTime) {
  const std::string log = folder().write("paced.ndjson", visit("a", "2026-03-02T10:00:00Z", "2026-03-02T10:00:10Z", "2026-03-02T10:00:50Z", "2026-03-02T10:01:00Z"));
  const auto begin = std::chrono::steady_clock::now();
  const Ran ran = floorwatch({"replay", "--store", url("paced.db"), "--input", log, "--speed", "60"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "received=4 applied=4 duplicate=0 rejected=0 skipped=0\n");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(900)) << "a minute in a second";
}

}  // namespace

// Chats: cases worked out by hand.
#include <gtest/gtest.h>

#include "config/load.h"
#include "core/text_hash.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"

namespace {

using test_support::CsvRow;
using test_support::Engine;
using Lines = std::vector<std::string>;
using Words = std::map<std::string, std::string>;

/// So many seconds after 09:00 of a Monday.
std::string at(double seconds) {
  constexpr std::int64_t kNine = 1'772'442'000'000;  // 2026-03-02T09:00:00Z
  return core::format_rfc3339(core::event_time(kNine + static_cast<std::int64_t>(seconds * 1'000)));
}

std::string event_line(const std::string& type, const std::string& subject, const std::string& time,
                       const std::string& data) {
  const std::string id = std::to_string(core::text_hash(type + subject + time + data));
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/test","type":")" + type + R"(","time":")" + time +
         R"(","subject":")" + subject + R"(","data":{)" + data + "}}";
}
std::string queued(double time, const std::string& visit = "c1", const std::string& queue = "chats",
                   const std::string& more = {}) {
  return event_line(
      "contact.queued", visit, at(time),
      R"("client":"acme","channel":"chat","contact":"c1","visit":")" + visit + R"(","queue":")" + queue + "\"" + more);
}
std::string on_visit(const std::string& type, double time, const std::string& visit, const std::string& data) {
  return event_line(type, visit, at(time), R"("contact":"c1","visit":")" + visit + "\"," + data);
}
std::string answered(double time, const std::string& agent = "ann", const std::string& visit = "c1") {
  return on_visit("contact.answered", time, visit, R"("agent":")" + agent + "\"");
}
std::string left(double time, const std::string& reason = "caller", const std::string& visit = "c1") {
  return on_visit("contact.left_queue", time, visit, R"("reason":")" + reason + "\"");
}
std::string of_contact(const std::string& type, double time, const std::string& agent) {
  return event_line(type, "c1", at(time), R"("contact":"c1")" + (agent.empty() ? "" : R"(,"agent":")" + agent + "\""));
}
std::string ended(double time, const std::string& agent = "ann") { return of_contact("contact.ended", time, agent); }
std::string message(double time, const std::string& from, const std::string& more = {}) {
  return event_line("chat.message", "c1", at(time), R"("contact":"c1","from":")" + from + "\"" + more);
}
std::string customer(double time) { return message(time, "customer"); }
std::string agent(double time, const std::string& name = "ann") {
  return message(time, "agent", R"(,"agent":")" + name + "\"");
}
/// The log goes on until then.
std::string clock(double time) { return event_line("agent.state", "zoe", at(time), R"("state":"offline")"); }

std::vector<CsvRow> rows(const Lines& lines, Words words = {}, const core::FigureConfig& config = {}) {
  Engine engine(config);
  engine.feed(lines);
  words.try_emplace("by", "chat");
  return test_support::csv_rows(engine.csv(words));
}
CsvRow only(const Lines& lines, const Words& words = {}) { return test_support::only_row(rows(lines, words), {}); }
/// started, responded, missed, unanswered, responses
std::string counts(const CsvRow& row) {
  return row.at("started") + " " + row.at("responded") + " " + row.at("missed") + " " + row.at("unanswered") + " " +
         row.at("responses");
}

TEST(Chats, FirstResponseAndResponses) {
  const CsvRow row =
      only({customer(0), queued(0), answered(20), agent(30), customer(60), customer(65), agent(80), agent(81),
            customer(100), agent(104), ended(120), of_contact("contact.wrapped", 130, "ann")});
  EXPECT_EQ(row.at("client"), "acme");
  EXPECT_EQ(row.at("queue"), "chats");
  EXPECT_EQ(row.at("channel"), "chat");
  EXPECT_EQ(counts(row), "1 1 0 0 3");
  EXPECT_EQ(row.at("mean_first_response_s"), "30.000");
  EXPECT_EQ(row.at("max_first_response_s"), "30.000");
  EXPECT_EQ(row.at("mean_response_s"), "18.000") << "30, 20 and 4 s: from the first message that waited";
  EXPECT_EQ(row.at("max_response_s"), "30.000");
  EXPECT_EQ(row.at("oldest_unanswered_s"), "");
}

TEST(Chats, ABotAnswersNothing) {
  const CsvRow row = only({customer(0), message(1, "bot"), customer(5), message(6, "system"), queued(10), answered(40),
                           agent(50), ended(60)});
  EXPECT_EQ(counts(row), "1 1 0 0 1");
  EXPECT_EQ(row.at("mean_first_response_s"), "50.000") << "from what the customer wrote to the bot";
  EXPECT_EQ(row.at("queue"), "chats") << "of the visit that followed";
}

TEST(Chats, OneThatIsNeverAnswered) {
  const Lines lines = {customer(0), queued(0), left(300)};
  EXPECT_EQ(counts(only(lines)), "1 0 1 0 0");
  EXPECT_EQ(only(lines).at("mean_first_response_s"), "");
  Lines waiting = {customer(0), queued(0), clock(300)};
  EXPECT_EQ(counts(only(waiting)), "1 0 0 1 0");
  EXPECT_EQ(only(waiting).at("oldest_unanswered_s"), "300.000");
  waiting.push_back(clock(86'400));
  EXPECT_EQ(counts(only(waiting)), "1 0 0 1 0") << "exactly the limit is not beyond it";
  waiting.push_back(clock(86'401));
  EXPECT_EQ(counts(only(waiting)), "1 0 0 0 0");
  EXPECT_EQ(only(waiting).at("unfinished"), "1") << "given up, and still in sight";
}

TEST(Chats, ReopenedAfterItsEnd) {
  const Lines lines = {customer(0),
                       queued(0),
                       answered(5),
                       agent(10),
                       ended(100),
                       customer(4'000),
                       queued(4'010, "v2", "again"),
                       answered(4'020, "bob", "v2"),
                       agent(4'100, "bob"),
                       ended(4'200, "bob")};
  const auto all = rows(lines);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].at("queue"), "again");
  EXPECT_EQ(counts(all[0]), "1 1 0 0 1");
  EXPECT_EQ(all[0].at("mean_first_response_s"), "100.000") << "from the restart";
  EXPECT_EQ(counts(all[1]), "1 1 0 0 1");
  EXPECT_EQ(all[1].at("mean_first_response_s"), "10.000");
}

TEST(Chats, AWordOfThanksAfterTheEndIsAStartAnewInTheOldQueue) {
  const CsvRow row = only({customer(0), queued(0), answered(5), agent(10), ended(100), customer(160), clock(200)});
  EXPECT_EQ(counts(row), "2 1 0 1 1");
  EXPECT_EQ(row.at("oldest_unanswered_s"), "40.000");
}

TEST(Chats, ATransferIsNoRestart) {
  const auto all = rows({customer(0), queued(0), answered(5), agent(10), of_contact("contact.transferred", 50, "ann"),
                         ended(51), customer(52), queued(55, "v2", "second", R"(,"entry":"transfer")"), customer(60),
                         answered(70, "bob", "v2"), agent(80, "bob"), ended(90, "bob")});
  ASSERT_EQ(all.size(), 1U) << "nothing started in the second queue, and the customer wrote before that began";
  EXPECT_EQ(counts(all[0]), "1 1 0 0 2");
  EXPECT_EQ(all[0].at("max_response_s"), "28.000");
}

TEST(Chats, LaterTurnsCountInTheVisitInWhichTheCustomerWrote) {
  const auto all = rows({customer(0), queued(0), answered(5), agent(10), of_contact("contact.transferred", 50, "ann"),
                         queued(50, "v2", "second", R"(,"entry":"transfer")"), customer(60), answered(70, "bob", "v2"),
                         agent(80, "bob"), ended(90, "bob")});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(counts(all[0]), "1 1 0 0 1");
  EXPECT_EQ(all[1].at("queue"), "second");
  EXPECT_EQ(counts(all[1]), "0 0 0 0 1");
}

TEST(Chats, AnEndWhileAnotherAgentTalksClosesNothing) {
  const CsvRow row = only({customer(0), queued(0), answered(5, "ann"), answered(6, "bob"), agent(10), ended(50, "ann"),
                           customer(60), agent(70, "bob"), ended(80, "bob")});
  EXPECT_EQ(counts(row), "1 1 0 0 2");
}

TEST(Chats, AtTheSameInstantTheCustomerWritesFirstAndThenItCloses) {
  const CsvRow row = only({queued(0), customer(0), answered(0), agent(0), customer(50), ended(50), clock(60)});
  EXPECT_EQ(counts(row), "1 1 0 0 1");
  EXPECT_EQ(row.at("mean_first_response_s"), "0.000");
}

TEST(Chats, MessagesAloneMakeAChat) {
  const std::string where = R"(,"client":"acme","queue":"mail","channel":"email")";
  const CsvRow row = only({message(0, "customer", where), message(3'600, "agent", R"(,"agent":"ann")"), ended(4'000)});
  EXPECT_EQ(row.at("queue"), "mail");
  EXPECT_EQ(row.at("channel"), "email");
  EXPECT_EQ(counts(row), "1 1 0 0 1");
}

TEST(Chats, ASecondDeliveryAndACorrectedTimeOfAMessage) {
  const std::string once = message(0, "customer", R"(,"message":"m1")");
  const Lines lines = {queued(0),
                       once,
                       once,
                       message(40, "customer", R"(,"message":"m1")"),
                       answered(5),
                       message(30, "agent", R"(,"agent":"ann","message":"m2")"),
                       message(20, "agent", R"(,"agent":"ann","message":"m2")")};
  EXPECT_EQ(only(lines).at("mean_first_response_s"), "20.000") << "the earliest holds";
  EXPECT_EQ(counts(only(lines)), "1 1 0 0 1");
}

TEST(Chats, BasisEventPutsEachFactAtItsOwnTime) {
  const Lines lines = {customer(0), queued(0), answered(890), agent(1'000), ended(2'000)};
  const auto by_arrival = rows(lines, {{"every", "15m"}});
  ASSERT_EQ(by_arrival.size(), 1U);
  EXPECT_EQ(counts(by_arrival[0]), "1 1 0 0 1");
  const auto by_event = rows(lines, {{"every", "15m"}, {"basis", "event"}});
  ASSERT_EQ(by_event.size(), 2U);
  EXPECT_EQ(counts(by_event[0]), "1 0 0 0 0");
  EXPECT_EQ(counts(by_event[1]), "0 1 0 0 1");
}

TEST(Chats, AgentsHaveWhatTheyAnswered) {
  const auto all = rows({customer(0), queued(0), answered(5), agent(10), customer(20), agent(25, "bob"), customer(30),
                         message(36, "agent"), ended(40)},
                        {{"by", "chat-agent"}});
  ASSERT_EQ(all.size(), 2U) << "an answer without a name is no agent's";
  EXPECT_EQ(all[0].at("agent"), "ann");
  EXPECT_EQ(all[0].at("responded") + " " + all[0].at("mean_first_response_s"), "1 10.000");
  EXPECT_EQ(all[1].at("responded") + all[1].at("mean_first_response_s"), "0");
  EXPECT_EQ(all[1].at("responses") + " " + all[1].at("mean_response_s"), "1 5.000");
}

TEST(Chats, AContractOnFirstResponses) {
  const auto loaded = config::load(
      "sources: [{name: log, file: {path: e.ndjson}, format: canonical}]\n"
      "clients: {acme: {sla: [{name: chat, metric: first_response, applies_to: {channels: chat},\n"
      "                        versions: [{target: 80%, threshold: 30s, period: day}]}]}}\n",
      "c.yaml");
  ASSERT_TRUE(loaded);
  const Lines lines = {customer(0), queued(0), answered(5), agent(30), ended(100), customer(200), clock(300)};
  const auto row = test_support::only_row(rows(lines, {{"by", "profile"}}, loaded->figures), {});
  EXPECT_EQ(row.at("metric"), "first_response");
  EXPECT_EQ(row.at("figure"), "0.500000") << "exactly 30 s is within; the second chat has no answer yet";
  EXPECT_EQ(row.at("offered"), "2");
}

}  // namespace

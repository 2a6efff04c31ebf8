#include "ingest/formats/asterisk_queue_log.h"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "ingest/canonical_writer.h"
#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

using core::EventType;

Decoding queue_log() { return Decoding(make_asterisk_queue_log_decoder("pbx", *date::locate_zone("UTC"))); }

/// "type visit contact queue agent word", "-" for what is empty; events of a line in their order.
std::string told(const core::DecodedBatch& out) {
  static const std::map<EventType, std::span<const std::string_view>> kLists = {
      {EventType::kContactLeftQueue, core::kLeaveReasonWords},
      {EventType::kContactOfferEnded, core::kOfferEndWords},
      {EventType::kContactEnded, core::kEndedByWords},
      {EventType::kAgentState, core::kAgentStateWords}};
  std::string text;
  for (const core::Event& event : out.events) {
    if (!text.empty()) text += "; ";
    text += core::kEventTypeWords[core::index(event.type)];
    for (const std::string_view field : {event.visit, event.contact, event.queue, event.agent}) {
      text += " " + std::string(field.empty() ? "-" : field);
    }
    if (event.code_stated) text += " " + std::string(kLists.at(event.type)[event.code]);
  }
  return text.empty() ? outcome(out) : text;
}

TEST(AsteriskQueueLog, EveryVerbOfAContact) {
  Decoding decode = queue_log();
  const std::pair<const char*, const char*> cases[] = {
      {"c|q|NONE|ENTERQUEUE||0441234567|1", "contact.queued c/q c q -"},
      {"c|q|NONE|ABANDON|1|1|4", "contact.left_queue c/q c q - caller"},
      {"c|q|NONE|EXITWITHTIMEOUT|1|1|60", "contact.left_queue c/q c q - timeout"},
      {"c|q|NONE|EXITEMPTY|1|1|60", "contact.left_queue c/q c q - no_agents"},
      {"c|q|NONE|EXITWITHKEY|9|1|1|60", "contact.left_queue c/q c q - exit_key"},
      {"c|q|NONE|WITHDRAW|1|1|60", "contact.left_queue c/q c q - system_error"},
      {"c|q|NONE|JOINEMPTY", "contact.queued c/q c q -; contact.left_queue c/q c q - no_agents"},
      {"c|q|NONE|CLOSED", "contact.queued c/q c q -; contact.left_queue c/q c q - closed"},
      {"c|q|NONE|FULL", "contact.queued c/q c q -; contact.left_queue c/q c q - overflow"},
      {"c|q|NONE|DIVERT_CA_RATIO", "contact.queued c/q c q -; contact.left_queue c/q c q - overflow"},
      {"c|q|NONE|DIVERT_HOLDTIME", "contact.queued c/q c q -; contact.left_queue c/q c q - overflow"},
      {"c|q|A/1|RINGNOANSWER|5000", "contact.offer_ended c/q c q A/1 timeout"},
      {"c|q|A/1|RINGCANCELED|5000", "contact.offer_ended c/q c q A/1 caller_left"},
      {"c|q|A/1|AGENTDUMP", "contact.offer_ended c/q c q A/1 rejected"},
      {"c|q|A/1|SYSCOMPAT", "contact.offer_ended c/q c q A/1 error"},
      {"c|q|A/1|CONNECT|3|1266833911.7|2", "contact.answered c/q c q A/1"},
      {"c|q|A/1|COMPLETEAGENT|3|10|1", "contact.ended c/q c q A/1 agent"},
      {"c|q|A/1|COMPLETECALLER|3|10|1", "contact.ended c/q c q A/1 customer"},
      {"c|q|A/1|TRANSFER|1001|default|3|10|1", "contact.transferred c/q c q A/1"},
      {"c|q|A/1|BLINDTRANSFER|1001|default|3|10|1", "contact.transferred c/q c q A/1"},
      {"c|q|A/1|ATTENDEDTRANSFER|BRIDGE|x|3|10|1", "contact.transferred c/q c q A/1"},
  };
  for (const auto& [line, expected] : cases) {
    const auto& out = decode(std::string("1266833911|") + line);
    EXPECT_EQ(told(out), expected) << line << detail(out);
    for (const core::Event& event : out.events) {
      EXPECT_EQ(event.channel, "voice") << line;
      EXPECT_EQ(event.source, "asterisk/pbx");
      EXPECT_EQ(core::to_ms(event.time), 1'266'833'911'000);
      EXPECT_EQ(event.message, 7U);
    }
  }
}

TEST(AsteriskQueueLog, EveryVerbOfAnAgent) {
  Decoding decode = queue_log();
  const std::pair<const char*, const char*> cases[] = {
      {"c|NONE|Agent/3|AGENTLOGIN|SIP/a-1", "agent.state - - - Agent/3 available"},
      {"c|NONE|Agent/3|AGENTCALLBACKLOGIN|1001@x", "agent.state - - - Agent/3 available"},
      {"MANAGER|q|SIP/3|ADDMEMBER|", "agent.state - - q SIP/3 available"},
      {"NONE|q|SIP/3|UNPAUSE|", "agent.state - - q SIP/3 available"},
      {"NONE|NONE|SIP/3|UNPAUSEALL|", "agent.state - - - SIP/3 available"},
      {"NONE|q|SIP/3|PAUSE|lunch", "agent.state - - q SIP/3 away"},
      {"NONE|NONE|SIP/3|PAUSEALL", "agent.state - - - SIP/3 away"},
      {"c|NONE|Agent/3|AGENTLOGOFF|SIP/a-1|30|CommandLogoff", "agent.state - - - Agent/3 offline"},
      {"c|NONE|Agent/3|AGENTCALLBACKLOGOFF|1001@x|900|CommandLogoff", "agent.state - - - Agent/3 offline"},
      {"MANAGER|q|SIP/3|REMOVEMEMBER|", "agent.state - - q SIP/3 offline"},
  };
  for (const auto& [line, expected] : cases) {
    const auto& out = decode(std::string("1266833911|") + line);
    EXPECT_EQ(told(out), expected) << line << detail(out);
    ASSERT_EQ(out.events.size(), 1U);
    EXPECT_EQ(out.events[0].reason(), std::string_view(line).ends_with("lunch") ? "lunch" : "") << line;
    EXPECT_TRUE(out.events[0].channel.empty()) << "calls give no states, and states are of no channel";
  }
}

TEST(AsteriskQueueLog, VerbsThatTellNothingHereAreSkipped) {
  Decoding decode = queue_log();
  for (const char* line :
       {"NONE|NONE|NONE|QUEUESTART|", "NONE|NONE|NONE|CONFIGRELOAD|", "c|q|NONE|DID|0441234567", "c|q|NONE|INFO|x|y",
        "NONE|q|SIP/3|PENALTY|5", "NONE|NONE|Agent/11|WRAPUPSTART|15", "c|q|A|RINGING|", "c|q|NONE|MYOWN|a|b|c|d|e|f|g",
        "c|q|NONE|enterqueue", "MANAGER|q01|NONE|ADDMEMBER", "NONE|NONE||PAUSEALL"}) {
    EXPECT_EQ(told(decode(std::string("1266833911|") + line)), "skip") << line;
  }
}

TEST(AsteriskQueueLog, LinesThatBreakTheFormatAreRejected) {
  Decoding decode = queue_log();
  const std::pair<std::string, const char*> cases[] = {
      {"hello", "malformed_line"},
      {"1266833911", "malformed_line"},
      {"1266833911|c|q|NONE", "malformed_line"},
      {"1266833911|c|q|NONE|", "malformed_line"},
      {"1266833911|c|q|NONE||x", "malformed_line"},
      {"|c|q|NONE|ENTERQUEUE", "malformed_line"},
      {"yesterday|c|q|NONE|ENTERQUEUE", "malformed_line"},
      {"2012-02-30 08:00:00|c|q|NONE|ENTERQUEUE", "malformed_line"},
      {"yesterday|NONE|NONE|NONE|QUEUESTART", "malformed_line"},
      {"1266833911|c|\xff|NONE|ENTERQUEUE", "malformed_line"},
      {R"({"specversion":"1.0"})", "malformed_line"},
      {"1266833911|NONE|q|NONE|ENTERQUEUE", "missing_field"},
      {"1266833911||q|NONE|ENTERQUEUE", "missing_field"},
      {"1266833911|c|NONE|NONE|ENTERQUEUE", "missing_field"},
      {"1266833911|c||NONE|ABANDON", "missing_field"},
      {"1266833911|c|q||CONNECT|1", "missing_field"},
      {"1266833911|c|q||COMPLETEAGENT|1", "missing_field"},
      {"1266833911|c|q||RINGNOANSWER|1", "missing_field"},
      {"1266833911|" + std::string(127, 'c') + "|q|NONE|ENTERQUEUE", "bad_value"},
      {"1266833911|c|q|" + std::string(129, 'a') + "|CONNECT", "bad_value"},
      {"1266833911|c|a\tb|NONE|ENTERQUEUE", "bad_value"},
      {"1266833911|c|q|NONE|ENTERQUEUE||" + std::string(129, '1'), "bad_value"},
      {"1266833911|NONE|NONE|A|PAUSE|" + std::string(129, 'r'), "bad_value"},
  };
  for (const auto& [line, reason] : cases) {
    const auto& out = decode(line);
    EXPECT_EQ(told(out), reason) << line;
    EXPECT_FALSE(detail(out).empty()) << line;
    EXPECT_LT(detail(out).size(), 250U) << line;
  }
  EXPECT_EQ(detail(decode("1266833911|c|q||CONNECT")), "AGENT: missing, CONNECT needs it");
}

TEST(AsteriskQueueLog, AnAnswerByNobodyWithANameIsAnAnswer) {
  Decoding decode = queue_log();
  EXPECT_EQ(told(decode("1266833911|c|q|NONE|CONNECT|32|1394463774.2|6")), "contact.answered c/q c q NONE");
  EXPECT_EQ(told(decode("1266833911|c|q|NONE|COMPLETEAGENT|32|2|1")), "contact.ended c/q c q NONE agent");
  EXPECT_EQ(told(decode("1266833911|c|q|NONE|RINGNOANSWER|15000")), "contact.offer_ended c/q c q NONE timeout");
}

TEST(AsteriskQueueLog, LineEndsAndEmptyLinesAreNothing) {
  Decoding decode = queue_log();
  for (const char* line : {"", "\r", " ", "\n"}) EXPECT_EQ(outcome(decode(line)), "nothing");
  const auto& out = decode("1266833911|NONE|NONE|A|PAUSEALL|tea\r");
  ASSERT_EQ(out.events.size(), 1U);
  EXPECT_EQ(out.events[0].reason(), "tea");
}

TEST(AsteriskQueueLog, TheCallersNumberIsTheCustomerUnlessItIsWithheld) {
  Decoding decode = queue_log();
  EXPECT_EQ(decode("1266833911|c|q|NONE|ENTERQUEUE|http://x|0441234567|1").events.at(0).customer, "0441234567");
  for (const char* caller : {"", "Anonymous", "unknown", "<unknown>", "RESTRICTED"}) {
    EXPECT_EQ(decode(std::string("1266833911|c|q|NONE|ENTERQUEUE||") + caller).events.at(0).customer, "") << caller;
  }
}

TEST(AsteriskQueueLog, IdsAreUniqueDeterministicAndGrowWithTheLog) {
  Decoding decode = queue_log();
  const auto ids = [&](const char* line, std::int64_t offset) {
    std::vector<std::string> all;
    for (const core::Event& event : decode(line, {}, offset).events) all.emplace_back(event.id);
    return all;
  };
  std::vector<std::string> grown;
  for (const std::int64_t offset : {0L, 9L, 10L, 99'999L, 100'000L, 9'000'000'000L, INT64_MAX}) {
    for (const std::string& id : ids("1266833911|c|q|NONE|CLOSED", offset)) grown.push_back(id);
  }
  EXPECT_EQ(grown.size(), 14U);
  EXPECT_TRUE(std::ranges::is_sorted(grown));
  EXPECT_EQ(std::set(grown.begin(), grown.end()).size(), grown.size());
  EXPECT_EQ(ids("1266833911|c|q|NONE|CLOSED", 5), ids("1266833911|c|q|NONE|CLOSED", 5));
  EXPECT_EQ(ids("1266833911|c|q|NONE|CLOSED\r", 5), ids("1266833911|c|q|NONE|CLOSED", 5));
  EXPECT_NE(ids("1266833911|c|q|NONE|CLOSED", 0), ids("1266833911|d|q|NONE|CLOSED", 0))
      << "first lines of rotated files";
}

TEST(AsteriskQueueLog, EveryRingWithoutAnswerIsAnOfferOfItsOwn) {
  Decoding decode = queue_log();
  const std::string first{decode("1266833911|c|q|A|RINGNOANSWER|0", {}, 100).events.at(0).offer()};
  const std::string second{decode("1266833911|c|q|A|RINGNOANSWER|0", {}, 133).events.at(0).offer()};
  EXPECT_FALSE(first.empty());
  EXPECT_NE(first, second);
}

std::filesystem::path data_folder() {
  const char* data = std::getenv("FLOORWATCH_DATA");
  const std::filesystem::path root = data != nullptr ? data : FLOORWATCH_SOURCE_DIR "/../shared/data";
  return root / "asterisk-queue-log";
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What was decoded must be good canonical events, too.
void expect_canonical(const core::DecodedBatch& out) {
  Decoding canonical;
  for (const core::Event& event : out.events) {
    std::string line;
    write_canonical(event, line);
    const auto& read = canonical(line);
    ASSERT_EQ(outcome(read), "event") << line << detail(read);
    EXPECT_EQ(read.events[0].visit, event.visit);
    EXPECT_EQ(read.events[0].agent, event.agent);
  }
}

TEST(AsteriskQueueLog, ARealLogGivesTheEventsThatItsLinesHave) {
  const auto path = data_folder() / "queue_log_2010-02-22.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the real queue_log is not there: " << path;
  Decoding decode = queue_log();
  std::map<std::string, int> count;
  std::istringstream lines(content(path));
  for (std::string line; std::getline(lines, line);) {
    const auto& out = decode(line, {}, lines.tellg());
    expect_canonical(out);
    ++count[out.events.empty() ? outcome(out) : std::string(core::kEventTypeWords[core::index(out.events[0].type)])];
  }
  const std::map<std::string, int> expected = {
      {"contact.queued", 21}, {"contact.offer_ended", 221}, {"contact.answered", 8},
      {"contact.ended", 7},   {"contact.left_queue", 12},   {"skip", 9},
      {"nothing", 2}};
  EXPECT_EQ(count, expected);
}

TEST(AsteriskQueueLog, TheScenariosOfAnotherProductAreReadWhole) {
  const auto path = data_folder() / "scenarios.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the scenarios are not there: " << path;
  Decoding decode = queue_log();
  std::map<std::string, int> outcomes;
  simdjson::dom::parser parser;
  const std::string json = content(path);
  std::size_t events = 0;
  for (const auto scenario : parser.parse(json).get_array()) {
    for (const auto line : scenario["queue_log"].get_array()) {
      const std::string_view text = line.get_string();
      const auto& out = decode(text);
      ++outcomes[outcome(out)];
      events += out.events.size();
      EXPECT_TRUE(out.rejections.empty()) << text << detail(out);
      expect_canonical(out);
    }
  }
  // What tells nothing: WRAPUPSTART, and an ADDMEMBER without a member.
  EXPECT_EQ(outcomes["skip"], 2);
  // JOINEMPTY, CLOSED, FULL and the two DIVERTs (22 lines) give two events each.
  EXPECT_EQ(outcomes["event"], 174);
  EXPECT_EQ(events, 174U + 22U);
}

}  // namespace
}  // namespace ingest

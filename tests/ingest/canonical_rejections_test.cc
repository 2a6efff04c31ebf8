// What the contract makes a dead letter, and what the dead letter says.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ingest/event_fields.h"
#include "ingest/text_rules.h"
#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

/// Per type its required fields with good values; the subject is absent, so that nothing stands in for them.
const std::map<std::string, std::vector<std::pair<std::string, std::string>>>& required() {
  static const std::map<std::string, std::vector<std::pair<std::string, std::string>>> kRequired = {
      {"contact.queued", {{"visit", "\"v\""}, {"queue", "\"q\""}}},
      {"contact.offered", {{"visit", "\"v\""}, {"agent", "\"a\""}}},
      {"contact.offer_ended", {{"visit", "\"v\""}, {"agent", "\"a\""}, {"reason", "\"timeout\""}}},
      {"contact.answered", {{"visit", "\"v\""}, {"agent", "\"a\""}}},
      {"contact.left_queue", {{"visit", "\"v\""}, {"reason", "\"caller\""}}},
      {"contact.held", {{"contact", "\"c\""}, {"agent", "\"a\""}}},
      {"contact.retrieved", {{"contact", "\"c\""}, {"agent", "\"a\""}}},
      {"contact.transferred", {{"contact", "\"c\""}, {"agent", "\"a\""}}},
      {"contact.ended", {{"contact", "\"c\""}}},
      {"contact.wrapped", {{"contact", "\"c\""}, {"agent", "\"a\""}}},
      {"contact.dialled", {{"contact", "\"c\""}, {"agent", "\"a\""}}},
      {"contact.connected", {{"contact", "\"c\""}, {"agent", "\"a\""}}},
      {"chat.message", {{"contact", "\"c\""}, {"from", "\"bot\""}}},
      {"agent.state", {{"agent", "\"a\""}, {"state", "\"away\""}}},
      {"schedule.shift",
       {{"agent", "\"a\""},
        {"from", "\"2026-03-02T08:00:00Z\""},
        {"to", "\"2026-03-02T16:00:00Z\""},
        {"activity", "\"w\""}}},
      {"lead.created", {{"lead", "\"l\""}}},
      {"lead.assigned", {{"lead", "\"l\""}, {"agent", "\"a\""}}},
      {"lead.contacted", {{"lead", "\"l\""}}},
      {"lead.closed", {{"lead", "\"l\""}}},
      {"deal.opened", {{"deal", "\"d\""}}},
      {"deal.updated", {{"deal", "\"d\""}}},
      {"deal.won", {{"deal", "\"d\""}}},
      {"deal.lost", {{"deal", "\"d\""}}},
  };
  return kRequired;
}

std::string object(const std::vector<std::pair<std::string, std::string>>& members, const std::string& without = {},
                   const std::string& extra = {}) {
  std::string json;
  for (const auto& [name, value] : members) {
    if (name != without) json += (json.empty() ? "" : ",") + ('"' + name + "\":" + value);
  }
  if (!extra.empty()) json += (json.empty() ? "" : ",") + extra;
  return "{" + json + "}";
}

TEST(CanonicalRejections, EveryTypeNeedsEachOfItsRequiredFields) {
  ASSERT_EQ(required().size(), core::kEventTypes);
  Decoding decode;
  for (const auto& [type, members] : required()) {
    ASSERT_EQ(outcome(decode(event_json(type, object(members)))), "event") << type;
    for (const auto& [name, value] : members) {
      for (const std::string& extra : {std::string(), '"' + name + "\":null"}) {
        const auto& out = decode(event_json(type, object(members, name, extra)));
        EXPECT_EQ(outcome(out), "missing_field") << type << " without " << name;
        EXPECT_NE(detail(out).find("missing, " + type), std::string::npos) << detail(out);
      }
    }
  }
}

TEST(CanonicalRejections, EveryKnownFieldOfTheWrongTypeIsRejectedInEveryType) {
  Decoding decode;
  for (const auto& [type, members] : required()) {
    const auto& rules = kTypeRules[static_cast<std::size_t>(
        std::ranges::find(core::kEventTypeWords, std::string_view(type)) - core::kEventTypeWords.begin())];
    for (std::size_t i = 0; i < kFields; ++i) {
      const std::string name{kFieldNames.words()[i]};
      for (const char* wrong : {"[1]", "{\"a\":[]}"}) {
        if (name == "costs" || name == "queues") continue;  // below
        const auto& out = decode(event_json(type, object(members, name, '"' + name + "\":" + wrong)));
        EXPECT_EQ(outcome(out), rules.roles[i] == Role::kUnknown ? "event" : "wrong_type") << type << ' ' << name;
        EXPECT_TRUE(outcome(out) == "event" || detail(out).starts_with(name + ": an ")) << detail(out);
      }
    }
  }
}

struct Case {
  const char *type, *data, *reason, *says;
};

void expect_rejected(const std::vector<Case>& cases) {
  Decoding decode;
  for (const auto& [type, data, reason, says] : cases) {
    const auto& out = decode(event_json(type, data, "s"));
    EXPECT_EQ(outcome(out), reason) << type << data;
    EXPECT_NE(detail(out).find(says), std::string::npos) << detail(out) << " should say " << says;
    ASSERT_EQ(out.rejections.size(), 1U);
    EXPECT_EQ(out.rejections[0].message, 7U);
  }
}

TEST(CanonicalRejections, FieldsOfTheWrongType) {
  expect_rejected({
      {"contact.ended", R"({"agent":5})", "wrong_type", "agent: a number, must be a string"},
      {"contact.ended", R"({"agent":true})", "wrong_type", "agent: true, must be a string"},
      {"contact.ended", R"({"ended_by":1})", "wrong_type", "ended_by"},
      {"lead.contacted", R"({"reached":"true"})", "wrong_type", "reached: a string, must be true or false"},
      {"lead.contacted", R"({"automated":1})", "wrong_type", "automated"},
      {"agent.state", R"({"state":"away","capacity":"3"})", "wrong_type", "capacity"},
      {"agent.state", R"({"state":"away","queues":"q"})", "wrong_type", "queues: a string, must be an array"},
      {"agent.state", R"({"state":"away","queues":["q",5]})", "wrong_type", "queues[]"},
      {"agent.state", R"({"state":"away","queues":[null]})", "wrong_type", "queues[]"},
      {"deal.won", R"({"amount":true})", "wrong_type", "amount"},
      {"deal.won", R"({"costs":[]})", "wrong_type", "costs: an array, must be an object"},
      {"deal.won", R"({"costs":"5"})", "wrong_type", "costs"},
      {"deal.won", R"({"costs":{"a":{}}})", "wrong_type", "costs"},
      {"deal.won", R"({"currency":5})", "wrong_type", "currency"},
      {"schedule.shift", R"({"from":1772442902,"to":"x","activity":"w"})", "wrong_type", "from"},
  });
}

TEST(CanonicalRejections, ValuesThatCannotBe) {
  expect_rejected({
      {"contact.queued", R"({"queue":""})", "bad_value", "queue: empty"},
      {"contact.queued", R"({"queue":"a\u0000b"})", "bad_value", "control character"},
      {"contact.queued", R"({"queue":"a\nb"})", "bad_value", "control character"},
      {"contact.queued", "{\"queue\":\"a\x7f\"}", "bad_value", "control character"},
      {"contact.queued", "{\"queue\":\"a\xc2\x85\"}", "bad_value", "control character"},
      {"contact.queued", R"({"queue":"q","client":"\u009f"})", "bad_value", "client"},
      {"agent.state", R"({"state":"away","capacity":1.5})", "bad_value", "capacity"},
      {"agent.state", R"({"state":"away","capacity":-1})", "bad_value", "capacity"},
      {"agent.state", R"({"state":"away","capacity":2147483648})", "bad_value", "capacity"},
      {"agent.state", R"({"state":"away","queues":[""]})", "bad_value", "queues[]"},
      {"deal.won", R"({"currency":"eur"})", "bad_value", "currency"},
      {"deal.won", R"({"currency":"EURO"})", "bad_value", "currency"},
      {"deal.won", R"({"currency":""})", "bad_value", "currency"},
      {"deal.won", R"({"costs":{"":"1"}})", "bad_value", "costs"},
      {"deal.won", R"({"costs":{"a\tb":"1"}})", "bad_value", "costs"},
      {"deal.won", R"({"costs":{"a":"x"}})", "bad_value", "costs"},
      {"schedule.shift", R"({"from":"2026-02-30T00:00:00Z","to":"2026-03-02T00:00:00Z","activity":"w"})", "bad_value",
       "from"},
  });
}

TEST(CanonicalRejections, NamesHaveAtMost128Bytes) {
  Decoding decode;
  const std::string longest(kMaxNameBytes, 'n');
  const auto queued = [&](const std::string& queue) {
    return outcome(decode(event_json("contact.queued", R"({"visit":"v","queue":")" + queue + R"("})")));
  };
  EXPECT_EQ(queued(longest), "event");
  EXPECT_EQ(queued(longest + "n"), "bad_value");
  // The bytes count, not the characters, and of an escape those that it stands for.
  std::string cyrillic, escaped;
  for (int i = 0; i < 64; ++i) cyrillic += "Ж", escaped += "\\u0416";
  EXPECT_EQ(queued(cyrillic), "event");
  EXPECT_EQ(queued(cyrillic + "Ж"), "bad_value");
  EXPECT_EQ(queued(escaped), "event");
  EXPECT_EQ(queued(escaped + "x"), "bad_value");
}

TEST(CanonicalRejections, EveryClosedListTakesItsWordsAndNoOthers) {
  Decoding decode;
  const auto check = [&](const char* type, const char* field, const char* rest, const auto& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string data = std::string("{\"") + field + "\":\"" + std::string(words[i]) + "\"" + rest + "}";
      const auto& out = decode(event_json(type, data, "s"));
      ASSERT_EQ(outcome(out), "event") << data << detail(out);
      EXPECT_EQ(out.events[0].code, i) << data;
      EXPECT_TRUE(out.events[0].code_stated);
    }
    for (const std::string& wrong :
         {std::string(), std::string("Timeout"), std::string(words[0]) + "x", std::string(" ")}) {
      const auto& out = decode(event_json(type, std::string("{\"") + field + "\":\"" + wrong + "\"" + rest + "}", "s"));
      EXPECT_EQ(outcome(out), "unknown_word") << type << wrong;
      for (const std::string_view word : words) EXPECT_NE(detail(out).find(word), std::string::npos) << detail(out);
    }
  };
  check("contact.queued", "entry", R"(,"queue":"q")", core::kEntryWords);
  check("contact.left_queue", "reason", "", core::kLeaveReasonWords);
  check("contact.offer_ended", "reason", R"(,"agent":"a")", core::kOfferEndWords);
  check("contact.ended", "ended_by", "", core::kEndedByWords);
  check("chat.message", "from", "", core::kSpeakerWords);
  check("agent.state", "state", "", core::kAgentStateWords);
}

TEST(CanonicalRejections, AbandonedIsAcceptedForCaller) {
  Decoding decode;
  const auto& out = decode(event_json("contact.left_queue", R"({"reason":"abandoned"})", "s"));
  ASSERT_EQ(outcome(out), "event");
  EXPECT_EQ(out.events[0].code, core::index(core::LeaveReason::kCaller));
  EXPECT_EQ(outcome(decode(event_json("contact.offer_ended", R"({"agent":"a","reason":"abandoned"})", "s"))),
            "unknown_word");
}

TEST(CanonicalRejections, TheEnvelope) {
  Decoding decode;
  const std::map<std::string, std::string> good = {
      {"specversion", "\"1.0\""},           {"id", "\"e\""},     {"source", "\"s\""}, {"type", "\"lead.closed\""},
      {"time", "\"2026-03-02T09:15:02Z\""}, {"subject", "\"l\""}};
  const auto with = [&](const std::string& name, const std::string& value) -> const core::DecodedBatch& {
    std::string json = "{\"extra\":1";
    for (const auto& [key, usual] : good) {
      const std::string& written = key == name ? value : usual;
      if (!written.empty()) json += ",\"" + key + "\":" + written;
    }
    return decode(json + "}");
  };
  ASSERT_EQ(outcome(with("none", "")), "event");
  for (const auto& [name, usual] : good) {
    std::vector<std::string> wrong = {"5", "\"\"", "[]", "\"" + std::string(129, 'x') + "\"", "\"a\\u0007\""};
    if (name != "subject") wrong.insert(wrong.end(), {"", "null"});
    for (const std::string& value : wrong) {
      EXPECT_EQ(outcome(with(name, value)), "envelope") << name << ' ' << value;
      EXPECT_EQ(detail(with(name, value)).find(name + ":"), 0U) << detail(with(name, value));
    }
  }
  EXPECT_EQ(outcome(with("specversion", "\"0.3\"")), "envelope");
  EXPECT_EQ(outcome(with("time", "\"2026-02-30T00:00:00Z\"")), "envelope");
  EXPECT_EQ(outcome(with("time", "\"2026-03-02T24:00:00Z\"")), "envelope");
  EXPECT_EQ(outcome(with("time", "\"2016-12-31T23:59:60Z\"")), "envelope");
  EXPECT_EQ(outcome(with("time", "\"2026-03-02T09:15:02\"")), "envelope");
}

TEST(CanonicalRejections, DetailsQuoteLittleOfTheInput) {
  Decoding decode;
  const std::string flood(100'000, 'x');
  for (const std::string& data :
       {R"({"reason":")" + flood + "\"}", R"({"visit":")" + flood + R"(","reason":"caller"})"}) {
    const auto& out = decode(event_json("contact.left_queue", data, "s"));
    ASSERT_EQ(out.rejections.size(), 1U);
    EXPECT_LT(detail(out).size(), 300U);
    EXPECT_NE(detail(out).find(std::string(60, 'x') + "…"), std::string::npos);
    EXPECT_EQ(detail(out).find(std::string(61, 'x')), std::string::npos);
  }
}

}  // namespace
}  // namespace ingest

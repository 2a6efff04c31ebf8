#include "ingest/canonical_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

using core::EventType;

TEST(CanonicalDecoder, ReadsTheExampleOfTheContract) {
  Decoding decode;
  const auto& out = decode(
      R"({"specversion":"1.0","id":"e-000000012345","source":"/acd/manila-1","type":"contact.answered","time":"2026-03-02T09:15:02.123Z","subject":"c-000001234567","data":{"client":"acme","queue":"acme-sales","channel":"voice","visit":"c-000001234567","agent":"a-00417"}})");
  ASSERT_EQ(outcome(out), "event") << detail(out);
  const core::Event& event = out.events[0];
  EXPECT_EQ(event.type, EventType::kContactAnswered);
  EXPECT_EQ(event.message, 7U);
  EXPECT_EQ(event.id, "e-000000012345");
  EXPECT_EQ(event.source, "/acd/manila-1");
  EXPECT_EQ(core::to_ms(event.time), 1'772'442'902'123);
  EXPECT_EQ(event.client, "acme");
  EXPECT_EQ(event.queue, "acme-sales");
  EXPECT_EQ(event.channel, "voice");
  EXPECT_EQ(event.visit, "c-000001234567");
  EXPECT_EQ(event.contact, "c-000001234567");
  EXPECT_EQ(event.agent, "a-00417");
  EXPECT_FALSE(event.code_stated);
}

TEST(CanonicalDecoder, MembersMayComeInAnyOrder) {
  Decoding decode;
  std::vector<std::string> members = {R"("specversion":"1.0")",
                                      R"("id":"e")",
                                      R"("source":"s")",
                                      R"("type":"contact.left_queue")",
                                      R"("time":"2026-03-02T09:15:02Z")",
                                      R"("data":{"reason":"timeout","visit":"v"})"};
  std::ranges::sort(members);
  do {
    std::string json;
    for (const std::string& member : members) json += (json.empty() ? "{" : " ,\t") + member;
    const auto& out = decode(json + "}");
    ASSERT_EQ(outcome(out), "event") << json << detail(out);
    ASSERT_EQ(out.events[0].type, EventType::kContactLeftQueue);
    ASSERT_EQ(out.events[0].code, core::index(core::LeaveReason::kTimeout));
    ASSERT_EQ(out.events[0].contact, "v");
  } while (std::ranges::next_permutation(members).found);
}

TEST(CanonicalDecoder, VisitAndContactStandForEachOtherAndForTheSubject) {
  Decoding decode;
  const auto both = [&](std::string_view data, std::string_view subject) {
    const auto& out = decode(event_json("contact.ended", data, subject));
    return out.events.empty() ? detail(out)
                              : std::string(out.events[0].visit) + "/" + std::string(out.events[0].contact);
  };
  EXPECT_EQ(both(R"({"visit":"v","contact":"c"})", "s"), "v/c");
  EXPECT_EQ(both(R"({"visit":"v"})", "s"), "v/v");
  EXPECT_EQ(both(R"({"contact":"c"})", "s"), "c/c");
  EXPECT_EQ(both("{}", "s"), "s/s");
  EXPECT_EQ(both("", "s"), "s/s");
  EXPECT_EQ(both("null", "s"), "s/s");
  EXPECT_EQ(both(R"({"visit":null,"contact":null})", "s"), "s/s");
  EXPECT_EQ(both("{}", ""), "contact: missing, contact.ended needs it");
}

TEST(CanonicalDecoder, AgentLeadAndDealDefaultToTheSubjectInTheirOwnEventsOnly) {
  Decoding decode;
  EXPECT_EQ(decode(event_json("agent.state", R"({"state":"away"})", "a-1")).events.at(0).agent, "a-1");
  EXPECT_EQ(decode(event_json("lead.created", "{}", "l-1")).events.at(0).lead, "l-1");
  EXPECT_EQ(decode(event_json("deal.won", "", "d-1")).events.at(0).deal, "d-1");
  EXPECT_TRUE(decode(event_json("deal.won", "", "d-1")).events.at(0).contact.empty());
  EXPECT_EQ(outcome(decode(event_json("contact.answered", R"({"visit":"v"})", "a-1"))), "missing_field");
  EXPECT_EQ(outcome(decode(event_json("lead.assigned", "{}", "l-1"))), "missing_field");
}

TEST(CanonicalDecoder, OfRepeatedKeysTheLastHoldsAtEveryLevel) {
  Decoding decode;
  const auto& out =
      decode(R"({"id":5,"id":"e","specversion":"0.3","specversion":"1.0","source":"s","type":"x","type":"deal.won",)"
             R"("time":"never","time":"2026-03-02T09:15:02Z","data":{"deal":"gone","stage":7},)"
             R"("data":{"deal":[],"deal":"d","currency":"eur","currency":"EUR","costs":{"z":"1"},)"
             R"("costs":{"a":true,"b":"2.5","a":"1","c":"4","c":null}}})");
  ASSERT_EQ(outcome(out), "event") << detail(out);
  const core::Event& event = out.events[0];
  EXPECT_EQ(event.id, "e");
  EXPECT_EQ(event.deal, "d");
  EXPECT_EQ(event.currency, "EUR");
  ASSERT_EQ(event.costs->size(), 2U);
  EXPECT_EQ((*event.costs)[0].name, "a");
  EXPECT_EQ((*event.costs)[0].amount, *core::parse_decimal("1"));
  EXPECT_EQ((*event.costs)[1].name, "b");
  EXPECT_EQ((*event.costs)[1].amount, *core::parse_decimal("2.5"));
}

TEST(CanonicalDecoder, ALaterNullTakesAValueBack) {
  Decoding decode;
  const auto& out =
      decode(event_json("contact.queued", R"({"visit":"v","queue":"q","entry":"transfer","entry":null})"));
  ASSERT_EQ(outcome(out), "event") << detail(out);
  EXPECT_FALSE(out.events[0].code_stated);
  EXPECT_EQ(out.events[0].code, 0);
}

TEST(CanonicalDecoder, EscapesAreUndoneInValuesAndKeys) {
  Decoding decode;
  const auto& out = decode(event_json(
      "contact.wrapped", R"({"c\u006fntact":"c\/1","agent":"\u0416\ud83d\ude00","disposition":"say \"yes\" \\ no"})"));
  ASSERT_EQ(outcome(out), "event") << detail(out);
  EXPECT_EQ(out.events[0].contact, "c/1");
  EXPECT_EQ(out.events[0].agent, "Ж😀");
  EXPECT_EQ(out.events[0].disposition(), R"(say "yes" \ no)");
}

TEST(CanonicalDecoder, ReadsEveryFieldOfEveryType) {
  Decoding decode;
  const auto read = [&](std::string_view type, std::string_view data) {
    const auto& out = decode(event_json(type, data));
    EXPECT_EQ(outcome(out), "event") << type << data << detail(out);
    return out.events.empty() ? core::Event{} : out.events[0];
  };
  auto event =
      read("contact.queued", R"({"visit":"v","queue":"q","parent":"p","customer":"k","lead":"l","interaction":"i"})");
  EXPECT_EQ(event.parent(), "p");
  EXPECT_EQ(event.customer, "k");
  EXPECT_EQ(event.lead, "l");
  EXPECT_EQ(event.interaction, "i");
  event = read("contact.offered", R"({"visit":"v","agent":"a","offer":"o"})");
  EXPECT_EQ(event.offer(), "o");
  event =
      read("contact.transferred", R"({"contact":"c","agent":"a","to_queue":"q","to_agent":"b","to_external":"+44"})");
  EXPECT_EQ(event.to_queue(), "q");
  EXPECT_EQ(event.to_agent(), "b");
  EXPECT_EQ(event.to_external(), "+44");
  event = read("contact.ended", R"({"contact":"c","result":"sale"})");
  EXPECT_EQ(event.result(), "sale");
  event = read("chat.message", R"({"contact":"c","from":"agent","agent":"a","message":"m"})");
  EXPECT_EQ(event.message_id(), "m");
  event = read("agent.state", R"({"agent":"a","state":"away","reason":"lunch","queues":["q2","q1"],"capacity":3})");
  EXPECT_EQ(event.reason(), "lunch");
  EXPECT_EQ(event.capacity, 3);
  ASSERT_EQ(event.queues->size(), 2U);
  EXPECT_EQ((*event.queues)[0], "q2");
  event = read("schedule.shift",
               R"({"agent":"a","from":"2026-03-02T08:00:00Z","to":"2026-03-02T18:00:00+02:00","activity":"work"})");
  EXPECT_EQ(core::format_rfc3339(event.from), "2026-03-02T08:00:00Z");
  EXPECT_EQ(core::format_rfc3339(event.to), "2026-03-02T16:00:00Z");
  EXPECT_EQ(event.activity(), "work");
  event = read("lead.created", R"({"lead":"l","campaign":"c","origin":"web"})");
  EXPECT_EQ(event.campaign(), "c");
  EXPECT_EQ(event.origin(), "web");
  event = read("lead.contacted", R"({"lead":"l","reached":true,"automated":false})");
  EXPECT_EQ(event.reached, true);
  EXPECT_EQ(event.automated, false);
  event = read("lead.contacted", R"({"lead":"l"})");
  EXPECT_EQ(event.reached, std::nullopt);
  EXPECT_EQ(event.automated, std::nullopt);
  event = read("deal.opened", R"({"deal":"d","amount":"12.5","currency":"USD","product":"p","stage":"s","costs":7})");
  EXPECT_EQ(event.product(), "p");
  EXPECT_EQ(event.stage(), "s");
  EXPECT_EQ(event.amount, core::Decimal{125'000});
  EXPECT_EQ(event.costs, std::nullopt) << "deal.opened has no costs: ignored whatever it is";
  event = read("deal.lost", R"({"deal":"d","reason":"price","costs":{}})");
  EXPECT_EQ(event.reason(), "price");
  ASSERT_TRUE(event.costs.has_value());
  EXPECT_TRUE(event.costs->empty());
}

TEST(CanonicalDecoder, AmountsAreExactAsStringAndAsNumber) {
  Decoding decode;
  for (const char* amount : {R"("0.1")", "0.1", "1e-1", R"("1E-1")", "0.10000"}) {
    const auto& out = decode(event_json("deal.updated", std::string(R"({"deal":"d","amount":)") + amount + "}"));
    ASSERT_EQ(outcome(out), "event") << amount << detail(out);
    EXPECT_EQ(out.events[0].amount, core::Decimal{1'000}) << amount;
  }
  for (const char* amount : {"0.00001", "1e20", R"("")", R"("1,5")", R"("NaN")", R"(" 1")", "922337203685477.5808"}) {
    const auto& out = decode(event_json("deal.updated", std::string(R"({"deal":"d","amount":)") + amount + "}"));
    EXPECT_EQ(outcome(out), "bad_value") << amount;
  }
  EXPECT_EQ(decode(event_json("deal.won", R"({"deal":"d","amount":-922337203685477.5808})")).events.at(0).amount,
            core::Decimal{INT64_MIN});
}

TEST(CanonicalDecoder, UnknownFieldsAreIgnoredWhateverTheyHold) {
  Decoding decode;
  const auto& out = decode(event_json(
      "contact.held",
      R"({"contact":"c","x":{"agent":1,"y":[[],{},[{"z":null}],-0.5e+9,1e999,true]},"agent":"a","state":5})"));
  ASSERT_EQ(outcome(out), "event") << detail(out);
  EXPECT_EQ(out.events[0].agent, "a");
}

TEST(CanonicalDecoder, UnknownTypeWithAGoodEnvelopeIsSkippedWithoutALookAtData) {
  Decoding decode;
  EXPECT_EQ(outcome(decode(event_json("contact.sneezed", R"({"visit":5})"))), "skip");
  EXPECT_EQ(outcome(decode(event_json("contact.sneezed", "[]"))), "skip");
  EXPECT_EQ(outcome(decode(event_json("Contact.queued", ""))), "skip");
  EXPECT_EQ(outcome(decode(R"({"specversion":"1.0","id":"e","source":"s","type":"contact.sneezed","data":{}})")),
            "envelope");
}

TEST(CanonicalDecoder, TheEnvelopeIsCheckedBeforeTheData) {
  Decoding decode;
  const auto& out = decode(R"({"specversion":"1.0","id":"e","source":"s","type":"contact.queued","data":{"entry":5}})");
  EXPECT_EQ(outcome(out), "envelope");
  EXPECT_EQ(detail(out), "time: missing");
}

TEST(CanonicalDecoder, DataThatIsNoObjectIsOfTheWrongType) {
  Decoding decode;
  for (const char* data : {"[]", "5", R"("{}")", "true"}) {
    EXPECT_EQ(outcome(decode(event_json("contact.queued", data))), "wrong_type") << data;
  }
}

TEST(CanonicalDecoder, EmptyLinesAreNothingAndACarriageReturnIsWhiteSpace) {
  Decoding decode;
  for (const char* line : {"", "\r", "  \t", "\r\n"}) EXPECT_EQ(outcome(decode(line)), "nothing");
  EXPECT_EQ(outcome(decode(event_json("lead.closed", R"({"lead":"l"})") + "\r")), "event");
  EXPECT_EQ(outcome(decode("  " + event_json("lead.closed", R"({"lead":"l"})") + "\n")), "event");
}

TEST(CanonicalDecoder, OneDecoderReadsMessagesOfEverySize) {
  Decoding decode;
  for (const std::size_t size : {10U, 5'000U, 100U, 300'000U, 1U}) {
    const std::string padding(size, 'x');
    const auto& out = decode(event_json("lead.closed", R"({"lead":"l","note":")" + padding + R"("})"));
    ASSERT_EQ(outcome(out), "event") << size << detail(out);
  }
}

}  // namespace
}  // namespace ingest

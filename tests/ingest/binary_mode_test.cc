// CloudEvents in Kafka's binary mode: attributes in headers, data in the value.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

using Headers = std::vector<core::Header>;

Headers headers() {
  return {{"ce_specversion", "1.0"},
          {"ce_id", "e-1"},
          {"ce_source", "/acd/1"},
          {"ce_type", "contact.answered"},
          {"ce_time", "2026-03-02T09:15:02Z"},
          {"content-type", "application/json; charset=utf-8"}};
}

Headers with(Headers all, std::string_view name, std::string_view value) {
  std::erase_if(all, [name](const core::Header& header) { return header.name == name; });
  all.push_back({name, value});
  return all;
}

constexpr std::string_view kData = R"({"visit":"v","agent":"a"})";

TEST(BinaryMode, TakesAttributesFromHeadersAndDataFromTheValue) {
  Decoding decode;
  const auto& out = decode(kData, with(headers(), "ce_subject", "s"));
  ASSERT_EQ(outcome(out), "event") << detail(out);
  const core::Event& event = out.events[0];
  EXPECT_EQ(event.type, core::EventType::kContactAnswered);
  EXPECT_EQ(event.id, "e-1");
  EXPECT_EQ(event.source, "/acd/1");
  EXPECT_EQ(core::format_rfc3339(event.time), "2026-03-02T09:15:02Z");
  EXPECT_EQ(event.visit, "v");
  EXPECT_EQ(event.agent, "a");
}

TEST(BinaryMode, HeadersMayStandInAnyOrderAmongOthers) {
  Decoding decode;
  Headers all = with(with(headers(), "traceparent", "\xff\x01"), "ce_traceparent", "00");
  std::ranges::reverse(all);
  EXPECT_EQ(outcome(decode(kData, all)), "event");
}

TEST(BinaryMode, NoDataIsAnEmptyObject) {
  Decoding decode;
  for (const char* value : {"", " ", "null", " null\n", "{}"}) {
    const auto& out = decode(value, with(with(headers(), "ce_type", "deal.won"), "ce_subject", "d"));
    ASSERT_EQ(outcome(out), "event") << value << detail(out);
    EXPECT_EQ(out.events[0].deal, "d");
  }
}

TEST(BinaryMode, AttributesAreTextAndNoJson) {
  Decoding decode;
  const auto& out = decode(R"({"visit":"v","agent":"\u0061"})", with(headers(), "ce_id", R"(a\u0041"b)"));
  ASSERT_EQ(outcome(out), "event") << detail(out);
  EXPECT_EQ(out.events[0].id, R"(a\u0041"b)");
  EXPECT_EQ(out.events[0].agent, "a");
}

TEST(BinaryMode, TheEnvelopeIsAsStrictAsInStructuredMode) {
  Decoding decode;
  for (const char* name : {"ce_id", "ce_source", "ce_type", "ce_time"}) {
    Headers without = headers();
    std::erase_if(without, [name](const core::Header& header) { return header.name == name; });
    EXPECT_EQ(outcome(decode(kData, without)), "envelope") << name;
    const std::string long_text(129, 'x');
    for (const std::string_view wrong : {std::string_view(""), std::string_view("a\nb"), std::string_view("\xff"),
                                         std::string_view("\xc2\x80"), std::string_view(long_text)}) {
      EXPECT_EQ(outcome(decode(kData, with(headers(), name, wrong))), "envelope") << name << wrong;
    }
  }
  EXPECT_EQ(outcome(decode(kData, with(headers(), "ce_specversion", "0.3"))), "envelope");
  EXPECT_EQ(outcome(decode(kData, with(headers(), "ce_specversion", ""))), "envelope");
  EXPECT_EQ(outcome(decode(kData, with(headers(), "ce_subject", ""))), "envelope");
}

TEST(BinaryMode, AHeaderWithoutAValueIsAbsent) {
  Decoding decode;
  EXPECT_EQ(outcome(decode(kData, with(headers(), "ce_subject", {}))), "event");
  EXPECT_EQ(outcome(decode(kData, with(headers(), "ce_id", {}))), "envelope");
}

TEST(BinaryMode, OfRepeatedHeadersTheLastHolds) {
  Decoding decode;
  Headers all = headers();
  all.push_back({"ce_id", "e-2"});
  const auto& out = decode(kData, all);
  ASSERT_EQ(outcome(out), "event");
  EXPECT_EQ(out.events[0].id, "e-2");
}

TEST(BinaryMode, AnUnknownTypeIsSkippedWithoutALookAtTheValue) {
  Decoding decode;
  EXPECT_EQ(outcome(decode("\xff not JSON", with(headers(), "ce_type", "contact.sneezed"))), "skip");
}

TEST(BinaryMode, TheValueMustBeAJsonObject) {
  Decoding decode;
  for (const char* value : {"{", "[]", "5", "{\"visit\":\"v\",\"agent\":\"a\"}}", "{\"x\":\"\\ud800\"}"}) {
    EXPECT_EQ(outcome(decode(value, headers())), "not_json") << value;
  }
  EXPECT_EQ(outcome(decode(kData, with(headers(), "content-type", "application/avro"))), "not_json");
  EXPECT_EQ(outcome(decode(kData, with(headers(), "content-type", "Application/Vnd.Acme+JSON"))), "event");
  EXPECT_EQ(outcome(decode(R"({"visit":"v"})", headers())), "missing_field");
}

TEST(BinaryMode, AStructuredEventStaysOneWhateverHeadersItHas) {
  Decoding decode;
  const std::string json = event_json("lead.closed", R"({"lead":"l"})");
  EXPECT_EQ(outcome(decode(json, {{"traceparent", "00"}})), "event");
  EXPECT_EQ(outcome(decode(json, {{"content-type", "application/cloudevents+json; charset=UTF-8"}})), "event");
  const auto& out = decode(json, with(headers(), "content-type", "application/cloudevents+json"));
  ASSERT_EQ(outcome(out), "event") << detail(out);
  EXPECT_EQ(out.events[0].type, core::EventType::kLeadClosed);
}

}  // namespace
}  // namespace ingest

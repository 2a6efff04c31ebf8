// Strictness: what is no JSON is refused, wherever it stands.
#include "ingest/event_reader.h"

#include <gtest/gtest.h>

#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

/// A good event with `value` in an unknown field, in a known one and in an event of unknown type.
std::vector<std::string> placed(const std::string& value) {
  return {event_json("lead.closed", R"({"lead":"l","x":)" + value + "}"),
          event_json("lead.closed", R"({"lead":"l","x":[{"y":)" + value + "}]}"),
          event_json("lead.closed", R"({"lead":"l","capacity":)" + value + "}"),
          event_json("never.heard", R"({"x":)" + value + "}"),
          R"({"x":)" + value + "," + event_json("lead.closed", R"({"lead":"l"})").substr(1)};
}

TEST(EventReader, GoodValuesAreReadWhereverTheyStand) {
  Decoding decode;
  for (const char* value :
       {"0", "-0", "1.5e+300", "123456789012345678901234567890", "1e999", "true", "false", "null", "\"\"",
        R"("\u0000\"\\\/\b\f\n\r\t\ud834\udd1e")", "[ ]", "{ }", "[1 , 2]", R"({"a":1,"a":2})", "\"\x7f\""}) {
    for (const std::string& json : placed(value))
      EXPECT_NE(outcome(decode(json)), "not_json") << json << detail(decode(json));
  }
}

TEST(EventReader, BadValuesAreRefusedWhereverTheyStand) {
  Decoding decode;
  for (const char* value : {"",
                            "NaN",
                            "-NaN",
                            "Infinity",
                            "-Infinity",
                            "nul",
                            "nulll",
                            "True",
                            "TRUE",
                            "truefalse",
                            "01",
                            "-01",
                            "+1",
                            "1.",
                            ".5",
                            "1e",
                            "1e+",
                            "0x10",
                            "1_000",
                            "--1",
                            "1 2",
                            "\"a\"\"b\"",
                            "\"a\"b",
                            "a",
                            "'a'",
                            "\"\\x\"",
                            "\"\\\"",
                            "\"\\u12\"",
                            "\"\\u12g4\"",
                            "\"\\ud800\"",
                            "\"\\ud800x\"",
                            "\"\\udc00\"",
                            "\"\\ud800\\ud800\"",
                            "\"\\ud800\\u0041\"",
                            "\"\\udc00\\ud800\"",
                            "\"a\nb\"",
                            "\"a\tb\"",
                            "\"\xff\"",
                            "\"\xc0\xaf\"",
                            "\"\xed\xa0\x80\"",
                            "\"\xf4\x90\x80\x80\"",
                            "\"\xc3\"",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "[1:2]",
                            "[1}",
                            "{\"a\":1]",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\" 1}",
                            "{a:1}",
                            "{1:1}",
                            "{\"a\":1,}",
                            "{,}",
                            "[",
                            "{",
                            "]",
                            "}",
                            "1]",
                            "\"unclosed",
                            "/*c*/1",
                            "1//c",
                            "\357\273\2771",
                            "\f1",
                            "\x01",
                            "{\"\\ud800\":1}",
                            "{\"\\z\":1}"}) {
    for (const std::string& json : placed(value)) EXPECT_EQ(outcome(decode(json)), "not_json") << json;
  }
}

TEST(EventReader, EveryCutDocumentIsRefused) {
  Decoding decode;
  const std::string whole = event_json("deal.won", R"({"deal":"d","costs":{"a":1.5},"x":[true,{"y":"z"}]})");
  ASSERT_EQ(outcome(decode(whole)), "event");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_EQ(outcome(decode(whole.substr(0, size))), "not_json") << whole.substr(0, size);
    EXPECT_NE(outcome(decode(whole.substr(size))), "event") << whole.substr(size);
  }
}

TEST(EventReader, NothingMayFollowTheObject) {
  Decoding decode;
  const std::string whole = event_json("lead.closed", R"({"lead":"l"})");
  for (const char* tail : {"}", "]", ",", "{}", "x", "0", "\"\"", "null", ":"}) {
    EXPECT_EQ(outcome(decode(whole + tail)), "not_json") << tail;
    EXPECT_EQ(outcome(decode(whole + " \n" + tail)), "not_json") << tail;
    EXPECT_EQ(outcome(decode(tail + whole)), "not_json") << tail;
  }
  EXPECT_EQ(outcome(decode(whole + std::string(1, '\0'))), "not_json");
}

TEST(EventReader, OtherDocumentsThanObjectsAreRefused) {
  Decoding decode;
  for (const char* text :
       {"[]", "5", "\"x\"", "null", "true", "x", "[{}]", "\xef\xbb\xbf{}", "<xml/>", "1266833361|NONE"}) {
    EXPECT_EQ(outcome(decode(text)), "not_json") << text;
  }
}

TEST(EventReader, DepthBombsAreRefusedAndModestDepthIsNot) {
  Decoding decode;
  const auto nested = [](std::size_t depth, char open, char close) {
    std::string value;
    for (std::size_t i = 0; i < depth; ++i) value += open == '{' ? "{\"a\":" : "[";
    value += "1";
    return value + std::string(depth, close);
  };
  for (const auto& [open, close] : {std::pair{'[', ']'}, {'{', '}'}}) {
    const auto data = [&](std::size_t depth) { return R"({"lead":"l","x":)" + nested(depth, open, close) + "}"; };
    EXPECT_EQ(outcome(decode(event_json("lead.closed", data(200)))), "event");
    EXPECT_EQ(outcome(decode(event_json("lead.closed", data(300)))), "not_json");
    EXPECT_EQ(outcome(decode(event_json("lead.closed", data(500'000)))), "not_json");
    EXPECT_EQ(outcome(decode(std::string(1'000'000, open))), "not_json");
  }
}

}  // namespace
}  // namespace ingest

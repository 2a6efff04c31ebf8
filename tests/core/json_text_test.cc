#include "core/json_text.h"

#include <gtest/gtest.h>

namespace core {
namespace {

std::string json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, KeepsUtf8AndEscapesTheRest) {
  EXPECT_EQ(json("Müller €𝄞"), "\"Müller €𝄞\"");
  EXPECT_EQ(json("a\"b\\c\n\r\t\x1f"), "\"a\\\"b\\\\c\\n\\r\\t\\u001f\"");
  EXPECT_EQ(json(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonText, ReplacesBytesOutsideUtf8) {
  EXPECT_EQ(to_utf8("caf\xE9"), "caf\uFFFD");                // Latin-1
  EXPECT_EQ(to_utf8("\xC0\xAF"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(to_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(to_utf8("\xF4\x90\x80\x80").size(), 12U);        // beyond U+10FFFF
  EXPECT_EQ(to_utf8("x\xE2\x82"), "x\uFFFD\uFFFD");          // cut off
  EXPECT_EQ(json("\xFFok"), "\"\uFFFDok\"");
}

TEST(JsonText, MeasuresOneSequence) {
  EXPECT_EQ(utf8_sequence(""), 0U);
  EXPECT_EQ(utf8_sequence("a"), 1U);
  EXPECT_EQ(utf8_sequence("\xC3\xA9x"), 2U);
  EXPECT_EQ(utf8_sequence("\xEF\xBF\xBD"), 3U);
  EXPECT_EQ(utf8_sequence("\xF0\x9D\x84\x9E"), 4U);
  EXPECT_EQ(utf8_sequence("\x80"), 0U);
}

}  // namespace
}  // namespace core

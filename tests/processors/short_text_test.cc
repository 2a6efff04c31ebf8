#include "processors/short_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace processors {
namespace {

std::string written(std::string_view text) {
  std::string bytes;
  core::PackedWriter out(bytes);
  write_short(out, text);
  return bytes;
}

const std::vector<std::string> kTexts = {"",
                                         "a",
                                         "0",
                                         "999",
                                         "0000",
                                         "1234",
                                         "12345",
                                         "01234",
                                         "c-000000000002",
                                         "c-000000000003",
                                         "1772442000.1234",
                                         "999999999999999999",
                                         "9999999999999999999999",
                                         "x9999999999999999999999",
                                         "no digits at all",
                                         "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
                                         "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
                                         "3f2504e0-4f89-11d3-9a0c-0305e82c330",
                                         "3f2504e0 4f89-11d3-9a0c-0305e82c3301",
                                         "gf2504e0-4f89-11d3-9a0c-0305e82c3301",
                                         "\xc3\xa4"
                                         "1234",
                                         std::string(60, 'x') + "1234",
                                         std::string(61, 'x') + "1234",
                                         std::string(70'000, '7')};

TEST(ShortText, EveryTextComesBackAsItWas) {
  for (const std::string& text : kTexts) {
    const std::string bytes = written(text) + "more";
    core::PackedReader in(bytes);
    ShortTextReader reader;
    EXPECT_EQ(reader.read(in), text);
    EXPECT_EQ(in.bytes(4), "more") << text;
  }
}

TEST(ShortText, NoTextsBytesAreTheBeginningOfAnothers) {
  for (const std::string& a : kTexts) {
    for (const std::string& b : kTexts) EXPECT_EQ(written(a).starts_with(written(b)), a == b) << a << " and " << b;
  }
}

TEST(ShortText, IdsTakeHalfTheRoom) {
  EXPECT_EQ(written("3f2504e0-4f89-11d3-9a0c-0305e82c3301").size(), 17u);
  EXPECT_LE(written("c-000000999999").size(), 7u);
  for (const std::string& text : kTexts) EXPECT_LE(written(text).size(), text.size() + 3) << text;
}

TEST(ShortText, DamageIsSaidAndNotFollowed) {
  for (const std::string& bytes : {std::string("\x03"), std::string("\x01shorter"), std::string("\x02\xff\x01", 3),
                                   std::string("\xfe\x7f\x04"), std::string("\x28too few")}) {
    core::PackedReader in(bytes);
    ShortTextReader reader;
    EXPECT_THROW(reader.read(in), core::CorruptState) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace processors

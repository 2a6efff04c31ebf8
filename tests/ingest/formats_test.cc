#include "ingest/formats/formats.h"

#include <gtest/gtest.h>

#include "ingest/word_table.h"
#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

TEST(Formats, EveryKnownFormatHasADecoder) {
  for (const Format& format : formats()) {
    EXPECT_EQ(find_format(format.name), &format);
    EXPECT_NE(format_names().find(format.name), std::string::npos);
    const auto decoder = make_decoder(format.name, {.source_name = "pbx", .timezone = "Europe/Kyiv"});
    ASSERT_TRUE(decoder.has_value()) << format.name;
    EXPECT_NE(*decoder, nullptr);
  }
}

TEST(Formats, OnlyTheQueueLogSendsNoWraps) {
  EXPECT_TRUE(find_format("canonical")->sends_wrap);
  EXPECT_FALSE(find_format("asterisk-queue-log")->sends_wrap);
}

TEST(Formats, AWrongNameIsToldWhatIsAllowed) {
  EXPECT_EQ(find_format("Canonical"), nullptr);
  const auto decoder = make_decoder("cisco", {});
  ASSERT_FALSE(decoder.has_value());
  EXPECT_EQ(decoder.error().message, "no format is called \"cisco\"; known are canonical, asterisk-queue-log");
}

TEST(Formats, AWrongTimeZoneIsAFailure) {
  const auto decoder = make_decoder("asterisk-queue-log", {.source_name = "pbx", .timezone = "Europe/Atlantis"});
  ASSERT_FALSE(decoder.has_value());
  EXPECT_NE(decoder.error().message.find("Europe/Atlantis"), std::string::npos);
}

TEST(WordTable, FindsItsWordsAndNoOthers) {
  static constexpr WordTable<3> kTable{{"one", "two", "three"}};
  EXPECT_EQ(kTable.find("one"), 0U);
  EXPECT_EQ(kTable.find("three"), 2U);
  for (const char* word : {"", "on", "onee", "ONE", "four"}) EXPECT_FALSE(kTable.find(word)) << word;
}

}  // namespace
}  // namespace ingest

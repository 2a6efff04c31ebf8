#include "config/values.h"

#include <gtest/gtest.h>

#include <array>

namespace config {
namespace {

TEST(Values, WholeNumbersHaveDigitsOnly) {
  EXPECT_EQ(parse_whole("0"), 0);
  EXPECT_EQ(parse_whole("9223372036854775807"), INT64_MAX);
  for (const char* bad : {"", "-1", "+1", "1.0", "1e3", " 1", "0x1", "9223372036854775808"}) {
    EXPECT_EQ(parse_whole(bad), std::nullopt) << bad;
  }
}

TEST(Values, SizesHaveAUnit) {
  EXPECT_EQ(parse_size("512B"), 512);
  EXPECT_EQ(parse_size("64MiB"), 64 << 20);
  EXPECT_EQ(parse_size("2TiB"), std::int64_t{2} << 40);
  for (const char* bad : {"", "64", "MiB", "64MB", "64 MiB", "1.5GiB", "-1B", "8388608TiB"}) {
    EXPECT_EQ(parse_size(bad), std::nullopt) << bad;
  }
}

TEST(Values, SizesAreWrittenInTheLargestUnitThatIsExact) {
  for (const char* text : {"0B", "1B", "1KiB", "1025B", "200MiB", "3GiB", "1TiB"}) {
    EXPECT_EQ(format_size(parse_size(text).value()), text);
  }
  EXPECT_EQ(format_size(1 << 20), "1MiB");
}

TEST(Values, FlagsAreTrueOrFalse) {
  EXPECT_EQ(parse_flag("true"), 1);
  EXPECT_EQ(parse_flag("false"), 0);
  for (const char* bad : {"", "True", "yes", "on", "1"}) EXPECT_EQ(parse_flag(bad), std::nullopt) << bad;
}

TEST(Values, AddressesHaveHostAndPort) {
  for (const char* text : {"127.0.0.1:9464", "localhost:0", "[::1]:65535", "0.0.0.0:80"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(format_address(*address), text);
  }
  EXPECT_EQ(parse_address("[::1]:1")->host, "::1");
  for (const char* bad :
       {"", "9464", ":9464", "host:", "host:65536", "host:-1", "::1:80", "[]:80", "[host]:80", "a b:1", "h:1x"}) {
    EXPECT_FALSE(parse_address(bad)) << bad;
  }
}

TEST(Values, NearestWordHasFewMistakes) {
  constexpr std::array<std::string_view, 3> kWords = {"threads", "store", "sources"};
  EXPECT_EQ(nearest("thread", kWords), "threads");
  EXPECT_EQ(nearest("soruces", kWords), "sources");
  EXPECT_EQ(nearest("sore", kWords), "store");
  EXPECT_EQ(nearest("colour", kWords), "");
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest(std::string(10'000, 's'), kWords), "");
}

TEST(Values, ControlCharactersAreNotPrintable) {
  EXPECT_TRUE(is_printable("Київ = 1"));
  EXPECT_FALSE(is_printable(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_printable("a\n"));
  EXPECT_FALSE(is_printable("\x7f"));
}

}  // namespace
}  // namespace config

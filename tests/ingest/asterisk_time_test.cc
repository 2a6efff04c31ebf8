#include "ingest/formats/asterisk_time.h"

#include <date/tz.h>
#include <gtest/gtest.h>

#include <string>

namespace ingest {
namespace {

std::string read(std::string_view text, const char* zone = "Europe/Kyiv") {
  const auto time = parse_asterisk_time(text, *date::locate_zone(zone));
  return time ? core::format_rfc3339(*time) : "none";
}

TEST(AsteriskTime, SecondsSince1970WholeOrWithAFraction) {
  EXPECT_EQ(read("0"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(read("1266833361"), "2010-02-22T10:09:21Z");
  EXPECT_EQ(read("1383904389.948070"), "2013-11-08T09:53:09.948Z");
  EXPECT_EQ(read("1383904389.9"), "2013-11-08T09:53:09.900Z");
  EXPECT_EQ(read("1383904389.9999999999"), "2013-11-08T09:53:09.999Z");
}

TEST(AsteriskTime, TextIsOfTheClocksOfTheZone) {
  EXPECT_EQ(read("2012-07-01 08:00:00.000000"), "2012-07-01T05:00:00Z");
  EXPECT_EQ(read("2012-01-01 08:00:00"), "2012-01-01T06:00:00Z");
  EXPECT_EQ(read("2012-07-01T08:00:00.123456"), "2012-07-01T05:00:00.123Z");
  EXPECT_EQ(read("2012-07-01 08:00:00", "Asia/Manila"), "2012-07-01T00:00:00Z");
}

TEST(AsteriskTime, TextWithAnOffsetNeedsNoZone) {
  EXPECT_EQ(read("2012-07-01T08:00:00Z"), "2012-07-01T08:00:00Z");
  EXPECT_EQ(read("2012-07-01 08:00:00.5-05:00"), "2012-07-01T13:00:00.500Z");
}

TEST(AsteriskTime, OfARepeatedHourItIsTheEarlierOne) {
  // On 2024-10-27 at 04:00 EEST (01:00 UTC) the clocks went back to 03:00.
  EXPECT_EQ(read("2024-10-27 02:59:59"), "2024-10-26T23:59:59Z");
  EXPECT_EQ(read("2024-10-27 03:30:00"), "2024-10-27T00:30:00Z");
  EXPECT_EQ(read("2024-10-27 04:00:00"), "2024-10-27T02:00:00Z");
}

TEST(AsteriskTime, ASkippedHourMovesForward) {
  // On 2024-03-31 at 03:00 EET (01:00 UTC) the clocks went on to 04:00: 03:30 becomes 04:30.
  EXPECT_EQ(read("2024-03-31 02:59:59"), "2024-03-31T00:59:59Z");
  EXPECT_EQ(read("2024-03-31 03:30:00"), "2024-03-31T01:30:00Z");
  EXPECT_EQ(read("2024-03-31 04:30:00"), "2024-03-31T01:30:00Z");
}

TEST(AsteriskTime, AnythingElseIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "-1",
                           "+1",
                           "1266833361.",
                           ".5",
                           "1e9",
                           "1266833361 ",
                           "1266833361,5",
                           "0x10",
                           "1266833361.5.5",
                           "253402300800",
                           "99999999999999999999",
                           "2012-07-01",
                           "2012-02-30 08:00:00",
                           "2012-07-01 24:00:00",
                           "2012-07-01 08:00:60",
                           "01/07/2012 08:00:00",
                           "2012-07-01 08:00:00 CET",
                           "NONE",
                           "2012-07-01 08:00:00.0000000000000000000000000000000000000000000000000000"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
}

// Regression: the first morning of the year 0 in the east became an event of the year before, which cannot be written.
TEST(AsteriskTime, WhatRfc3339CannotWriteInUtcIsNone) {
  EXPECT_EQ(read("0000-01-01 01:00:00", "Europe/Kyiv"), "none");
  EXPECT_EQ(read("9999-12-31 23:00:00", "America/New_York"), "none");
}

}  // namespace
}  // namespace ingest

#include "core/timezone_data.h"

#include <gtest/gtest.h>

namespace core {
namespace {

TEST(TimezoneData, VersionIsOfTheFormOfTheIana) {
  const std::string& version = timezone_data_version();
  if (version == "unknown") GTEST_SKIP() << "This machine's time zone data does not say its version.";
  ASSERT_GE(version.size(), 5u);
  EXPECT_EQ(version.find_first_not_of("0123456789"), 4u);
}

}  // namespace
}  // namespace core

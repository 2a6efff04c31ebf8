#include "core/murmur2.h"

#include <gtest/gtest.h>

#include <string>

namespace core {
namespace {

struct Vector {
  const char* key;
  std::int32_t hash;
};

// From Kafka's own UtilsTest.testMurmur2: what its producers of every language must agree on.
constexpr Vector kVectors[] = {
    {"21", -973932308},
    {"foobar", -790332482},
    {"a-little-bit-long-string", -985981536},
    {"a-little-bit-longer-string", -1486304829},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
    {"abc", 479470107},
};

TEST(Murmur2, EqualsTheJavaClient) {
  for (const auto& [key, hash] : kVectors) EXPECT_EQ(static_cast<std::int32_t>(murmur2(key)), hash) << key;
}

TEST(Murmur2, BytesBeyondAsciiAreUnsigned) {
  // The Java client masks its signed bytes with 0xff; a sign-extended tail would give another hash.
  EXPECT_NE(murmur2("\xff"), murmur2("\x7f"));
  EXPECT_EQ(murmur2(std::string("\xe2\x82\xac")), murmur2("€"));
}

TEST(Murmur2, PartitionIsOfThePositivePart) {
  EXPECT_EQ(partition_of("21", 8), (static_cast<std::uint32_t>(-973932308) & 0x7fffffff) % 8);
  EXPECT_EQ(partition_of("abc", 8), 479470107U % 8);
  EXPECT_EQ(partition_of("anything", 1), 0U);
}

static_assert(murmur2("abc") == 479470107U);

}  // namespace
}  // namespace core

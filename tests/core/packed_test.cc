#include "core/packed.h"

#include <gtest/gtest.h>

#include <limits>

namespace core {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Packed, GivesBackWhatWasWritten) {
  std::string bytes;
  PackedWriter out(bytes);
  const std::uint64_t numbers[] = {0, 1, 127, 128, 300, std::uint64_t{1} << 63, ~std::uint64_t{0}};
  const std::int64_t signed_numbers[] = {0, -1, 1, 63, -64, 64, -65, kLeast, kMost};
  for (const auto n : numbers) out.number(n);
  for (const auto n : signed_numbers) out.signed_number(n);
  out.byte(255), out.text(""), out.text(std::string("a\0b", 3)), out.text(std::string(300, 'x'));
  PackedReader in(bytes);
  for (const auto n : numbers) EXPECT_EQ(in.number(), n);
  for (const auto n : signed_numbers) EXPECT_EQ(in.signed_number(), n);
  EXPECT_EQ(in.byte(), 255);
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.text(), std::string_view("a\0b", 3));
  EXPECT_EQ(in.text(), std::string(300, 'x'));
  EXPECT_TRUE(in.at_end());
}

TEST(Packed, SmallNumbersOfEitherSignTakeOneByte) {
  for (const std::int64_t n : {-64, -1, 0, 63}) {
    std::string bytes;
    PackedWriter(bytes).signed_number(n);
    EXPECT_EQ(bytes.size(), 1U) << n;
  }
}

TEST(Packed, DamageIsAnErrorAndAsksForNoMemory) {
  EXPECT_THROW(PackedReader("").byte(), CorruptState);
  EXPECT_THROW(PackedReader("\x80").number(), CorruptState);
  EXPECT_THROW(PackedReader(std::string(11, '\xff')).number(), CorruptState);
  EXPECT_THROW(PackedReader("\x05" "abc").text(), CorruptState);
  EXPECT_THROW(PackedReader("\xff\xff\xff\xff\x0f" "abc").count(), CorruptState);
}

}  // namespace
}  // namespace core

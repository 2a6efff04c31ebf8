#include "ingest/text_block.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace ingest {
namespace {

TEST(TextBlock, EveryByteIsMarkedInEveryPlaceAsItIsAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < kTextBlock; ++place) {
      std::array<char, kTextBlock> block;
      block.fill('a');
      block[place] = static_cast<char>(byte);
      ASSERT_EQ(marks_of(block.data()), std::uint32_t{is_mark(block[place])} << place) << byte << " at " << place;
    }
  }
}

TEST(TextBlock, ABlockIsMarkedAsItsBytesOneByOne) {
  std::mt19937 random(7);
  for (int round = 0; round < 10'000; ++round) {
    std::array<char, kTextBlock> block;
    for (char& c : block) c = static_cast<char>(random());
    ASSERT_EQ(marks_of(block.data()), marks_one_by_one(block.data()));
  }
}

TEST(TextBlock, QuotesBackslashesControlsAndWhatIsBeyondAsciiAreMarked) {
  for (const char c : {'"', '\\', '\0', '\n', '\x1f', '\x7f', '\x80', '\xc2', '\xff'})
    EXPECT_TRUE(is_mark(c)) << int{c};
  for (const char c : {' ', '!', '#', '[', ']', 'a', '{', '~'}) EXPECT_FALSE(is_mark(c)) << c;
}

}  // namespace
}  // namespace ingest

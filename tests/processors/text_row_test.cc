#include "processors/text_row.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace processors {
namespace {

TEST(TextRow, KeepsTextsOfEveryLengthAcrossGrowth) {
  TextRow<64> row;
  std::vector<std::pair<TextRef, std::string>> kept;
  for (std::size_t size = 1; size < 600; size += 7) {
    std::string text(size, static_cast<char>('a' + size % 26));
    kept.emplace_back(row.keep(text), text);
  }
  for (const auto& [ref, text] : kept) EXPECT_EQ(row[ref], text);
  EXPECT_EQ(row.keep(""), TextRef::kNone);
  EXPECT_EQ(row[TextRef::kNone], "");
}

TEST(TextRow, TheLengthOfATextIsLimitedByItsType) {
  const std::string text(70'000, 'x');
  TextRow<64> small;
  EXPECT_EQ(small[small.keep(text)].size(), 65'535U);
  TextRow<64, std::uint32_t> large;
  EXPECT_EQ(large[large.keep(text)], text);
}

TEST(TextRow, IsEmptyOnceCleared) {
  TextRow<64> row;
  const TextRef before = row.keep(std::string(5000, 'x'));
  row.clear();
  EXPECT_EQ(row[TextRef::kNone], "");
  EXPECT_EQ(row.keep("again"), before) << "the first place after the empty text";
}

TEST(TextRow, LiesInItsOwnRoomAgainOnceWhatHasGrownIsCleared) {
  TextRow<64> row;
  const auto inside = [&](TextRef ref) {
    const auto* const at = reinterpret_cast<const std::byte*>(row[ref].data());
    const auto* const begin = reinterpret_cast<const std::byte*>(&row);
    return at >= begin && at < begin + sizeof row;
  };
  EXPECT_TRUE(inside(row.keep("short")));
  EXPECT_FALSE(inside(row.keep(std::string(1000, 'x'))));
  row.clear();
  EXPECT_TRUE(inside(row.keep("short")));
}

}  // namespace
}  // namespace processors

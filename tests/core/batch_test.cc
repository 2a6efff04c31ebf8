#include "core/batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace core {
namespace {

TEST(Arena, TextKeepsItsPlaceUntilCleared) {
  Arena arena;
  std::vector<std::string_view> copies;
  for (int i = 0; i < 50'000; ++i) copies.push_back(arena.copy("text-" + std::to_string(i)));
  for (int i = 0; i < 50'000; ++i) ASSERT_EQ(copies[static_cast<std::size_t>(i)], "text-" + std::to_string(i));
}

TEST(Arena, ConcatenatesUpToThreeParts) {
  Arena arena;
  EXPECT_EQ(arena.concat("a", "/", "b"), "a/b");
  EXPECT_EQ(arena.concat("a", "b"), "ab");
  EXPECT_EQ(arena.concat("", ""), "");
  EXPECT_EQ(arena.copy(""), "");
}

TEST(Arena, AlignsWhatItAllocatesAndStartsItEmpty) {
  Arena arena;
  for (int i = 0; i < 10'000; ++i) {
    arena.copy("x");
    const auto costs = arena.costs(3);
    const auto texts = arena.texts(2);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(costs.data()) % alignof(Cost), 0U);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(texts.data()) % alignof(std::string_view), 0U);
    ASSERT_EQ(costs[2].amount.ten_thousandths, 0);
    ASSERT_TRUE(costs[2].name.empty());
    ASSERT_TRUE(texts[1].empty());
    costs[2] = {"name", {7}};
    texts[1] = "other";
  }
}

TEST(Arena, OneTextMayBeLargerThanABlock) {
  Arena arena;
  const std::string large(1 << 20, 'l');
  const auto before = arena.copy("before");
  const auto copy = arena.copy(large);
  const auto after = arena.copy("after");
  EXPECT_EQ(copy, large);
  EXPECT_EQ(before, "before");
  EXPECT_EQ(after, "after");
}

TEST(Arena, ClearReusesTheSameBlocks) {
  Arena arena;
  std::vector<const char*> first, second;
  for (auto* places : {&first, &second}) {
    arena.clear();
    for (int i = 0; i < 1'000; ++i) places->push_back(arena.copy(std::string(100, 'x')).data());
  }
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace core

#include "core/blob_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <random>

namespace core {
namespace {

TEST(BlobPool, BlobsOfEverySizeKeepTheirBytesWhileOthersComeAndGo) {
  constexpr std::size_t kMost = 5000;
  BlobPool pool;
  std::map<char*, std::pair<std::size_t, char>> taken;
  std::mt19937 random(7);
  const auto whole = [](char* at, std::size_t bytes, char filler) {
    return std::all_of(at, at + bytes, [&](char c) { return c == filler; });
  };
  for (int step = 0; step < 20'000; ++step) {
    if (taken.size() < 300 || random() % 2 == 0) {
      const std::size_t bytes = random() % 8 == 0 ? random() % kMost : random() % 200;
      const auto filler = static_cast<char>(random());
      char* const at = pool.take(bytes);
      std::fill_n(at, bytes, filler);
      ASSERT_TRUE(taken.try_emplace(at, bytes, filler).second) << "given out twice";
    } else {
      const auto it = std::next(taken.begin(), static_cast<std::ptrdiff_t>(random() % taken.size()));
      const auto [at, what] = *it;
      ASSERT_TRUE(whole(at, what.first, what.second));
      pool.give(at, what.first);
      taken.erase(it);
    }
  }
  for (const auto& [at, what] : taken) EXPECT_TRUE(whole(at, what.first, what.second));
}

TEST(BlobPool, WhatIsGivenBackServesTheNextOfItsSize) {
  BlobPool pool;
  char* const first = pool.take(100);
  pool.give(first, 100);
  EXPECT_EQ(pool.take(97), first) << "97 to 104 bytes are one size";
  EXPECT_NE(pool.take(100), first);
}

TEST(BlobPool, RoomIsAtMostSevenBytesMoreThanABlob) {
  for (std::size_t bytes = 1; bytes <= 2048; ++bytes) {
    EXPECT_GE(BlobPool::room_of(bytes), bytes);
    EXPECT_LT(BlobPool::room_of(bytes), bytes + 8);
  }
}

}  // namespace
}  // namespace core

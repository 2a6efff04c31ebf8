#include "core/hash_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/text_hash.h"

namespace core {
namespace {

std::uint32_t find(const HashIndex& index, std::uint64_t hash, std::uint32_t number) {
  return index.find(hash, [&](std::uint32_t found) { return found == number; });
}

TEST(HashIndex, FindsWhatWasAddedAndNotWhatWasRemoved) {
  // Few different hashes beside many: rows of full places, around the end as well.
  std::mt19937_64 random(3);
  HashIndex index;
  std::map<std::uint32_t, std::uint64_t> held;
  const auto hash_of = [&](std::uint64_t n) {
    return n % 3 == 0 ? ~std::uint64_t{0} - n % 9 : text_hash(std::to_string(n));
  };
  for (std::uint32_t n = 0; n < 20'000; ++n) {
    index.add(hash_of(n), n), held[n] = hash_of(n);
    if (random() % 3 > 0) continue;
    const auto gone = held.lower_bound(static_cast<std::uint32_t>(random() % n));
    if (gone == held.end()) continue;
    index.remove(gone->second, gone->first), held.erase(gone);
    if (n % 512 > 0) continue;
    for (std::uint32_t i = 0; i <= n; ++i) {
      ASSERT_EQ(find(index, hash_of(i), i), held.contains(i) ? i : HashIndex::kNone) << "after " << n;
    }
  }
}

TEST(HashIndex, OfOneHashItGivesTheOneThatIsMeant) {
  HashIndex index;
  EXPECT_EQ(find(index, 7, 1), HashIndex::kNone) << "nothing is in it";
  for (std::uint32_t n = 0; n < 5; ++n) index.add(7, n);
  EXPECT_EQ(find(index, 7, 3), 3u);
  index.remove(7, 3);
  EXPECT_EQ(find(index, 7, 3), HashIndex::kNone);
  EXPECT_EQ(find(index, 7, 4), 4u);
}

TEST(HashIndex, APlaceTakesLessThanTwentyBytesForEachOfMany) {
  HashIndex index;
  for (std::uint32_t n = 0; n < 100'000; ++n) {
    index.add(text_hash(std::to_string(n)), n);
    ASSERT_LE(index.bytes(), 20u * (n + 100));
  }
}

}  // namespace
}  // namespace core

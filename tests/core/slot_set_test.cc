#include "core/slot_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace core {
namespace {

TEST(SlotSet, NeighboursAreOneStretch) {
  SlotSet set;
  for (const Slot slot : {5, 7, 6, 1}) set.insert(slot);
  EXPECT_EQ(set.stretches(), (std::vector<SlotSet::Stretch>{{1, 1}, {5, 7}}));
  set.erase(6);
  EXPECT_EQ(set.stretches(), (std::vector<SlotSet::Stretch>{{1, 1}, {5, 5}, {7, 7}}));
}

TEST(SlotSet, IsASetWhateverIsAddedAndTaken) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    SlotSet set;
    std::set<Slot> plain;
    for (int i = 0; i < 300; ++i) {
      const Slot slot = static_cast<Slot>(random() % 40) - 20;
      if (random() % 2 == 0) {
        set.insert(slot), plain.insert(slot);
      } else {
        set.erase(slot), plain.erase(slot);
      }
      std::set<Slot> all;
      set.each([&](Slot s) { all.insert(s); });
      ASSERT_EQ(all, plain) << "seed " << seed;
      const auto above = plain.upper_bound(slot), from = plain.lower_bound(slot);
      EXPECT_EQ(set.contains(slot), plain.contains(slot));
      EXPECT_EQ(set.above(slot), above == plain.end() ? std::nullopt : std::optional(*above));
      EXPECT_EQ(set.below(slot), from == plain.begin() ? std::nullopt : std::optional(*std::prev(from)));
    }
    for (std::size_t i = 1; i < set.stretches().size(); ++i) {
      EXPECT_GT(set.stretches()[i].first, set.stretches()[i - 1].last + 1) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace core

#include "processors/cell_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "processors/cells.h"

namespace processors {
namespace {

using Table = CellTable<QueueCell>;

CellKey key(std::uint32_t queue) { return CellKey{core::NameId{1}, core::NameId{queue}, core::NameId{2}}; }

void add(QueueCell& cell, std::int64_t wait_ms) {
  cell.count(QueueCount::kAnsweredWithin, 1);
  cell.sum(QueueSum::kWaitAnswered, wait_ms);
  cell.span(QueueHist::kWaitAnswered, wait_ms, 1);
}

TEST(CellTable, MemoryThatIsUsedAgainKnowsNothingOfThePageBefore) {
  Table table;
  for (std::uint32_t queue = 3; queue < 13; ++queue) add(table.at(100, key(queue)), 5'000);
  table.drop(100);
  EXPECT_EQ(table.page(100), nullptr);
  EXPECT_EQ(table.find(100, key(3)), nullptr);
  add(table.at(200, key(7)), 20);
  std::size_t cells = 0;
  table.page(200)->each([&](const CellKey& of, const QueueCell& cell) {
    ++cells;
    QueueCell expected;
    add(expected, 20);
    EXPECT_EQ(of, key(7));
    EXPECT_TRUE(cell.same_as(expected));
  });
  EXPECT_EQ(cells, 1u);
  EXPECT_TRUE(table.at(200, key(8)).zero());
}

TEST(CellTable, MemoryThatNobodyNeedsAgainGoesBackLittleByLittle) {
  Table table;
  for (core::Slot slot = 0; slot < 1000; ++slot) table.at(slot, key(3));
  table.drop_before(1000);
  const std::size_t dropped = table.spare_cells();
  ASSERT_GE(dropped, 1000U);
  table.trim_spare();
  for (core::Slot slot = 1000; slot < 1900; ++slot) table.at(slot, key(3));
  table.drop_before(1900);
  EXPECT_EQ(table.spare_cells(), dropped) << "as many as before, and nothing of them freed meanwhile";
  for (int snapshot = 0; snapshot < 60; ++snapshot) table.trim_spare();
  EXPECT_LT(table.spare_cells(), 10U);
}

TEST(CellTable, HoldsWhatWasAddedSinceItsPagesWereDropped) {
  std::mt19937 random(11);
  Table table;
  std::map<std::pair<core::Slot, std::uint32_t>, QueueCell> expected;
  for (int step = 0; step < 20'000; ++step) {
    const auto slot = static_cast<core::Slot>(step / 100 + random() % 20);
    const std::uint32_t queue = 3 + random() % 12;
    const auto wait = static_cast<std::int64_t>(random() % 100'000);
    add(table.at(slot, key(queue)), wait), add(expected[{slot, queue}], wait);
    if (random() % 50 != 0) continue;
    const auto first = static_cast<core::Slot>(step / 100);
    table.drop_before(first);
    std::erase_if(expected, [&](const auto& entry) { return entry.first.first < first; });
  }
  std::size_t cells = 0;
  table.pages([&](core::Slot slot, const auto& page) {
    page.each([&](const CellKey& of, const QueueCell& cell) {
      ++cells;
      EXPECT_TRUE(cell.same_as(expected.at({slot, static_cast<std::uint32_t>(of.b)})));
    });
  });
  EXPECT_EQ(cells, expected.size());
}

}  // namespace
}  // namespace processors

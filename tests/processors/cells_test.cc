#include "processors/cells.h"

#include "processors/cell_table.h"

#include <gtest/gtest.h>

namespace processors {
namespace {

QueueCell example() {
  QueueCell cell;
  cell.count(QueueCount::kHandled, 3), cell.count(QueueCount::kUnfinished, -1);
  cell.sum(QueueSum::kTalk, 123'456'789'012), cell.sum(QueueSum::kWrap, -5);
  for (const int wait : {20'000, 3, 20'000, 7'000'000}) cell.span(QueueHist::kWaitAnswered, wait, 1);
  return cell;
}

void expect_equal(const QueueCell& a, const QueueCell& b) {
  EXPECT_EQ(a.counts, b.counts);
  EXPECT_EQ(a.sums, b.sums);
  EXPECT_EQ(a.hists, b.hists);
  for (std::size_t i = 0; i < QueueCell::kHists; ++i) EXPECT_EQ(a.maxima[i].value(), b.maxima[i].value());
}

TEST(Cell, ComesBackFromItsPackedForm) {
  const QueueCell cell = example();
  std::string bytes;
  core::PackedWriter out(bytes);
  cell.pack(out), QueueCell{}.pack(out);
  core::PackedReader in(bytes);
  QueueCell back, empty;
  back.unpack(in), empty.unpack(in);
  EXPECT_TRUE(in.at_end());
  expect_equal(back, cell);
  EXPECT_TRUE(empty.zero());
  back.span(QueueHist::kWaitAnswered, 7'000'000, -1);
  EXPECT_TRUE(back.maximum_lost()) << "how often the maximum occurs is kept as well";
}

TEST(Cell, AColumnOfALaterVersionIsRefused) {
  std::string bytes;
  core::PackedWriter out(bytes);
  out.number(QueueCell::kCounts + 1), out.signed_number(1);
  core::PackedReader in(bytes);
  QueueCell cell;
  EXPECT_THROW(cell.unpack(in), core::CorruptState);
}

/// A packed QueueCell with one count, and the given (step, count) pairs as its first histogram.
std::string packed(std::int64_t count, std::initializer_list<std::pair<std::uint64_t, std::int64_t>> bins) {
  std::string bytes;
  core::PackedWriter out(bytes);
  out.number(1), out.signed_number(count), out.number(0);
  out.number(0);
  out.number(bins.size());
  for (const auto& [step, n] : bins) out.number(step), out.signed_number(n);
  out.signed_number(-1), out.number(0);
  for (std::size_t i = 1; i < QueueCell::kHists; ++i) out.number(0), out.signed_number(-1), out.number(0);
  return bytes;
}

void unpack(const std::string& bytes) {
  core::PackedReader in(bytes);
  QueueCell{}.unpack(in);
}

// Regression, found by fuzzing: a damaged cell made the additions after it overflow.
TEST(Cell, ADamagedNumberThatAnAdditionCouldCarryOverIsRefused) {
  EXPECT_NO_THROW(unpack(packed(1 << 30, {{5, 1}, {1, 2}})));
  EXPECT_THROW(unpack(packed((1 << 30) + 1, {})), core::CorruptState);
  EXPECT_THROW(unpack(packed(-(1 << 30) - 1, {})), core::CorruptState);
  EXPECT_THROW(unpack(packed(1, {{5, std::int64_t{1} << 40}})), core::CorruptState);
}

// Regression, found by fuzzing: bins that came twice added up beyond their integer, and others stood for no span.
TEST(Cell, ADamagedHistogramIsRefused) {
  EXPECT_THROW(unpack(packed(1, {{5, 1}, {0, 1}})), core::CorruptState);
  EXPECT_THROW(unpack(packed(1, {{core::kLastBin + 1, 1}})), core::CorruptState);
  EXPECT_THROW(unpack(packed(1, {{5, 1}, {std::numeric_limits<std::uint64_t>::max(), 1}})), core::CorruptState);
}

TEST(Cell, WhatIsAddedAndTakenBackLeavesNothing) {
  QueueCell cell = example();
  cell.count(QueueCount::kHandled, -3), cell.count(QueueCount::kUnfinished, 1);
  cell.sum(QueueSum::kTalk, -123'456'789'012), cell.sum(QueueSum::kWrap, 5);
  EXPECT_FALSE(cell.zero());
  for (const int wait : {7'000'000, 20'000, 3, 20'000}) cell.span(QueueHist::kWaitAnswered, wait, -1);
  EXPECT_TRUE(cell.zero());
  EXPECT_FALSE(cell.maximum_lost()) << "there is nothing whose maximum could be lost";
}

TEST(Cell, MergingIsAddition) {
  QueueCell one = example(), both = example();
  QueueCell other;
  other.count(QueueCount::kHandled, 2), other.span(QueueHist::kWaitAnswered, 8'000'000, 1);
  both.count(QueueCount::kHandled, 2), both.span(QueueHist::kWaitAnswered, 8'000'000, 1);
  one.merge(other);
  expect_equal(one, both);
}

TEST(Maximum, IsKnownUntilItsLastOccurrenceIsTakenBack) {
  Maximum maximum;
  for (const int value : {5, 9, 9, 7}) maximum.add(value, 1);
  maximum.add(7, -1);
  EXPECT_EQ(maximum.value(), 9);
  maximum.add(9, -1);
  EXPECT_FALSE(maximum.lost());
  maximum.add(9, -1);
  EXPECT_TRUE(maximum.lost());
}

TEST(Maximum, ALargerOneEndsTheLossAndASmallerOneDoesNot) {
  Maximum maximum;
  maximum.add(5, 1), maximum.add(9, 1), maximum.add(9, -1);
  maximum.add(8, 1);
  EXPECT_TRUE(maximum.lost()) << "nobody knows whether 8 is the largest that is left";
  maximum.add(10, 1);
  EXPECT_FALSE(maximum.lost());
  EXPECT_EQ(maximum.value(), 10);
}

TEST(Maximum, IsFoundAgainFromAllThatCounts) {
  Maximum maximum;
  for (const int value : {5, 6, 6, 9}) maximum.add(value, 1);
  maximum.add(9, -1);
  maximum.seek();
  for (const int value : {6, 5, 6}) {
    Maximum one;
    one.add(value, 1);
    maximum.found(one);
  }
  maximum.stop_seeking({});
  EXPECT_FALSE(maximum.lost());
  EXPECT_EQ(maximum.value(), 6);
  maximum.add(6, -1);
  EXPECT_FALSE(maximum.lost()) << "it occurred twice";
}

TEST(CellTable, PagesGoWithTheirSlots) {
  CellTable<LeadCell> table;
  const CellKey key{core::NameId{1}, core::NameId{2}, {}};
  for (core::Slot slot = 0; slot < 5; ++slot) table.at(slot, key).count(LeadCount::kCreated, slot + 1);
  table.drop_before(3);
  EXPECT_EQ(table.find(2, key), nullptr);
  ASSERT_NE(table.find(3, key), nullptr);
  EXPECT_EQ((*table.find(3, key))[LeadCount::kCreated], 4);
  EXPECT_EQ(table.find(3, CellKey{core::NameId{2}, core::NameId{1}, {}}), nullptr);
  EXPECT_EQ(table.at(2, key)[LeadCount::kCreated], 0) << "made anew";
}

}  // namespace
}  // namespace processors

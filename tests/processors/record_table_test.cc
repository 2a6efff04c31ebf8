#include "processors/record_table.h"

#include <gtest/gtest.h>

#include <string>

namespace processors {
namespace {

class Named {
 public:
  Named() = default;
  explicit Named(std::string_view id) : id_(id) {}
  std::string_view id() const { return id_; }
  void prefetch_parts() const {}

 private:
  std::string id_;
};
using Table = RecordTable<Named>;

TEST(RecordTable, MakesARecordOnceAndNeverMovesIt) {
  Table table;
  Table::Slot* first = &table.at("r0");
  for (int i = 0; i < 5'000; ++i) EXPECT_EQ(table.at("r" + std::to_string(i)).record.id(), "r" + std::to_string(i));
  EXPECT_EQ(table.size(), 5'000U);
  EXPECT_EQ(&table.at("r0"), first);
  EXPECT_EQ(table.find("r0"), first);
  EXPECT_EQ(table.find("other"), nullptr);
  EXPECT_EQ(table[4'999].record.id(), "r4999");
}

TEST(RecordTable, ListsWhatChangedOnceUntilItIsCleared) {
  Table table;
  auto &a = table.at("a"), &b = table.at("b");
  table.mark_dirty(b), table.mark_dirty(a), table.mark_dirty(b);
  EXPECT_EQ(table.dirty(), (std::vector<Table::Slot*>{&b, &a}));
  table.clear_dirty();
  EXPECT_TRUE(table.dirty().empty());
  table.mark_dirty(a);
  EXPECT_EQ(table.dirty(), std::vector<Table::Slot*>{&a});
}

}  // namespace
}  // namespace processors

#include "processors/contact_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace processors {
namespace {

core::Event queued(const std::string& contact, std::int64_t at_ms) {
  core::Event event;
  event.type = core::EventType::kContactQueued;
  event.time = core::event_time(at_ms);
  event.contact = event.visit = contact;
  event.queue = "sales";
  return event;
}

struct Book {
  explicit Book(std::size_t awake) : table(awake) {}

  void add(const std::string& contact, std::int64_t at_ms) {
    auto& slot = table.at(contact);
    slot.record.merge(queued(contact, at_ms), core::NameId::kNone, names);
    table.set_open(slot, true);
    table.mark_dirty(slot);
  }
  std::multiset<std::string> ids() const {
    std::multiset<std::string> all;
    table.each([&](const ContactRecord& record) { all.emplace(record.id()); });
    return all;
  }

  core::Names names;
  ContactTable table;
};

std::string name(int i) { return "contact-" + std::to_string(i); }

TEST(ContactTable, WhatRestsIsTheSameWhenItWakes) {
  Book book(2);
  std::vector<std::string> before;
  for (int i = 0; i < 100; ++i) {
    book.add(name(i), 1'000 * i);
    before.push_back(book.table.at(name(i)).record.canonical(book.names, false));
    book.table.clear_dirty();
  }
  EXPECT_EQ(book.table.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(book.table.at(name(i)).record.canonical(book.names, false), before[i]);
  EXPECT_EQ(book.table.size(), 100u);
}

TEST(ContactTable, EachAndEachOpenSeeThoseAtRestToo) {
  Book book(3);
  for (int i = 0; i < 50; ++i) book.add(name(i), i), book.table.clear_dirty();
  EXPECT_EQ(book.ids().size(), 50u);
  for (int i = 0; i < 50; i += 2) book.table.set_open(book.table.at(name(i)), false);
  std::set<std::string> open;
  book.table.each_open([&](const ContactRecord& record) { open.emplace(record.id()); });
  EXPECT_EQ(open.size(), 25u);
  EXPECT_TRUE(open.contains(name(1)));
  EXPECT_FALSE(open.contains(name(2)));
}

TEST(ContactTable, WhatChangedStaysAwakeUntilItIsCommitted) {
  Book book(1);
  for (int i = 0; i < 20; ++i) book.add(name(i), i);
  ASSERT_EQ(book.table.dirty().size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(book.table.dirty()[i]->record.id(), name(static_cast<int>(i)));
  book.table.clear_dirty();
  EXPECT_TRUE(book.table.dirty().empty());
  EXPECT_EQ(book.ids().size(), 20u);
}

TEST(ContactTable, MarkAllDirtyWakesEveryOne) {
  Book book(1);
  for (int i = 0; i < 20; ++i) book.add(name(i), i), book.table.clear_dirty();
  book.table.mark_all_dirty();
  std::set<std::string> ids;
  for (const auto* slot : book.table.dirty()) ids.emplace(slot->record.id());
  EXPECT_EQ(ids.size(), 20u);
}

}  // namespace
}  // namespace processors

#include "processors/resting_table.h"

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

/// A call as most are: offered, answered, ended and wrapped, with the customer's and the offer's ids.
void add_call(Book& book, int i) {
  const std::string number = std::to_string(1'000'000'000'000 + i);
  const std::string contact = "c-" + number, visit = "v-" + number, customer = "k-" + number;
  core::Event event = queued(contact, 1'772'442'000'000 + 500 * std::int64_t{i});
  event.visit = visit, event.customer = customer, event.client = "acme", event.channel = "voice";
  auto& slot = book.table.at(event.contact);
  for (const auto type :
       {core::EventType::kContactQueued, core::EventType::kContactOffered, core::EventType::kContactOfferEnded,
        core::EventType::kContactAnswered, core::EventType::kContactHeld, core::EventType::kContactRetrieved,
        core::EventType::kContactEnded, core::EventType::kContactWrapped}) {
    event.type = type;
    const bool offer = type == core::EventType::kContactOffered || type == core::EventType::kContactOfferEnded;
    event.words[0] = offer ? std::string_view("o-1000000000001") : std::string_view{};
    slot.record.merge(event, core::NameId::kNone, book.names);
    event.agent = "a-1", event.time += std::chrono::seconds(40);
  }
  book.table.mark_dirty(slot), book.table.clear_dirty();
}

TEST(ContactTable, AMillionCallsFitInTwoHundredMebibytes) {
  // A log of a million shuffled visits is read in time only while hardly one of them has to leave and come back.
  Book book(64);
  constexpr int kCalls = 20'000;
  for (int i = 0; i < kCalls; ++i) add_call(book, i);
  ASSERT_EQ(book.table.size(), std::size_t{kCalls});
  EXPECT_LT(book.table.bytes() / kCalls, 160u) << "chats take up to 50 more";
}

TEST(ContactTable, MarkAllDirtyWakesEveryOne) {
  Book book(1);
  for (int i = 0; i < 20; ++i) book.add(name(i), i), book.table.clear_dirty();
  book.table.mark_all_dirty();
  std::set<std::string> ids;
  for (const auto* slot : book.table.dirty()) ids.emplace(slot->record.id());
  EXPECT_EQ(ids.size(), 20u);
}

TEST(ContactTable, MemoryForThoseAtRestIsGivenBackWhenOthersOfAnotherSizeTakeTheirPlace) {
  Book book(1);
  const auto fill = [&](const std::string& prefix) {
    for (int i = 0; i < 50'000; ++i) book.add(prefix + name(i), i), book.table.clear_dirty();
    for (int i = 0; i < 50'000; ++i) book.table.set_open(book.table.at(prefix + name(i)), false);
  };
  const auto leave = [&] {
    book.table.choose_leaving(0, [](const ContactRecord&) { return 1; });
    book.table.let_go([](std::string_view) {});
    book.table.close_ranks();
  };
  fill("a");
  const std::size_t once = book.table.held_for_resting();
  ASSERT_GT(once, 1U << 20U);
  for (const char* prefix : {"longer-than-before-", "much-much-longer-than-anything-before-it-was-", "b"}) {
    leave();
    EXPECT_LT(book.table.held_for_resting(), once / 2) << "nearly nothing rests";
    fill(prefix);
  }
  book.table.close_ranks();
  EXPECT_LT(book.table.held_for_resting(), once * 3 / 2);
  EXPECT_EQ(book.table.at("b" + name(7)).record.id(), "b" + name(7));
  EXPECT_TRUE(book.ids().contains("b" + name(49'998)));
}

/// A record of its own, as a start reads it.
ContactRecord record_of(Book& book, const std::string& contact, std::int64_t at_ms) {
  ContactRecord record(contact);
  record.merge(queued(contact, at_ms), core::NameId::kNone, book.names);
  return record;
}

TEST(ContactTable, WhatAStartReadsGoesToRestAtOnceAndANewerVersionReplacesIt) {
  Book book(4);
  const auto time_of = [&] { return book.table.at("a").record.last(); };
  std::vector<bool> replaced;
  const auto count = [&](const ContactRecord* before, const ContactRecord&) {
    replaced.push_back(before != nullptr);
    return true;
  };
  const std::size_t empty = book.table.bytes();
  book.table.restore(record_of(book, "a", 1'000), false, count);  // Of the snapshot.
  EXPECT_LT(book.table.bytes() - empty, sizeof(ContactTable::Slot)) << "it lies there unpacked";
  book.table.restore(record_of(book, "a", 3'000), true, count);  // Of the journal, the last entry first.
  book.table.restore(record_of(book, "b", 3'000), true, count);
  book.table.restore(record_of(book, "a", 2'000), true, count);
  book.table.restore(record_of(book, "b", 2'000), true, count);
  book.table.all_came();
  EXPECT_EQ(replaced, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(time_of(), core::event_time(3'000));
  EXPECT_EQ(book.table.size(), 2u);
  EXPECT_TRUE(book.table.dirty().empty());
  std::set<std::string> open;
  book.table.each_open([&](const ContactRecord& record) { open.emplace(record.id()); });
  EXPECT_EQ(open, (std::set<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace processors

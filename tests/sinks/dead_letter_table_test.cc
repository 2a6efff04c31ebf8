// Dead letters in a store: kept whole, asked for, taken out by a retry, and held to their limits.
#include "sinks/store/dead_letter_table.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/store_file.h"

namespace sinks {
namespace {

class DeadLetters : public test_support::StoreFile {
 protected:
  std::vector<core::DeadLetter> kept(const core::DeadLetterQuery& query = {}) {
    return open(OpenMode::kRead)->dead_letters(query).value();
  }
  std::string positions(const core::DeadLetterQuery& query = {}) {
    std::string all;
    for (const auto& letter : kept(query)) all += letter.position + " ";
    return all;
  }
  std::uint64_t dropped() { return open(OpenMode::kRead)->dead_letters_dropped().value(); }
  static core::DeadLetter letter(const std::string& position, std::size_t bytes = 0, std::int64_t seen_ms = 0) {
    return {"a", position, "not_json", "no JSON", std::string(bytes, 'x'), core::wall_time(seen_ms)};
  }
};

TEST_F(DeadLetters, ComeBackWhole) {
  core::Commit first;
  first.dead_letters = {
      {"a", "t/0/16", "envelope", "ce_id is missing", std::string("\0\xff", 2), core::wall_time(7), "ce_type=x&y",
       4'000'000'000, true},
      {"b", "log:2 (byte 4)", "malformed_line", "too long", "begin", core::wall_time(8), "", 4, false}};
  commit(*open(), first);
  const auto letters = kept();
  ASSERT_EQ(letters.size(), 2U);
  EXPECT_EQ(letters[0].content, std::string("\0\xff", 2));
  EXPECT_EQ(letters[0].headers, "ce_type=x&y");
  EXPECT_EQ(letters[0].offset, 4'000'000'000);
  EXPECT_TRUE(letters[0].whole);
  EXPECT_FALSE(letters[1].whole);
  EXPECT_EQ(letters[1].seen, core::wall_time(8));
  EXPECT_LT(letters[0].id, letters[1].id);
}

TEST_F(DeadLetters, AreAskedForBySourceReasonAndNumber) {
  core::Commit first;
  for (const char* position : {"1", "2", "3", "4"}) first.dead_letters.push_back(letter(position));
  first.dead_letters[1].source = "b", first.dead_letters[2].reason = "envelope";
  commit(*open(), first);
  EXPECT_EQ(positions(), "1 2 3 4 ");
  EXPECT_EQ(positions({.source = "a", .reason = {}, .limit = {}}), "1 3 4 ");
  EXPECT_EQ(positions({.source = {}, .reason = "not_json", .limit = {}}), "1 2 4 ");
  EXPECT_EQ(positions({.source = "a", .reason = "not_json", .limit = 1}), "4 ") << "the newest of what is asked for";
  EXPECT_EQ(positions({.source = "c", .reason = {}, .limit = {}}), "");
}

TEST_F(DeadLetters, AreTakenOutByTheCommitThatUnderstoodThem) {
  const auto store = open();
  core::Commit first, second;
  first.dead_letters = {letter("1"), letter("2"), letter("3")};
  commit(*store, first);
  second.journal = {{0, "what was understood"}};
  second.understood = {kept()[1].id};
  commit(*store, second);
  EXPECT_EQ(positions(), "1 3 ");
  EXPECT_EQ(dropped(), 0U) << "that is no loss";
}

TEST_F(DeadLetters, TwoRetriesOfOneLetterCountOnce) {
  core::Commit first;
  first.dead_letters = {letter("1"), letter("2")};
  commit(*open(), first);
  core::Commit retry, late;
  retry.understood = {kept()[0].id};
  late.journal = {{0, "the same once more"}};
  late.understood = {kept()[1].id, kept()[0].id};
  commit(*open(), retry);
  const auto refused = open()->commit(late);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no longer there"), std::string::npos) << refused.error().message;
  EXPECT_EQ(positions(), "2 ") << "nothing of the refused commit is kept";
  int blobs = 0;
  ASSERT_TRUE(open()->load([&](core::StatePart, std::uint32_t, std::string_view) { ++blobs; }));
  EXPECT_EQ(blobs, 0);
}

TEST_F(DeadLetters, BeyondTheirSizeTheOldestAreDroppedAndCounted) {
  const auto store = open();
  core::Commit one;
  one.dead_letter_limits.bytes = 10'000;
  for (int i = 1; i <= 20; ++i) {
    one.dead_letters = {letter(std::to_string(i), 1000)};
    commit(*store, one);
  }
  EXPECT_EQ(positions(), "14 15 16 17 18 19 20 ") << "1,256 bytes each";
  EXPECT_EQ(dropped(), 13U);
  one.dead_letters = {letter("huge", 20'000)};
  commit(*store, one);
  EXPECT_EQ(positions(), "14 15 16 17 18 19 20 ")
      << "one that is larger than the limit is not kept, and costs no other";
  EXPECT_EQ(dropped(), 14U);
  one.dead_letters = {letter("small")};
  commit(*store, one);
  EXPECT_EQ(positions(), "14 15 16 17 18 19 20 small ");
}

TEST_F(DeadLetters, AFloodOfThemDoesNotMakeTheFileLarge) {
  const auto store = open();
  core::Commit flood;
  flood.dead_letter_limits.bytes = 100'000;
  for (int i = 0; i < 5000; ++i) flood.dead_letters.push_back(letter(std::to_string(i), 1000));
  commit(*store, flood);
  EXPECT_EQ(kept().size(), 100'000U / 1256);
  EXPECT_EQ(kept().back().position, "4999");
  EXPECT_EQ(dropped(), 5000 - kept().size());
  execute("PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_LT(std::filesystem::file_size(path), 300'000U);
}

TEST_F(DeadLetters, ThoseTooOldAreDroppedThoughNoneComes) {
  const auto store = open();
  core::Commit first, later;
  first.dead_letters = {letter("1", 0, 1000), letter("2", 0, 2000), letter("3", 0, 3000)};
  commit(*store, first);
  later.dead_letter_limits.age = core::Millis{500};
  later.progress.committed_at = core::wall_time(2500);
  commit(*store, later);
  EXPECT_EQ(positions(), "2 3 ") << "2 is exactly as old as is allowed";
  EXPECT_EQ(dropped(), 1U);
}

TEST_F(DeadLetters, WhatAFailedCommitDroppedIsStillThere) {
  const auto store = open();
  core::Commit first;
  first.dead_letters = {letter("1", 1000), letter("2", 1000)};
  commit(*store, first);
  execute("CREATE TRIGGER stop BEFORE INSERT ON partitions BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  core::Commit failing;
  failing.dead_letter_limits.bytes = 1;
  failing.dead_letters = {letter("3", 1000)};
  failing.progress.partitions["p"] = {};
  EXPECT_FALSE(store->commit(failing));
  EXPECT_EQ(positions(), "1 2 ");
  EXPECT_EQ(dropped(), 0U);
  failing.progress.partitions.clear();
  failing.dead_letter_limits.bytes = 2'600;
  commit(*store, failing);
  EXPECT_EQ(positions(), "2 3 ") << "and their size is known as before";
}

TEST_F(DeadLetters, AnOlderStoreIsReadAsItIsAndBroughtUpToDateForWriting) {
  core::Commit first;
  first.dead_letters = {letter("1", 1000), letter("2")};
  commit(*open(), first);
  drop_alerts();
  execute(
      "ALTER TABLE dead_letters DROP COLUMN headers; ALTER TABLE dead_letters DROP COLUMN at;"
      "ALTER TABLE dead_letters DROP COLUMN whole; DELETE FROM meta WHERE key LIKE 'dead_letter%';"
      "DROP TABLE intervals; DROP TABLE revisions; PRAGMA user_version=3");
  for (const bool brought : {false, true}) {
    if (brought) open();
    EXPECT_EQ(positions(), "1 2 ");
    EXPECT_TRUE(kept()[0].whole);
    EXPECT_FALSE(kept()[1].whole) << "nothing was kept of it";
    EXPECT_EQ(dropped(), 0U);
  }
  core::Commit next;
  next.dead_letters = {letter("3", 1000)};
  next.dead_letter_limits.bytes = 2'000;
  commit(*open(), next);
  EXPECT_EQ(positions(), "2 3 ") << "the size of the old ones counts";
}

}  // namespace
}  // namespace sinks

// What a reader has seen before, and how a document is spaced, changes nothing of what it reads.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "ingest/canonical_writer.h"
#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

using Random = std::mt19937_64;

template <typename Texts>
std::string_view one_of(const Texts& texts, Random& random) {
  return texts[random() % std::size(texts)];
}

constexpr std::string_view kNames[] = {R"("a-00417")",
                                       R"("acme")",
                                       R"("c-000001234567")",
                                       R"("exactly 14 by.")",
                                       R"("exactly 15 byt.")",
                                       R"("sixteen bytes.")",
                                       R"("Grüße, Ж")",
                                       R"("say \"yes\"")",
                                       R"("\u0416\ud83d\ude00")",
                                       R"("a name that is longer than two of the blocks it is read in")"};
constexpr std::string_view kOddities[] = {"null",
                                          "5",
                                          "-0.5e3",
                                          "true",
                                          R"("")",
                                          "{}",
                                          R"({"a":{"b":[1,"x"]}})",
                                          R"(["q","r"])",
                                          "[1]",
                                          R"("\u0007")",
                                          "\"\x7f\"",
                                          "\"\xc2\x85\"",
                                          "\"\xff\"",
                                          "\"\t\"",
                                          R"("\x")",
                                          R"("\ud800")",
                                          "01",
                                          "nul",
                                          "",
                                          "\"a\"b",
                                          R"("a"")"};
constexpr std::string_view kTimes[] = {R"("2026-03-02T09:15:02.123Z")", R"("2026-03-02T09:15:02Z")",
                                       R"("2026-03-02T09:15:02.123456+02:00")", R"("2026-02-30T09:15:02Z")"};
constexpr std::string_view kSomeFields[] = {
    "client", "queue", "channel",  "visit", "contact",     "agent",  "reason", "state",   "queues",        "costs",
    "entry",  "offer", "capacity", "from",  "to_external", "amount", "id",     "unknown", "c\\u006fntact", "lead"};
constexpr std::string_view kTypes[] = {"contact.queued",      "chat.message",   "agent.state", "deal.won",
                                       "contact.transferred", "lead.contacted", "not.known"};

/// The members of an object: what stands before the colon and behind it.
using Members = std::vector<std::pair<std::string, std::string>>;

std::string quoted_key(std::string_view key) { return '"' + std::string(key) + '"'; }

std::string written(const Members& members, std::string_view before_colon, std::string_view between) {
  std::string json = "{";
  for (const auto& [key, value] : members) {
    if (json.size() > 1) json += std::string(",") + std::string(between);
    json += key + std::string(before_colon) + ":" + std::string(between) + value;
  }
  return json + "}";
}

/// Repeats, leaves out and reorders some.
void disturb(Members& members, Random& random) {
  if (random() % 3 == 0) std::ranges::shuffle(members, random);
  if (random() % 8 == 0) members.push_back(members[random() % members.size()]);
  if (random() % 16 == 0) members.erase(members.begin() + static_cast<std::ptrdiff_t>(random() % members.size()));
}

Members some_fields(Random& random) {
  Members fields;
  for (std::size_t count = random() % 8; fields.size() < count;) {
    const bool odd = random() % 12 == 0;
    fields.emplace_back(quoted_key(one_of(kSomeFields, random)),
                        odd ? one_of(kOddities, random) : one_of(kNames, random));
  }
  return fields;
}

/// The same event in three spellings: as most producers write it, with a space behind colons and commas as others do,
/// and with spaces wherever they may be.
struct Spellings {
  std::string usual, airy, spaced;
};

Spellings some_event(Random& random) {
  const Members fields = some_fields(random);
  constexpr std::string_view kData = "the fields";
  Members attributes = {{quoted_key("specversion"), R"("1.0")"},
                        {quoted_key("id"), std::string(one_of(kNames, random))},
                        {quoted_key("source"), std::string(one_of(kNames, random))},
                        {quoted_key("type"), quoted_key(one_of(kTypes, random))},
                        {quoted_key("time"), std::string(one_of(kTimes, random))},
                        {quoted_key("subject"), std::string(one_of(kNames, random))},
                        {quoted_key("data"), std::string(kData)}};
  disturb(attributes, random);
  const auto spelled = [&](std::string_view before_colon, std::string_view between) {
    Members whole = attributes;
    for (auto& [key, value] : whole) {
      if (value == kData) value = written(fields, before_colon, between);
    }
    return written(whole, before_colon, between);
  };
  return {spelled("", ""), spelled("", " "), spelled(" ", "  ")};
}

/// All that is to be seen of what was decoded.
std::string told(const core::DecodedBatch& out) {
  std::string text = outcome(out) + ' ' + detail(out);
  if (!out.events.empty()) write_canonical(out.events[0], text);
  return text;
}

TEST(EventReaderProperty, SpacesAndEarlierEventsChangeNothing) {
  Random random(20260302);
  Decoding veteran;
  std::size_t events = 0, rejections = 0;
  for (int round = 0; round < 40'000; ++round) {
    const Spellings event = some_event(random);
    Decoding spaced, fresh;  // No key stands as it is expected where a space stands before its colon.
    const std::string expected = told(spaced(event.spaced));
    ASSERT_EQ(told(veteran(event.usual)), expected) << event.usual;
    ASSERT_EQ(told(veteran(event.airy)), expected) << event.airy;
    ASSERT_EQ(told(fresh(event.usual)), expected) << event.usual;
    (expected.starts_with("event") ? events : rejections) += 1;
  }
  EXPECT_GT(events, 1'000U);
  EXPECT_GT(rejections, 1'000U);
}

TEST(EventReaderProperty, WhatIsCutOffOrChangedInOneByteIsJudgedTheSameByAnyReader) {
  Random random(417);
  Decoding veteran;
  for (int round = 0; round < 40'000; ++round) {
    const Spellings event = some_event(random);
    std::string document = round % 4 == 0 ? event.airy : event.usual;
    if (random() % 2 == 0) document.resize(random() % document.size());
    if (!document.empty()) document[random() % document.size()] = static_cast<char>(random());
    Decoding fresh;
    ASSERT_EQ(told(veteran(document)), told(fresh(document))) << document;
  }
}

}  // namespace
}  // namespace ingest

#include "ingest/canonical_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ingest/event_fields.h"
#include "tests/ingest/decoding.h"

namespace ingest {
namespace {

void expect_equal(const core::Event& a, const core::Event& b, const std::string& line) {
  EXPECT_EQ(a.type, b.type) << line;
  EXPECT_EQ(a.code, b.code) << line;
  EXPECT_EQ(a.code_stated, b.code_stated) << line;
  EXPECT_EQ(a.reached, b.reached) << line;
  EXPECT_EQ(a.automated, b.automated) << line;
  EXPECT_EQ(a.time, b.time) << line;
  EXPECT_EQ(a.source, b.source) << line;
  EXPECT_EQ(a.id, b.id) << line;
  for (const auto member : kSharedMembers) EXPECT_EQ(a.*member, b.*member) << line;
  EXPECT_EQ(a.words, b.words) << line;
  EXPECT_EQ(a.currency, b.currency) << line;
  EXPECT_EQ(a.amount, b.amount) << line;
  EXPECT_EQ(a.capacity, b.capacity) << line;
  EXPECT_EQ(a.from, b.from) << line;
  EXPECT_EQ(a.to, b.to) << line;
  ASSERT_EQ(a.costs.has_value(), b.costs.has_value()) << line;
  if (a.costs) {
    ASSERT_EQ(a.costs->size(), b.costs->size()) << line;
    for (std::size_t i = 0; i < a.costs->size(); ++i) {
      EXPECT_EQ((*a.costs)[i].name, (*b.costs)[i].name) << line;
      EXPECT_EQ((*a.costs)[i].amount, (*b.costs)[i].amount) << line;
    }
  }
  ASSERT_EQ(a.queues.has_value(), b.queues.has_value()) << line;
  EXPECT_TRUE(!a.queues || std::ranges::equal(*a.queues, *b.queues)) << line;
}

/// Random events of any type, in which every field may be there or not. Confined to one thread.
class RandomEvents {
 public:
  explicit RandomEvents(std::uint64_t seed) : random_(seed) {}

  core::Event next() {
    arena_.clear();
    core::Event event;
    event.type = static_cast<core::EventType>(below(core::kEventTypes));
    event.source = name(), event.id = name();
    event.time = time();
    const TypeRules& rules = kTypeRules[core::index(event.type)];
    for (std::size_t i = 0; i < kFields; ++i) {
      const bool required = (rules.required >> i & 1) != 0;
      if (required || below(2) == 0) fill(event, i, rules.roles[i]);
    }
    // The defaults of the contract, which a decoded event has.
    if (event.type < core::EventType::kAgentState) {
      if (event.contact.empty()) event.contact = event.visit.empty() ? name() : event.visit;
      if (event.visit.empty()) event.visit = event.contact;
    }
    return event;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }

  std::string_view name() {
    static constexpr std::array<std::string_view, 9> kPieces = {"a", "Z", "\"",           "\\", "/",
                                                                " ", "Ж", "\xe2\x82\xac", "😀"};
    std::string text;
    for (std::size_t i = 0, n = 1 + below(30); i < n; ++i) text += kPieces[below(kPieces.size())];
    return arena_.copy(text);
  }

  core::EventTime time() {
    return core::event_time(static_cast<std::int64_t>(below(4'000'000'000'000)) - 1'000'000'000'000);
  }

  core::Decimal amount() { return {static_cast<std::int64_t>(random_()) >> below(64)}; }

  void fill(core::Event& event, std::size_t field, Role role) {
    const auto code = [&](std::size_t count) {
      event.code = static_cast<std::uint8_t>(below(count)), event.code_stated = true;
    };
    switch (role) {
      case Role::kUnknown:
        return;
      case Role::kShared:
        event.*kSharedMembers[field] = name();
        return;
      case Role::kWord0:
        event.words[0] = name();
        return;
      case Role::kWord1:
        event.words[1] = name();
        return;
      case Role::kWord2:
        event.words[2] = name();
        return;
      case Role::kEntry:
        return code(core::kEntries);
      case Role::kLeaveReason:
        return code(core::kLeaveReasons);
      case Role::kOfferEnd:
        return code(core::kOfferEnds);
      case Role::kEndedBy:
        return code(core::kEndedBys);
      case Role::kSpeaker:
        return code(core::kSpeakers);
      case Role::kState:
        return code(core::kAgentStates);
      case Role::kShiftFrom:
        event.from = time();
        return;
      case Role::kShiftTo:
        event.to = time();
        return;
      case Role::kReached:
        event.reached = below(2) == 0;
        return;
      case Role::kAutomated:
        event.automated = below(2) == 0;
        return;
      case Role::kAmount:
        event.amount = amount();
        return;
      case Role::kCurrency:
        event.currency = "UAH";
        return;
      case Role::kCapacity:
        event.capacity = static_cast<std::int32_t>(below(1U << 31));
        return;
      case Role::kQueues: {
        const auto queues = arena_.texts(below(4));
        for (auto& queue : queues) queue = name();
        event.queues = queues;
        return;
      }
      case Role::kCosts: {
        const auto costs = arena_.costs(below(4));
        for (std::size_t i = 0; i < costs.size(); ++i) {
          costs[i] = {arena_.concat(std::to_string(i), name()), amount()};
        }
        event.costs = costs;
        return;
      }
    }
  }

  std::mt19937_64 random_;
  core::Arena arena_;
};

TEST(CanonicalWriter, DecodingWhatWasWrittenGivesTheEventBack) {
  RandomEvents events(20260302);
  Decoding decode;
  for (int i = 0; i < 20'000; ++i) {
    const core::Event event = events.next();
    std::string line;
    write_canonical(event, line);
    ASSERT_EQ(line.find('\n'), std::string::npos);
    const auto& out = decode(line);
    ASSERT_EQ(outcome(out), "event") << line << detail(out);
    expect_equal(out.events[0], event, line);
    if (HasFailure()) return;
  }
}

TEST(CanonicalWriter, WritesTheContractsExample) {
  core::Event event;
  event.type = core::EventType::kContactLeftQueue;
  event.source = "asterisk/pbx", event.id = "1";
  event.time = core::event_time(1'772'442'902'000);
  event.visit = "c/q", event.contact = "c", event.queue = "q", event.channel = "voice";
  event.code = core::index(core::LeaveReason::kCaller), event.code_stated = true;
  std::string line = "before ";
  write_canonical(event, line);
  EXPECT_EQ(line, R"(before {"specversion":"1.0","id":"1","source":"asterisk/pbx","type":"contact.left_queue",)"
                  R"("time":"2026-03-02T09:15:02Z","subject":"c","data":{"queue":"q","channel":"voice","contact":"c",)"
                  R"("visit":"c/q","reason":"caller"}})");
}

}  // namespace
}  // namespace ingest

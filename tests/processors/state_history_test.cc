#include "processors/state_history.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace processors {
namespace {

StatePoint point(std::int64_t at_ms, core::AgentState state, std::int32_t capacity = -1, unsigned reason = 0) {
  StatePoint p;
  p.time = core::event_time(at_ms), p.state = state, p.capacity = capacity;
  p.reason = static_cast<core::NameId>(reason);
  return p;
}

void put(StateHistory& history, const StatePoint& p, std::string_view id) {
  const std::size_t place = history.first_from(p.time);
  if (place < history.size() && history.time(place) == p.time) {
    history.replace(place, p, id);
  } else {
    history.insert(place, p, id);
  }
}

std::string uuid(int i) {
  return fmt::format("{:08x}-4f89-41d3-9a0c-{:012x}", 2'654'435'761U * static_cast<unsigned>(i), i);
}

/// The four states that a call brings, of an agent with two queues, forty seconds each.
template <typename IdOf>
double bytes_per_state(int states, IdOf&& id_of) {
  constexpr core::AgentState kCall[] = {core::AgentState::kAvailable, core::AgentState::kRinging,
                                        core::AgentState::kOnContact, core::AgentState::kWrap};
  StateHistory history;
  for (int i = 0; i < states; ++i) put(history, point(1'772'442'000'000 + 40'000 * i, kCall[i % 4], 1), id_of(i));
  return static_cast<double>(history.bytes()) / states;
}

TEST(StateHistory, AStateTakesFortyBytesHoweverManyThereAre) {
  // Agents are never archived: a million visits bring some four million states.
  for (const int states : {300, 1'000, 4'321, 50'000}) {
    EXPECT_LE(bytes_per_state(states, uuid), 40.0) << states << " with UUIDs";
    EXPECT_LE(bytes_per_state(states, [](int i) { return fmt::format("e-{:012}", i); }), 30.0)
        << states << " with counters";
  }
}

TEST(StateHistory, AnyOrderGivesTheSameStates) {
  std::map<std::int64_t, std::pair<StatePoint, std::string>> expected;
  StateHistory history;
  std::mt19937 random(7);
  for (int i = 0; i < 3'000; ++i) {
    const std::int64_t at = static_cast<std::int64_t>(random() % 2'000) - 1'000;
    const StatePoint p = point(at, static_cast<core::AgentState>(random() % core::kAgentStates),
                               static_cast<std::int32_t>(random() % 3) - 1, random() % 500);
    const std::string id = i % 3 == 0 ? uuid(i) : i % 3 == 1 ? std::to_string(i) : std::string(random() % 100, 'x');
    put(history, p, id);
    expected[at] = {p, id};
  }
  ASSERT_EQ(history.size(), expected.size());
  std::size_t place = 0;
  for (const auto& [at, state] : expected) {
    EXPECT_EQ(history.time(place), core::event_time(at));
    EXPECT_EQ(history[place], state.first);
    EXPECT_EQ(history[place].time, state.first.time);
    EXPECT_EQ(history.id(place++), state.second);
  }
}

TEST(StateHistory, FindsTheStateThatHoldsAtATime) {
  StateHistory history;
  EXPECT_EQ(history.holding(core::event_time(5)), 0U);
  put(history, point(10, core::AgentState::kAway), "b"), put(history, point(20, core::AgentState::kWrap), "a");
  EXPECT_EQ(history.holding(core::event_time(9)), 0U) << "none does yet";
  EXPECT_EQ(history.holding(core::event_time(10)), 0U);
  EXPECT_EQ(history.holding(core::event_time(19)), 0U);
  EXPECT_EQ(history.holding(core::event_time(20)), 1U);
  EXPECT_EQ(history.holding(core::event_time(99)), 1U);
  EXPECT_EQ(history.first_from(core::event_time(11)), 1U);
  EXPECT_EQ(history.first_from(core::event_time(21)), 2U);
}

TEST(StateHistory, TermsThatAreAllDifferentAreKeptApart) {
  StateHistory history;
  for (int i = 0; i < 1'000; ++i) put(history, point(i, core::AgentState::kAway, i, static_cast<unsigned>(i)), "x");
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(history[static_cast<std::size_t>(i)].capacity, i);
}

}  // namespace
}  // namespace processors

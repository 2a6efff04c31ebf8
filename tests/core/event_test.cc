#include "core/event.h"

#include <gtest/gtest.h>

#include <string>

namespace core {
namespace {

template <std::size_t N>
void expect_unique_words(const std::array<std::string_view, N>& words) {
  for (std::size_t i = 0; i < N; ++i) {
    EXPECT_FALSE(words[i].empty());
    for (std::size_t j = i + 1; j < N; ++j) EXPECT_NE(words[i], words[j]);
  }
}

TEST(Event, WordsAreCompleteAndUnique) {
  expect_unique_words(kEventTypeWords);
  expect_unique_words(kEntryWords);
  expect_unique_words(kLeaveReasonWords);
  expect_unique_words(kOfferEndWords);
  expect_unique_words(kEndedByWords);
  expect_unique_words(kSpeakerWords);
  expect_unique_words(kAgentStateWords);
  EXPECT_EQ(kEventTypeWords[index(EventType::kDealLost)], "deal.lost");
  EXPECT_EQ(kLeaveReasonWords[index(LeaveReason::kSystemError)], "system_error");
}

TEST(Event, RoutesByTheEntityOfItsType) {
  Event event;
  event.contact = "c", event.agent = "a", event.lead = "l", event.deal = "d", event.visit = "v";
  for (std::size_t type = 0; type < kEventTypes; ++type) {
    event.type = static_cast<EventType>(type);
    const std::string word{kEventTypeWords[type]};
    const std::string family = word.substr(0, word.find('.'));
    const char* expected = family == "contact" || family == "chat"     ? "c"
                           : family == "agent" || family == "schedule" ? "a"
                           : family == "lead"                          ? "l"
                                                                       : "d";
    EXPECT_EQ(routing_key(event), expected) << word;
  }
}

}  // namespace
}  // namespace core

#include "core/dead_letter_query.h"

#include <gtest/gtest.h>

namespace core {
namespace {

std::string error_of(const std::map<std::string, std::string>& words) {
  const auto query = parse_dead_letter_query(words);
  return query ? "none" : query.error();
}

TEST(DeadLetterQuery, AsksForAllUnlessTold) {
  const auto all = parse_dead_letter_query({});
  ASSERT_TRUE(all);
  EXPECT_FALSE(all->source || all->reason || all->limit);
  const auto some = parse_dead_letter_query({{"source", "any name"}, {"reason", "too_late"}, {"limit", "1000000"}});
  ASSERT_TRUE(some);
  EXPECT_EQ(some->source, "any name");
  EXPECT_EQ(some->reason, "too_late");
  EXPECT_EQ(some->limit, 1'000'000U);
}

TEST(DeadLetterQuery, SaysWhatIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(error_of({{"reason", "bad"}}),
            "reason: \"bad\" is not known; allowed: not_json, envelope, missing_field, wrong_type, unknown_word, "
            "bad_value, malformed_line, future_time, too_late");
  for (const char* limit : {"", "0", "-1", "1.5", "1e3", "+1", " 1", "1000001", "99999999999999999999"}) {
    EXPECT_NE(error_of({{"limit", limit}}).find("a whole number from 1 to 1000000"), std::string::npos) << limit;
  }
  EXPECT_EQ(error_of({{"queue", "q"}}), "queue: not known; allowed: source, reason, limit");
}

}  // namespace
}  // namespace core

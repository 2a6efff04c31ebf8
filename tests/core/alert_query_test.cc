#include "core/alert_query.h"

#include <gtest/gtest.h>

namespace core {
namespace {

TEST(AlertQuery, ReadsItsWords) {
  const auto query = parse_alert_query({{"state", "resolved"},
                                        {"client", "acme"},
                                        {"id", "1f"},
                                        {"from", "2026-03-02T09:00:00Z"},
                                        {"to", "2026-03-03T09:00:00+01:00"},
                                        {"limit", "5"}});
  ASSERT_TRUE(query.has_value()) << query.error();
  EXPECT_EQ(query->state, AlertStage::kResolved);
  EXPECT_EQ(query->client, "acme");
  EXPECT_EQ(query->id, "1f");
  EXPECT_EQ(format_rfc3339(*query->from), "2026-03-02T09:00:00Z");
  EXPECT_EQ(format_rfc3339(*query->to), "2026-03-03T08:00:00Z");
  EXPECT_EQ(query->limit, 5U);
}

TEST(AlertQuery, SaysWhatIsWrongAndWhatIsAllowed) {
  const auto error = [](const char* name, const char* word) { return parse_alert_query({{name, word}}).error(); };
  EXPECT_EQ(error("state", "on"), "state: \"on\" is not known; allowed: firing, resolved");
  EXPECT_EQ(error("from", "today"), "from: \"today\" is not known; allowed: a time such as 2026-03-02T09:00:00Z");
  EXPECT_EQ(error("limit", "0"), "limit: \"0\" is not known; allowed: a whole number from 1 to 1000000");
  EXPECT_EQ(error("queue", "x"), "queue: not known; allowed: state, client, id, from, to, limit");
}

TEST(AlertId, IsOfItsKeyAndItsStart) {
  const AlertKey key{"acme", "voice", "sl", "sales"};
  EXPECT_EQ(alert_id(key, event_time(1000)), alert_id(key, event_time(1000)));
  EXPECT_NE(alert_id(key, event_time(1000)), alert_id(key, event_time(2000)));
  EXPECT_NE(alert_id({"a", "b", "", ""}, event_time(0)), alert_id({"a", "", "b", ""}, event_time(0)));
  EXPECT_EQ(alert_id(key, event_time(1000)).size(), 32U);
}

}  // namespace
}  // namespace core

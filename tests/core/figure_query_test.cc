#include "core/figure_query.h"

#include <gtest/gtest.h>

namespace core {
namespace {

std::string error_of(const std::map<std::string, std::string>& words) {
  const auto query = parse_figure_query(words);
  return query ? "none" : query.error();
}

TEST(FigureQuery, DefaultsToQueuesInTotalByArrival) {
  const auto query = parse_figure_query({});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->by, FigureKey::kQueue);
  EXPECT_EQ(query->every, Every::kTotal);
  EXPECT_EQ(query->basis, Basis::kArrival);
  EXPECT_FALSE(query->window || query->from || query->to || query->timezone || query->client || query->all);
}

TEST(FigureQuery, ReadsEveryName) {
  const auto query = parse_figure_query({{"by", "client"},
                                         {"every", "15m"},
                                         {"window", "day"},
                                         {"client", "acme"},
                                         {"queue", "sales"},
                                         {"channel", "voice"},
                                         {"from", "2026-03-02T00:00:00Z"},
                                         {"to", "2026-03-02T02:00:00+01:00"},
                                         {"tz", "Europe/Berlin"},
                                         {"basis", "event"},
                                         {"all", ""}});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->by, FigureKey::kClient);
  EXPECT_EQ(query->every, Every::k15m);
  EXPECT_EQ(query->window, Window::kDay);
  EXPECT_EQ(query->client, "acme");
  EXPECT_EQ(query->queue, "sales");
  EXPECT_EQ(query->channel, "voice");
  EXPECT_EQ(*query->to - *query->from, std::chrono::hours(1));
  EXPECT_EQ(query->timezone, "Europe/Berlin");
  EXPECT_EQ(query->basis, Basis::kEvent);
  EXPECT_TRUE(query->all);
}

TEST(FigureQuery, SaysWhichNameIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(error_of({{"by", "dept"}}),
            "by: \"dept\" is not known; allowed: queue, agent, client, lead, profile, deal, chat, chat-agent");
  EXPECT_EQ(error_of({{"every", "5m"}}),
            "every: \"5m\" is not known; allowed: 15m, 30m, 1h, day, week, month, quarter, year, total");
  EXPECT_EQ(error_of({{"window", "2h"}}), "window: \"2h\" is not known; allowed: 5m, 15m, 30m, 1h, day");
  EXPECT_EQ(error_of({{"basis", "clock"}}), "basis: \"clock\" is not known; allowed: arrival, event");
  EXPECT_EQ(error_of({{"all", "perhaps"}}), "all: \"perhaps\" is not known; allowed: true, false");
  EXPECT_NE(error_of({{"tz", "Mars/Olympus"}}).find("tz: \"Mars/Olympus\" is not a time zone"), std::string::npos);
  EXPECT_NE(error_of({{"tz", ""}}).find("tz: \"\" is not a time zone"), std::string::npos);
}

TEST(FigureQuery, RefusesAFilterThatTheRowsDoNotHave) {
  for (const std::string by : {"agent", "lead"}) {
    for (const std::string filter : {"queue", "channel"}) {
      EXPECT_EQ(error_of({{"by", by}, {filter, "sales"}}), filter + ": figures by " + by + " are not kept by " +
                                                               filter + "; allowed with by: queue, client, chat");
    }
    EXPECT_EQ(error_of({{"by", by}, {"client", "acme"}}), "none");
  }
}

TEST(FigureQuery, WantsTimesWithAnOffset) {
  EXPECT_NE(error_of({{"from", "2026-03-02T00:00:00"}}).find("from: "), std::string::npos);
  EXPECT_NE(error_of({{"to", "yesterday"}}).find("RFC 3339"), std::string::npos);
}

TEST(FigureQuery, RefusesUnknownNames) {
  EXPECT_EQ(error_of({{"queu", "sales"}}),
            "queu: not known; allowed: by, every, window, client, queue, channel, from, to, tz, basis, all, "
            "revisions, limit");
}

TEST(FigureQuery, RevisionsAreOfQuarterHoursOfRows) {
  EXPECT_TRUE(parse_figure_query({{"revisions", ""}, {"by", "agent"}, {"from", "2026-03-02T00:00:00Z"}})->revisions);
  EXPECT_EQ(error_of({{"revisions", "true"}, {"by", "client"}}),
            "revisions: are kept by queue, not by client; allowed with by: queue, agent, lead, deal, profile, chat, "
            "chat-agent");
  EXPECT_EQ(error_of({{"revisions", "true"}, {"every", "day"}}),
            "every: revisions are listed for each 15 minutes; leave it out");
  EXPECT_EQ(error_of({{"revisions", "true"}, {"window", "5m"}}),
            "window: revisions are listed for each 15 minutes; leave it out");
}

TEST(FigureQuery, ALimitIsOfRevisions) {
  EXPECT_EQ(parse_figure_query({{"revisions", "true"}, {"limit", "10000"}})->limit, 10'000U);
  EXPECT_EQ(parse_figure_query({{"revisions", "true"}})->limit, std::nullopt);
  for (const std::string word : {"0", "-1", "10001", "1e3", "", "all"}) {
    EXPECT_EQ(error_of({{"revisions", "true"}, {"limit", word}}),
              "limit: \"" + word + "\" is not known; allowed: a whole number from 1 to 10000");
  }
  EXPECT_EQ(error_of({{"limit", "5"}}), "limit: figures are shown whole; allowed with revisions");
}

TEST(FigureQuery, RefusesARangeThatEndsBeforeItBegins) {
  EXPECT_EQ(error_of({{"from", "2026-03-02T01:00:00Z"}, {"to", "2026-03-02T00:00:00Z"}}),
            "from: 2026-03-02T01:00:00Z is later than to (2026-03-02T00:00:00Z); allowed: from ≤ to");
  EXPECT_EQ(error_of({{"from", "2026-03-02T01:00:00Z"}, {"to", "2026-03-02T01:00:00Z"}}), "none");
}

}  // namespace
}  // namespace core

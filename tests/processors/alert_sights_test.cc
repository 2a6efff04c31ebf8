// What rules see is what figures and gauges say.
#include "processors/alert_sights.h"

#include <gtest/gtest.h>

#include "config/load.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"

namespace {

using core::AlertFigure;
using processors::AlertSight;

const char* const kConfig =
    "clients:\n  acme:\n    queues: [sales, care]\n    sla:\n      - {name: voice, applies_to: {channels: [voice]}, "
    "versions: "
    "[{target: 80%}]}\n      - {name: all, metric: mean_wait, versions: [{at_most: 30s}]}\n";

/// One rule of this figure, with a window where it has one.
core::AlertRule rule(AlertFigure figure, const std::string& profile = "all") {
  core::AlertRule rule;
  rule.client = "acme", rule.profile = profile, rule.name = "a", rule.figure = figure;
  rule.window = core::Window::k1h;
  rule.unit = core::unit_of(figure, core::AlertUnit::kShare);
  return rule;
}

/// An hour of visits and leads of several queues and channels.
class AlertSights : public testing::Test {
 protected:
  AlertSights() : config(config::load(kConfig, "c.yaml").value().figures), engine(config) {
    for (int i = 0; i < 60; ++i) visit(i);
  }
  void visit(int i) {
    const auto at = [&](int seconds) {
      return core::format_rfc3339(core::event_time(1'772'442'000'000 + 60'000LL * i + 1000LL * seconds));
    };
    const std::string id = "v" + std::to_string(i);
    const std::string queue = i % 3 == 0 ? "care" : "sales", channel = i % 4 == 0 ? "chat" : "voice";
    const std::string of = R"("visit":")" + id + R"(","contact":")" + id + '"';
    std::vector<std::string> lines = {test_support::event_line(
        "contact.queued", id, at(0), of + R"(,"queue":")" + queue + R"(","channel":")" + channel + '"')};
    const std::string agent = R"(,"agent":"a)" + std::to_string(i % 5) + '"';
    if (i % 5 < 3) {
      lines.push_back(test_support::event_line("contact.answered", id, at(i), of + agent));
      lines.push_back(test_support::event_line("contact.ended", id, at(i + 30), of + agent));
      lines.push_back(test_support::event_line("contact.wrapped", id, at(i + 40), of + agent));
    } else if (i % 5 == 3) {
      lines.push_back(test_support::event_line("contact.left_queue", id, at(9), of + R"(,"reason":"caller")"));
    }
    lines.push_back(test_support::event_line("agent.state", "a" + std::to_string(i % 5), at(i),
                                             R"("state":")" + std::string(i % 2 == 0 ? "available" : "on_contact") +
                                                 R"(","client":"acme","queues":["sales"])"));
    lines.push_back(
        test_support::event_line("lead.created", "l" + std::to_string(i), at(0), R"("client":"acme","campaign":"c")"));
    if (i % 2 == 0) {
      lines.push_back(test_support::event_line("contact.dialled", "d" + std::to_string(i), at(i * 12),
                                               R"("agent":"a1","lead":"l)" + std::to_string(i) + '"'));
    }
    engine.feed(lines);
  }

  std::vector<AlertSight> see(const core::AlertRule& of) {
    rules = {of};
    processors::ReadPoint point;
    point.as_of = engine.as_of();
    engine.floor().advance(point.as_of);
    figures_seen = processors::live_figures(engine.floor().shards(), config, point, processors::live_scope(rules));
    return processors::AlertLook(config, figures_seen, point.as_of).sights(rules, {});
  }
  /// As `figures` writes it.
  std::string value(const core::AlertRule& of, const std::string& queue) {
    for (const AlertSight& sight : see(of)) {
      if (sight.queue != queue) continue;
      if (of.unit == core::AlertUnit::kNumber && sight.value.denominator == 1)
        return std::to_string(sight.value.numerator);
      if (of.unit == core::AlertUnit::kSpan) {
        return core::to_string(core::ratio(sight.value.numerator, sight.value.denominator * 1000, 3));
      }
      return core::to_string(core::ratio(sight.value.numerator, sight.value.denominator, 6));
    }
    return "";
  }
  test_support::CsvRow figures(std::map<std::string, std::string> words) {
    words["window"] = "1h", words["client"] = "acme";
    return test_support::csv_rows(engine.csv(words)).at(0);
  }

  core::FigureConfig config;
  test_support::Engine engine;
  std::vector<core::AlertRule> rules;
  processors::LiveFigures figures_seen;
};

TEST_F(AlertSights, OfQueuesAreThoseOfTheirFigures) {
  const auto row = figures({{"by", "queue"}, {"queue", "sales"}, {"channel", "voice"}});
  const auto seen = [&](AlertFigure figure) { return value(rule(figure, "voice"), "sales"); };
  EXPECT_EQ(seen(AlertFigure::kServiceLevel), row.at("service_level"));
  EXPECT_EQ(seen(AlertFigure::kAbandonmentRate), row.at("abandonment_rate"));
  EXPECT_EQ(seen(AlertFigure::kMeanWait), row.at("mean_wait_s"));
  EXPECT_EQ(seen(AlertFigure::kMeanHandle), row.at("mean_handle_s"));
  EXPECT_EQ(seen(AlertFigure::kOffered), row.at("offered"));
  EXPECT_EQ(seen(AlertFigure::kAnswered), row.at("answered"));
  EXPECT_EQ(seen(AlertFigure::kAbandoned), row.at("abandoned"));
  EXPECT_EQ(seen(AlertFigure::kHandled), row.at("handled"));
  EXPECT_EQ(seen(AlertFigure::kWaiting), row.at("waiting"));
  EXPECT_NE(row.at("waiting"), "0");
}

TEST_F(AlertSights, AQueueIsAllItsChannelsToWhichTheProfileApplies) {
  const auto voice = figures({{"by", "queue"}, {"queue", "care"}, {"channel", "voice"}}),
             chat = figures({{"by", "queue"}, {"queue", "care"}, {"channel", "chat"}});
  EXPECT_EQ(value(rule(AlertFigure::kOffered, "voice"), "care"), voice.at("offered"));
  EXPECT_EQ(std::stoi(value(rule(AlertFigure::kOffered), "care")),
            std::stoi(voice.at("offered")) + std::stoi(chat.at("offered")));
}

TEST_F(AlertSights, TheOldestWaitIsThatOfWhoWaitsNow) {
  const auto seen = see(rule(AlertFigure::kOldestWait));
  ASSERT_EQ(seen.size(), 2U);
  for (const AlertSight& sight : seen) {
    // v4, v9, v14, …: every fifth waits; of sales the first is v4, of care v9.
    const std::int64_t begin = 1'772'442'000'000 + 60'000LL * (sight.queue == "sales" ? 4 : 9);
    EXPECT_EQ(sight.value.numerator, core::to_ms(engine.as_of()) - begin) << sight.queue;
  }
}

TEST_F(AlertSights, OfAgentsThoseOfTheirStatesNow) {
  const auto agents = figures({{"by", "agent"}});
  EXPECT_EQ(value(rule(AlertFigure::kAgentsStaffed), "sales"), "5");
  EXPECT_NE(value(rule(AlertFigure::kAgentsAvailable), "sales"), "");
  EXPECT_EQ(value(rule(AlertFigure::kAgentsAvailable), "care"), "") << "nobody has said that he serves it";
  EXPECT_NE(value(rule(AlertFigure::kOccupancy), ""), "");
  EXPECT_NE(value(rule(AlertFigure::kContactsPerHour), ""), "");
}

TEST_F(AlertSights, OfLeadsThoseOfTheirFigures) {
  const auto row = figures({{"by", "lead"}});
  const auto seen = see(rule(AlertFigure::kLeadResponse));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(core::to_string(core::ratio(seen[0].value.numerator, seen[0].value.denominator, 6)),
            row.at("within_target"));
  EXPECT_EQ(seen[0].volume, std::stoi(row.at("attempted")));
  // Every second of the sixty was never dialled; the last one is 59 s old as of the last event at most.
  const std::int64_t overdue = std::stoi(value(rule(AlertFigure::kLeadsOverdue), ""));
  EXPECT_GT(overdue, 20);
  EXPECT_LE(overdue, 30);
}

TEST_F(AlertSights, OnlyWhatRulesNeedIsRead) {
  const std::vector<core::AlertRule> queue = {rule(AlertFigure::kServiceLevel)},
                                     all = {rule(AlertFigure::kOccupancy), rule(AlertFigure::kLeadResponse),
                                            rule(AlertFigure::kLeadDue), rule(AlertFigure::kMissesLeft)};
  const auto few = processors::live_scope(queue), much = processors::live_scope(all);
  EXPECT_FALSE(few.times || few.campaigns || few.untouched_leads || few.each_agent);
  EXPECT_TRUE(much.times && much.campaigns && much.untouched_leads);
  EXPECT_FALSE(processors::need_contracts(queue));
  EXPECT_TRUE(processors::need_contracts(all));
}

}  // namespace

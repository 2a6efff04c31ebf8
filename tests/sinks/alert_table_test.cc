// Alerts in a store: kept with their commit, given back to whoever goes on, and absent from older stores.
#include "sinks/store/alert_table.h"

#include <gtest/gtest.h>

#include "tests/support/store_file.h"

namespace sinks {
namespace {

using core::AlertStage;

core::Alert alert(const std::string& queue, std::int64_t started_ms, std::optional<std::int64_t> resolved_ms = {}) {
  core::Alert a;
  a.key = {"acme", "voice", "sl", queue};
  a.severity = "page", a.figure = "service_level", a.window = "30m";
  a.began = core::event_time(started_ms - 60'000), a.started = core::event_time(started_ms);
  if (resolved_ms) a.resolved = core::event_time(*resolved_ms), a.left_at = core::wall_time(*resolved_ms + 1);
  a.entered_at = core::wall_time(started_ms + 1);
  a.summary = "sales: 71 %", a.action = "Move agents.", a.outcome = "81 %";
  a.facts = {{"value", "0.710000"}, {"misses_left", "-3"}};
  a.announced = true;
  a.acknowledged = {"ann", "on it", core::wall_time(started_ms + 9)};
  a.id = core::alert_id(a.key, a.started);
  return a;
}

class AlertTableTest : public test_support::StoreFile {
 protected:
  void keep(core::AlertChanges changes) {
    core::Commit commit;
    commit.alerts = std::move(changes);
    StoreFile::commit(*open(), commit);
  }
  std::string queues(const std::map<std::string, std::string>& words) {
    std::string text;
    const auto found = open(OpenMode::kRead)->alerts(core::parse_alert_query(words).value());
    for (const core::Alert& a : found.value()) text += a.key.queue + ' ';
    return text;
  }
};

TEST_F(AlertTableTest, GivesBackWhatItWasGiven) {
  core::Alert open_one = alert("sales", 1000), plain = alert("care", 2000, 3000);
  plain.acknowledged.reset(), plain.announced = false, plain.facts.clear();
  keep({.alerts = {open_one, plain}, .pending = {}, .mutes = {}, .to_send = {}, .sent = {}});
  const auto kept = open(OpenMode::kRead)->alerts({}).value();
  EXPECT_EQ(kept, (std::vector<core::Alert>{plain, open_one})) << "newest first";
  open_one.resolved = core::event_time(5000);
  keep({.alerts = {open_one}, .pending = {}, .mutes = {}, .to_send = {}, .sent = {}});
  EXPECT_EQ(open(OpenMode::kRead)->alerts({}).value().at(1), open_one);
}

TEST_F(AlertTableTest, AnswersItsQueries) {
  core::Alert other = alert("far", 3000);
  other.key.client = "bolt", other.id = core::alert_id(other.key, other.started);
  keep({.alerts = {alert("sales", 1000), alert("care", 2000, 2500), other},
        .pending = {},
        .mutes = {},
        .to_send = {},
        .sent = {}});
  EXPECT_EQ(queues({}), "far care sales ");
  EXPECT_EQ(queues({{"state", "firing"}}), "far sales ");
  EXPECT_EQ(queues({{"state", "resolved"}}), "care ");
  EXPECT_EQ(queues({{"client", "acme"}}), "care sales ");
  EXPECT_EQ(queues({{"id", alert("care", 2000).id}}), "care ");
  EXPECT_EQ(queues({{"from", "1970-01-01T00:00:02Z"}, {"to", "1970-01-01T00:00:03Z"}}), "care ");
  EXPECT_EQ(queues({{"limit", "1"}}), "far ");
}

TEST_F(AlertTableTest, TheNextOwnerGoesOnWithWhatIsOpenPendingMutedAndNotSent) {
  const core::Alert firing = alert("sales", 1000), over = alert("care", 2000, 2500), told = alert("old", 500, 600);
  const core::PendingAlert pending{{"acme", "voice", "sl", "far"}, core::event_time(77)};
  const core::Mute mute{"m1", {"acme", "", "", ""}, core::wall_time(5), core::wall_time(9), "ann", "rehearsal"};
  const core::AlertMessage first{firing.id, AlertStage::kFiring, "webhook a"},
      second{over.id, AlertStage::kFiring, "webhook a"}, third{over.id, AlertStage::kResolved, "webhook a"};
  keep({.alerts = {firing, over, told},
        .pending = {{pending}},
        .mutes = {{mute}},
        .to_send = {first, second, third},
        .sent = {}});
  keep({.alerts = {}, .pending = {}, .mutes = {}, .to_send = {}, .sent = {second}});
  const auto state = open()->alert_state().value();
  EXPECT_EQ(state.alerts.size(), 2U) << "what fires, and what is not told yet";
  EXPECT_EQ(state.pending, std::vector<core::PendingAlert>{pending});
  EXPECT_EQ(state.mutes, std::vector<core::Mute>{mute});
  EXPECT_EQ(state.to_send, (std::vector<core::AlertMessage>{first, third})) << "in their order";
  keep({.alerts = {},
        .pending = std::vector<core::PendingAlert>{},
        .mutes = std::vector<core::Mute>{},
        .to_send = {},
        .sent = {first, third}});
  const auto later = open()->alert_state().value();
  EXPECT_EQ(later.alerts.size(), 1U);
  EXPECT_TRUE(later.pending.empty() && later.mutes.empty() && later.to_send.empty());
}

TEST_F(AlertTableTest, AStoreOfBeforeHasNoneAndIsBroughtUpToDate) {
  open();
  drop_alerts();
  EXPECT_EQ(queues({}), "");
  EXPECT_TRUE(open(OpenMode::kRead)->alert_state().value().alerts.empty());
  keep({.alerts = {alert("sales", 1000)}, .pending = {}, .mutes = {}, .to_send = {}, .sent = {}});
  EXPECT_EQ(queues({}), "sales ");
}

/// What people may do to a row with SQL, and no build does: receivers would be told nonsense.
TEST_F(AlertTableTest, NamesAlertsThatCannotBeRight) {
  for (const std::string change :
       {"began = -9223372036854775808", "started = 253402300800000", "resolved = 9223372036854775807",
        "entered_at = -62167219200001", "acknowledged_at = 253402300800000", "facts = 'value none'",
        "facts = 'value 1,\"id\":2'", "facts = 'value'", "facts = 'value 01'", "facts = 'value -'",
        "facts = 'value 1.'"}) {
    SCOPED_TRACE(change);
    keep({.alerts = {alert("sales", 1000)}, .pending = {}, .mutes = {}, .to_send = {}, .sent = {}});
    ASSERT_TRUE(open(OpenMode::kRead)->alerts({}));
    execute("UPDATE alerts SET " + change);
    const auto alerts = open(OpenMode::kRead)->alerts({});
    ASSERT_FALSE(alerts);
    EXPECT_NE(alerts.error().message.find("the store's alerts are damaged"), std::string::npos)
        << alerts.error().message;
    execute("DELETE FROM alerts");
  }
}

TEST_F(AlertTableTest, NamesPendingOnesAndMutesThatCannotBeRight) {
  for (const std::string change :
       {"alerts_pending SET since = -9223372036854775808", "alert_mutes SET made = 9223372036854775807",
        "alert_mutes SET until = 253402300800000"}) {
    SCOPED_TRACE(change);
    keep({.alerts = {},
          .pending = {{{{"acme", "voice", "sl", "care"}, core::event_time(5)}}},
          .mutes = {{{"ab", {"acme", "", "", ""}, core::wall_time(1), core::wall_time(2), "ann", "test"}}},
          .to_send = {},
          .sent = {}});
    ASSERT_TRUE(open()->alert_state());
    execute("UPDATE " + change);
    EXPECT_FALSE(open()->alert_state());
  }
}

}  // namespace
}  // namespace sinks

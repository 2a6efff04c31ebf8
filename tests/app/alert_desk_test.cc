#include "app/alert_desk.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using core::AlertStage;
using std::chrono::minutes;

constexpr core::WallTime at(int minute) { return core::wall_time(1'772'445'600'000) + minutes(minute); }
constexpr core::EventTime event_at(int minute) { return core::event_time(1'772'445'600'000) + minutes(minute); }

core::Alert alert(const std::string& queue) {
  core::Alert alert;
  alert.key = {"acme", "voice", "sl", queue};
  alert.started = alert.began = event_at(0);
  alert.id = core::alert_id(alert.key, alert.started);
  return alert;
}

/// "firing a, resolved a", by the first letter of the queue whose alert it is.
std::string told(const core::AlertChanges& changes) {
  std::string text;
  for (const core::AlertMessage& message : changes.to_send) {
    const auto of = std::ranges::find(changes.alerts, message.id, &core::Alert::id);
    text += (text.empty() ? "" : ", ") + std::string(core::kAlertStageWords[core::index(message.stage)]) + ' ' +
            (of == changes.alerts.end() ? "?" : of->key.queue) + " to " + message.channel;
  }
  return text;
}

TEST(AlertDesk, TellsEveryChannelOfEachStage) {
  AlertDesk desk({"a", "b"});
  desk.enter(alert("sales"), at(0));
  EXPECT_EQ(told(desk.take()), "firing sales to a, firing sales to b");
  EXPECT_FALSE(desk.changed());
  desk.leave(alert("sales").key, event_at(5), at(5), "it is over");
  const auto changes = desk.take();
  EXPECT_EQ(told(changes), "resolved sales to a, resolved sales to b");
  EXPECT_EQ(changes.alerts.at(0).outcome, "it is over");
  EXPECT_EQ(changes.alerts.at(0).left_at, at(5));
  EXPECT_TRUE(desk.open().empty());
}

TEST(AlertDesk, WhatBeginsAndEndsInOneCommitIsToldInOrder) {
  AlertDesk desk({"a"});
  desk.enter(alert("sales"), at(0));
  desk.leave(alert("sales").key, event_at(1), at(1), "");
  EXPECT_EQ(told(desk.take()), "firing sales to a, resolved sales to a");
}

TEST(AlertDesk, AMuteHoldsBackAndWhatStillFiresIsToldWhenItEnds) {
  AlertDesk desk({"a"});
  desk.mute({"", {"acme", "", "", "sales"}, at(0), at(10), "ann", "rehearsal"});
  desk.enter(alert("sales"), at(1));
  desk.enter(alert("care"), at(1));
  EXPECT_EQ(told(desk.take()), "firing care to a");
  desk.end_mutes(at(9));
  EXPECT_FALSE(desk.changed());
  desk.end_mutes(at(10));
  EXPECT_EQ(told(desk.take()), "firing sales to a");
  EXPECT_TRUE(desk.mutes().empty());
}

TEST(AlertDesk, TheEndOfWhatNobodyWasToldIsNotTold) {
  AlertDesk desk({"a"});
  const core::Mute mute = desk.mute({"", {"", "", "sl", ""}, at(0), at(10), "ann", "rehearsal"});
  desk.enter(alert("sales"), at(1));
  desk.leave(alert("sales").key, event_at(2), at(2), "");
  EXPECT_EQ(told(desk.take()), "");
  EXPECT_TRUE(desk.unmute(mute.id, at(3)).has_value());
  EXPECT_EQ(told(desk.take()), "");
  EXPECT_EQ(desk.unmute(mute.id, at(3)).error(), "no mute has the id " + mute.id);
}

TEST(AlertDesk, TheEndOfWhatWasToldBeforeAMuteIsTold) {
  AlertDesk desk({"a"});
  desk.enter(alert("sales"), at(0));
  desk.mute({"", {}, at(1), at(10), "ann", "rehearsal"});
  desk.take();
  desk.leave(alert("sales").key, event_at(2), at(2), "");
  EXPECT_EQ(told(desk.take()), "resolved sales to a") << "the receiver would wait for it for ever";
}

TEST(AlertDesk, IsAcknowledgedOnceWhileItFires) {
  AlertDesk desk({});
  desk.enter(alert("sales"), at(0));
  const std::string id = alert("sales").id;
  EXPECT_EQ(desk.acknowledge("x", {"ann", "on it", at(1)}).error(), "no alert that fires has the id x");
  EXPECT_EQ(desk.acknowledge(id, {"ann", "on it", at(1)})->acknowledged->reason, "on it");
  EXPECT_EQ(desk.acknowledge(id, {"bob", "me too", at(1)}).error(), "ann has acknowledged it already: on it");
  EXPECT_EQ(desk.take().alerts.at(0).acknowledged->by, "ann");
}

TEST(AlertDesk, MessagesForAReceiverThatIsGoneAreForgotten) {
  AlertDesk desk({"a"});
  core::AlertState state;
  state.alerts = {alert("sales")};
  const std::string id = alert("sales").id;
  state.to_send = {{id, AlertStage::kFiring, "gone"}, {id, AlertStage::kFiring, "a"}};
  EXPECT_EQ(desk.restore(state), (std::vector<core::AlertMessage>{{id, AlertStage::kFiring, "a"}}));
  EXPECT_EQ(desk.take().sent, (std::vector<core::AlertMessage>{{id, AlertStage::kFiring, "gone"}}));
  EXPECT_EQ(desk.open().size(), 1U);
}

}  // namespace
}  // namespace app

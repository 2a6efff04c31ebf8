// Each receiver is told one thing after the other, until it takes it, and holds up nobody else.
#include "sinks/alerts/alert_senders.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>

namespace sinks {
namespace {

using core::AlertStage;

/// A receiver that refuses as often as it is told to.
class Receiver final : public AlertChannel {
 public:
  struct Log {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> said;
    int refusals = 0;
    std::string wrong;  ///< The id of what it never takes.

    void say(std::string what) {
      {
        const std::lock_guard lock(mutex);
        said.push_back(std::move(what));
      }
      changed.notify_all();
    }
    /// Waits until so much has been said.
    std::vector<std::string> until(std::size_t n) {
      std::unique_lock lock(mutex);
      changed.wait_for(lock, std::chrono::seconds(30), [&] { return said.size() >= n; });
      return said;
    }
  };

  Receiver(std::string name, Log& log, core::Millis refresh = core::Millis::max(), std::size_t most = 1)
      : name_(std::move(name)), log_(log), refresh_(refresh), most_(most) {}
  const std::string& name() const override { return name_; }
  std::size_t most_at_once() const override { return most_; }
  core::Result<void> send(std::span<const core::AlertDelivery> deliveries) override {
    std::string ids;
    for (const core::AlertDelivery& delivery : deliveries) {
      if (delivery.alert.id == log_.wrong) {
        log_.say("wrong");
        return core::fail("answered 400");
      }
      ids += (ids.empty() ? "" : " ") + delivery.alert.id;
    }
    const core::AlertDelivery& delivery = deliveries.front();
    {
      const std::lock_guard lock(log_.mutex);
      if (log_.refusals > 0) {
        --log_.refusals;
        log_.said.push_back("refused " + delivery.alert.id);
        log_.changed.notify_all();
        return core::fail("answered 500", core::Millis{1});
      }
    }
    log_.say(std::string(core::kAlertStageWords[core::index(delivery.message.stage)]) + ' ' + ids);
    return {};
  }
  core::Millis refresh_every() const override { return refresh_; }
  core::Result<void> refresh(std::span<const core::Alert> firing) override {
    std::string ids = "again";
    for (const core::Alert& alert : firing) ids += ' ' + alert.id;
    log_.say(ids);
    return {};
  }
  void cancel() override {}

 private:
  const std::string name_;
  Log& log_;
  const core::Millis refresh_;
  const std::size_t most_;
};

core::AlertDelivery delivery(const std::string& id, AlertStage stage, const std::string& channel = "a") {
  core::Alert alert;
  alert.id = id;
  return {{id, stage, channel}, alert};
}

constexpr Backoff kQuick{core::Millis{1}, core::Millis{4}};

class AlertSendersTest : public testing::Test {
 protected:
  /// Takes what receivers have taken.
  core::AlertSender::Taken taken() {
    return [this](const core::AlertMessage& message, bool refused) {
      const std::lock_guard lock(mutex);
      acknowledged.push_back(message.id + ' ' + message.channel + (refused ? " refused" : ""));
    };
  }
  template <typename... Receivers>
  std::unique_ptr<AlertSenders> senders(Receivers... receivers) {
    std::vector<std::unique_ptr<AlertChannel>> all;
    (all.push_back(std::move(receivers)), ...);
    return std::make_unique<AlertSenders>(std::move(all), kQuick);
  }

  Receiver::Log a, b;
  std::mutex mutex;
  std::vector<std::string> acknowledged;
};

TEST_F(AlertSendersTest, WhatIsRefusedIsToldAgainBeforeAnythingElse) {
  a.refusals = 3;
  const auto all = senders(std::make_unique<Receiver>("a", a));
  all->start({}, taken());
  all->send(
      {delivery("x", AlertStage::kFiring), delivery("x", AlertStage::kResolved), delivery("y", AlertStage::kFiring)});
  EXPECT_EQ(a.until(6),
            (std::vector<std::string>{"refused x", "refused x", "refused x", "firing x", "resolved x", "firing y"}));
  all->stop();
  EXPECT_EQ(acknowledged, (std::vector<std::string>{"x a", "x a", "y a"}));
}

TEST_F(AlertSendersTest, OneThatIsAwayHoldsUpNobodyElse) {
  a.refusals = 1'000'000;
  const auto all = senders(std::make_unique<Receiver>("a", a), std::make_unique<Receiver>("b", b));
  all->start({}, taken());
  all->send({delivery("x", AlertStage::kFiring, "a"), delivery("x", AlertStage::kFiring, "b")});
  EXPECT_EQ(b.until(1), std::vector<std::string>{"firing x"});
  EXPECT_GE(a.until(5).size(), 5U);
  all->stop();
  EXPECT_EQ(acknowledged, std::vector<std::string>{"x b"});
}

TEST_F(AlertSendersTest, AReceiverThatForgetsIsToldAgainOfWhatFires) {
  core::Alert before;
  before.id = "old";
  const auto all = senders(std::make_unique<Receiver>("a", a, core::Millis{1}));
  all->start({before}, taken());
  EXPECT_EQ(a.until(1).at(0), "again old") << "at once";
  all->send({delivery("x", AlertStage::kFiring)});
  const auto told = [&](const std::string& what) {
    for (std::size_t n = 1; n < 1000; ++n) {
      const auto said = a.until(n);
      if (std::ranges::find(said, what) != said.end()) return true;
    }
    return false;
  };
  EXPECT_TRUE(told("again old x"));
  all->send({delivery("old", AlertStage::kResolved)});
  EXPECT_TRUE(told("again x"));
  all->stop();
}

TEST_F(AlertSendersTest, WhatAReceiverFindsWrongIsGivenUpAndHoldsUpNothing) {
  a.wrong = "x";
  const auto all = senders(std::make_unique<Receiver>("a", a));
  all->start({}, taken());
  all->send({delivery("x", AlertStage::kFiring), delivery("y", AlertStage::kFiring)});
  EXPECT_EQ(a.until(4), (std::vector<std::string>{"wrong", "wrong", "wrong", "firing y"}));
  all->stop();
  EXPECT_EQ(acknowledged, (std::vector<std::string>{"x a refused", "y a"}));
}

TEST_F(AlertSendersTest, SeveralGoInOneMessageButOfEachAlertOneStage) {
  a.refusals = 1;  // So that all of them wait.
  const auto all = senders(std::make_unique<Receiver>("a", a, core::Millis::max(), 3));
  all->start({}, taken());
  all->send({delivery("w", AlertStage::kFiring)});
  a.until(1);
  all->send(
      {delivery("x", AlertStage::kFiring), delivery("x", AlertStage::kResolved), delivery("y", AlertStage::kResolved)});
  const auto said = a.until(3);
  EXPECT_EQ(said, (std::vector<std::string>{"refused w", "firing w x", "resolved x y"}));
  all->stop();
  EXPECT_EQ(acknowledged.size(), 4U);
}

TEST_F(AlertSendersTest, OneWrongAmongSeveralCostsNoOther) {
  a.wrong = "x";
  const auto all = senders(std::make_unique<Receiver>("a", a, core::Millis::max(), 3));
  all->send(
      {delivery("v", AlertStage::kFiring), delivery("x", AlertStage::kFiring), delivery("y", AlertStage::kFiring)});
  all->start({}, taken());
  for (std::size_t n = 1; n < 20 && a.until(n).back() != "firing y"; ++n) {
  }
  all->stop();
  EXPECT_EQ(acknowledged, (std::vector<std::string>{"v a", "x a refused", "y a"}));
}

TEST_F(AlertSendersTest, StopEndsItAndWhatIsLeftIsNotTaken) {
  a.refusals = 1'000'000;
  const auto all = senders(std::make_unique<Receiver>("a", a));
  EXPECT_EQ(all->channels(), std::vector<std::string>{"a"});
  all->start({}, taken());
  all->send({delivery("x", AlertStage::kFiring), delivery("y", AlertStage::kFiring, "nobody")});
  a.until(1);
  all->stop();
  all->stop();
  EXPECT_TRUE(acknowledged.empty());
}

}  // namespace
}  // namespace sinks

// A floor at sixty times its pace, through Kafka, with a burst: each alert starts when a textbook says so, is sent at
// once, and is written to a topic, too. FLOORWATCH_ALERT_HOURS=24 for a whole day; half an hour otherwise.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "ingest/kafka_source.h"
#include "simulation/pace.h"
#include "tests/support/alert_receiver.h"
#include "tests/support/broker_test.h"
#include "tests/support/event_line.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/service.h"

namespace {

using std::chrono::seconds;
using test_support::comes_true;

constexpr int kSpeed = 60;

core::EventTime now() {
  return core::EventTime{std::chrono::floor<core::Millis>(std::chrono::system_clock::now().time_since_epoch())};
}

struct Visit {
  int queued = 0, answered = 0;  ///< seconds since the begin
};

/// Calm traffic; in the middle of every half hour five minutes in which nobody is answered before the burst is over.
std::vector<Visit> visits(int length) {
  std::vector<Visit> all;
  for (int t = 0; t + 1800 <= length; t += 1800) {
    for (int s = 0; s < 1740; s += 6) {
      const bool burst = s >= 600 && s < 900;
      all.push_back({t + s, t + (burst ? 930 + (s - 600) / 10 : s + 5)});
      if (burst) all.push_back({t + s + 3, t + 960 + (s - 600) / 10});
    }
  }
  return all;
}

/// What a textbook says at each second: the service level of 5 minutes (T = 20 s, by the visits' ends, open ones from
/// the moment they are late), and the longest wait.
class Textbook {
 public:
  explicit Textbook(std::vector<Visit> all) : visits_(std::move(all)) {}

  std::optional<double> level(int t) const {
    const int begin = t - t % 10 + 10 - 300;
    int within = 0, all = 0;
    for (const Visit& v : visits_) {
      const bool ended = v.answered <= t;
      const bool late = v.answered - v.queued > 20;
      if (ended && v.answered >= begin) ++all, within += late ? 0 : 1;
      if (!ended && v.queued + 20 < t && v.queued + 20 >= begin) ++all;  // A millisecond after T.
    }
    return all == 0 ? std::nullopt : std::optional(static_cast<double>(within) / all);
  }
  int oldest(int t) const {
    int wait = 0;
    for (const Visit& v : visits_) {
      if (v.queued <= t && v.answered > t) wait = std::max(wait, t - v.queued);
    }
    return wait;
  }

 private:
  std::vector<Visit> visits_;
};

struct Expected {
  std::string name;
  int started = 0, resolved = 0;
};

/// The course of one alert by its definition.
template <typename Beyond, typename Back>
std::vector<Expected> course(const std::string& name, int length, int hold, Beyond&& beyond, Back&& back) {
  std::vector<Expected> all;
  std::optional<int> since;
  bool firing = false;
  for (int t = 0; t < length; ++t) {
    if (firing && back(t)) {
      all.back().resolved = t;
      firing = false;
      since.reset();
    } else if (!firing) {
      since = !beyond(t) ? std::nullopt : since ? since : std::optional(t);
      if (since && t - *since >= hold) all.push_back({name, t, length}), firing = true;
    }
  }
  return all;
}

class AlertsBurst : public test_support::BrokerTest {
 protected:
  void configure(const std::string& hook) const {
    service.folder().write(
        "config.yaml",
        "sources:\n  - {name: log, clock_skew: 1d, kafka: {brokers: \"" + broker_->brokers() + "\", topics: [" +
            topic_ + "]}}\nstore: {url: \"" + service.store() +
            "\"}\nhttp: {listen: \"127.0.0.1:0\"}\nclients:\n  acme:\n    queues: [sales]\n    sla:\n      - name: "
            "voice\n"
            "        versions: [{target: 80%}]\n        alerts:\n"
            "          - {name: level, window: 5m, enter_below: 75%, leave_above: 80%, for: 1m}\n"
            "          - {name: oldest, metric: oldest_wait, enter_above: 120s, leave_below: 60s, for: 30s}\n"
            "alerting:\n  webhook: [\"" +
            hook + "\"]\n  kafka: {brokers: \"" + broker_->brokers() + "\", topic: alerts-told}\n");
  }
  /// Every event at its time, and one of an agent every second, so that event time goes on evenly.
  std::vector<std::pair<int, std::string>> events(const std::vector<Visit>& all, int length) const {
    std::vector<std::pair<int, std::string>> events;
    const auto time = [&](int t) { return core::format_rfc3339(begin + seconds(t)); };
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string id = "v" + std::to_string(i);
      events.emplace_back(all[i].queued,
                          test_support::event_line("contact.queued", id, time(all[i].queued), "\"queue\":\"sales\""));
      events.emplace_back(all[i].answered,
                          test_support::event_line("contact.answered", id, time(all[i].answered), "\"agent\":\"ann\""));
    }
    for (int t = 0; t < length; ++t) {
      events.emplace_back(t, test_support::event_line("agent.state", "bob", time(t), "\"state\":\"available\""));
    }
    std::ranges::stable_sort(events, {}, &std::pair<int, std::string>::first);
    return events;
  }
  void produce(const std::vector<std::pair<int, std::string>>& all) const {
    test_support::KafkaProducer producer(broker_->brokers(), {{"linger.ms", "0"}});
    const auto wall = [] { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); };
    simulation::Pace pace({kSpeed, {}, begin}, wall, [](core::Millis span) {
      std::this_thread::sleep_for(span);
      return false;
    });
    for (const auto& [t, line] : all) {
      pace.until_due(begin + seconds(t), [&] { producer.flush(); });
      producer.send({.topic = topic_, .value = line, .partition = 0, .key = {}, .headers = {}});
    }
    producer.flush();
  }
  std::vector<core::Alert> kept() const {
    const auto store = sinks::open_sqlite_store(service.folder() / "floor.db", sinks::OpenMode::kRead, {});
    auto alerts = (*store)->alerts({}).value();
    std::ranges::sort(alerts, {}, &core::Alert::started);
    return alerts;
  }

  /// Each alert is on the topic with both its stages, keyed by its id.
  void read_topic(const std::vector<core::Alert>& alerts) const {
    ingest::KafkaOptions options;
    options.source = "told", options.brokers = broker_->brokers(), options.topics = {"alerts-told"};
    options.group = "reader", options.bounded = true;
    ingest::KafkaSource source(options);
    ASSERT_TRUE(source.start({}));
    test_support::KafkaReading reading;
    ASSERT_TRUE(reading.read_to_end(source));
    EXPECT_EQ(reading.messages.size(), 2 * alerts.size());
    for (const core::Alert& alert : alerts) {
      for (const char* stage : {"firing", "resolved"}) {
        const std::string id = "\"id\":\"" + alert.id + "-" + stage + "\"",
                          type = std::string("\"type\":\"alert.") + stage;
        const auto is = [&](const auto& m) {
          return m.value.find(id) != std::string::npos && m.value.find(type) != std::string::npos;
        };
        EXPECT_EQ(std::ranges::count_if(reading.messages, is), 1) << id;
      }
    }
  }

  /// Where a slice of the rolling windows begins, as the textbook takes it.
  const core::EventTime begin{std::chrono::ceil<std::chrono::duration<int, std::ratio<10>>>(now().time_since_epoch())};
  test_support::Service service{FLOORWATCH_BINARY};
};

TEST_F(AlertsBurst, StartWhenATextbookSaysSoAndAreSentAtOnce) {
  const char* hours = std::getenv("FLOORWATCH_ALERT_HOURS");
  const int length = hours == nullptr ? 1800 : std::max(1, std::atoi(hours)) * 3600;
  broker_->create_topic(topic_, 1), broker_->create_topic("alerts-told", 1);
  test_support::AlertReceiver receiver;
  configure(receiver.url("/hook"));
  test_support::ServedFloor floor = service.run();
  ASSERT_TRUE(comes_true([&] { return test_support::is_ready(floor.port()); })) << floor.said();
  const auto all = visits(length);
  produce(events(all, length));

  const Textbook book(all);
  const auto below = [&](int t) { return book.level(t).value_or(1) < 0.75; };
  const auto above = [&](int t) { return book.level(t).value_or(1) > 0.80; };
  std::vector<Expected> expected = course("level", length, 60, below, above);
  for (const Expected& one : course(
           "oldest", length, 30, [&](int t) { return book.oldest(t) > 120; },
           [&](int t) { return book.oldest(t) < 60; })) {
    expected.push_back(one);
  }
  std::ranges::sort(expected, {}, &Expected::started);
  ASSERT_GE(expected.size(), 2U);
  EXPECT_TRUE(comes_true([&] { return receiver.taken("\"id\":\"").size() == 2 * expected.size(); })) << floor.said();

  const auto alerts = kept();
  ASSERT_EQ(alerts.size(), expected.size()) << service.command({"alerts", "--store", service.store()}).out;
  core::Millis latest{0};
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    EXPECT_EQ(alerts[i].key.name, expected[i].name);
    const core::Millis late = alerts[i].started - (begin + seconds(expected[i].started));
    EXPECT_GE(late, core::Millis{-1000}) << expected[i].name << " of second " << expected[i].started;
    EXPECT_LE(late, core::Millis{2000}) << expected[i].name << " of second " << expected[i].started;
    const core::Millis over = *alerts[i].resolved - (begin + seconds(expected[i].resolved));
    EXPECT_LE(std::chrono::abs(over), core::Millis{2000}) << expected[i].name;
    latest = std::max(latest, late);
    for (const test_support::Posted& posted : receiver.posted()) {
      if (posted.body.find(alerts[i].id) == std::string::npos) continue;
      const bool firing = posted.body.find("\"status\":\"firing\"") != std::string::npos;
      EXPECT_LE(posted.at - (firing ? alerts[i].entered_at : *alerts[i].left_at), core::Millis{1000})
          << expected[i].name;
    }
  }
  std::cout << alerts.size() << " alerts, the latest start " << latest.count()
            << " ms of event time after the textbook's\n";
  EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  read_topic(alerts);
}

}  // namespace

#include "app/alerting.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "processors/alert_words.h"

namespace app {
namespace {

using core::Alert;
using core::AlertKey;
using core::EventTime;
using core::WallTime;

/// So long a look goes on from shard to shard before the pipeline has its next turn.
constexpr std::chrono::milliseconds kTurn{2};

EventTime whole_second(EventTime time) {
  return EventTime{std::chrono::floor<std::chrono::seconds>(time.time_since_epoch())};
}

std::string words(core::Millis span) { return processors::alert_value({span.count(), 1}, core::AlertUnit::kSpan); }

/// "many (sales of acme)", for the log.
std::string named(const AlertKey& key) {
  return fmt::format("{} ({}{})", key.name, key.queue.empty() ? "" : key.queue + " of ", key.client);
}

AlertKey late_key() { return {"", "", std::string(core::kDataLate), ""}; }

}  // namespace

Alerting::Alerting(std::vector<core::AlertRule> rules, core::AlertSender& sender)
    : sender_(sender), desk_(sender.channels()) {
  set_rules(std::move(rules));
}

void Alerting::set_rules(std::vector<core::AlertRule> rules) {
  rules_ = std::move(rules);
  scope_ = processors::live_scope(rules_);
  figures_ = {};
  next_shard_ = 0;
}

void Alerting::restore(core::AlertState state) {
  std::map<std::string, Alert> by_id;
  for (const Alert& alert : state.alerts) by_id.emplace(alert.id, alert);
  const auto pending = state.pending;
  const auto to_send = desk_.restore(std::move(state));
  std::vector<AlertKey> keys = desk_.keys();
  std::erase(keys, late_key());
  states_.restore(pending, keys);

  std::vector<Alert> told;
  for (const auto& [key, alert] : desk_.open()) {
    if (alert.announced) told.push_back(alert);
  }
  sender_.start(std::move(told), [this](const core::AlertMessage& message) {
    const std::lock_guard lock(mutex_);
    taken_.push_back(message);
    --counts_.waiting[message.channel], ++counts_.sent[message.channel];
    sent_waits_ = true;
  });
  std::vector<core::AlertDelivery> deliveries;
  for (const core::AlertMessage& message : to_send) {
    if (const auto alert = by_id.find(message.id); alert != by_id.end()) deliveries.push_back({message, alert->second});
  }
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& channel : sender_.channels()) counts_.waiting[channel] = counts_.sent[channel] = 0;
    for (const auto& delivery : deliveries) ++counts_.waiting[delivery.message.channel];
  }
  sender_.send(std::move(deliveries));
}

// ---- looking ----

void Alerting::look(Floor& floor, const processors::ReadPoint& point, WallTime now, bool caught_up) {
  desk_.end_mutes(now);
  if (check_lag(point.as_of, now) || !caught_up) return;
  if (next_shard_ == 0 && looked_ && whole_second(point.as_of) <= whole_second(*looked_)) return;
  if (rules_.empty() && states_.pending().empty() && desk_.open().empty()) return;
  read_on(floor, point, now);
}

bool Alerting::check_lag(EventTime as_of, WallTime now) {
  const core::Millis lag{now.time_since_epoch() - as_of.time_since_epoch()};
  const bool late = lag > kLate, fires = desk_.open().contains(late_key());
  if (!late) {
    late_since_.reset();
    if (fires && lag <= kLateAgain) {
      desk_.leave(late_key(), as_of, now, fmt::format("data is of {} ago", words(std::max(lag, core::Millis{0}))));
    }
    return false;
  }
  if (!late_since_) {
    late_since_ = now;
    next_shard_ = 0, figures_ = {};
    if (states_.interrupt()) desk_.set_pending({});
  }
  if (fires || now - *late_since_ < kLateFor) return true;
  Alert alert;
  alert.key = late_key();
  alert.began = alert.started = as_of;
  alert.id = core::alert_id(alert.key, as_of);
  alert.severity = "critical", alert.figure = "lag";
  alert.summary =
      fmt::format("data is late: the latest events are of {}, {} ago", core::format_rfc3339(as_of), words(lag));
  alert.action =
      "No other alert is judged until data comes again. Look at /readyz and floorwatch_consumer_lag_events: is the "
      "source silent, or floorwatch behind?";
  alert.facts.push_back({"lag_s", std::to_string(lag.count() / 1000)});
  desk_.enter(std::move(alert), now);
  return true;
}

void Alerting::read_on(Floor& floor, const processors::ReadPoint& point, WallTime now) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto shards = floor.shards();
  do {
    processors::LiveShard(*shards[next_shard_], floor.config(), point, scope_).add_to(figures_);
  } while (++next_shard_ < shards.size() && Clock::now() - begin < kTurn);
  if (next_shard_ < shards.size()) return;
  judge(floor, point, now);
  looked_ = point.as_of;
  next_shard_ = 0, figures_ = {};
}

void Alerting::judge(Floor& floor, const processors::ReadPoint& point, WallTime now) {
  std::vector<processors::ContractFigure> contracts;
  const auto read_contracts = [&] {
    try {
      contracts = processors::ContractReader(floor.shards(), floor.config(), point,
                                             processors::ContractReader::Reach::kRunning, &known_days_)
                      .running();
      contracts_failed_ = false;
    } catch (const core::ArchiveFailure& failure) {  // Alerts on contracts have no figure; all others go on.
      if (!std::exchange(contracts_failed_, true)) spdlog::error("alerts have no contracts: {}", failure.what());
    }
  };
  const bool always = processors::need_contracts(rules_);
  if (always) read_contracts();
  const auto sights = processors::alert_sights(rules_, floor.config(), figures_, contracts, point.as_of);
  const processors::AlertTurn turn = states_.look(point.as_of, sights);
  if (turn.pending_changed) desk_.set_pending(states_.pending());
  for (const auto& left : turn.left) {
    const bool ruled = std::ranges::any_of(rules_, [&](const core::AlertRule& rule) {
      return rule.client == left.key.client && rule.profile == left.key.profile && rule.name == left.key.name;
    });
    const std::string outcome = ruled ? processors::alert_outcome(left.sight) : "its rule is gone";
    spdlog::info("alert {} has ended: {}", named(left.key), outcome);
    desk_.leave(left.key, point.as_of, now, outcome);
  }
  if (!turn.entered.empty() && !always) read_contracts();
  for (const auto& entered : turn.entered) enter(entered, point.as_of, now, contracts);
}

void Alerting::enter(const processors::AlertTurn::Entered& entered, EventTime at, WallTime now,
                     const std::vector<processors::ContractFigure>& contracts) {
  const core::AlertRule& rule = *entered.sight.rule;
  Alert alert;
  alert.key = entered.key;
  alert.id = core::alert_id(alert.key, at);
  alert.severity = rule.severity;
  alert.figure = core::kAlertFigureWords[core::index(rule.figure)];
  if (core::has_window(rule.figure)) alert.window = core::kWindowWords[core::index(rule.window)];
  alert.began = entered.began, alert.started = at;
  const auto contract = std::ranges::find_if(contracts, [&](const processors::ContractFigure& figure) {
    return figure.client == rule.client && figure.profile == rule.profile;
  });
  processors::describe(alert, entered.sight, processors::alert_surroundings(alert.key, figures_, at),
                       contract == contracts.end() ? nullptr : &*contract);
  spdlog::warn("alert {}: {}", rule.name, alert.summary);
  desk_.enter(std::move(alert), now);
}

// ---- commits ----

void Alerting::gather(core::Commit& commit) {
  {
    const std::lock_guard lock(mutex_);
    for (core::AlertMessage& message : taken_) desk_.sent(std::move(message));
    taken_.clear();
    sent_waits_ = false;
  }
  commit.alerts = desk_.take();
}

void Alerting::kept(const core::Commit& commit) {
  std::vector<core::AlertDelivery> deliveries;
  for (const core::AlertMessage& message : commit.alerts.to_send) {
    const auto alert = std::ranges::find(commit.alerts.alerts, message.id, &Alert::id);
    if (alert != commit.alerts.alerts.end()) deliveries.push_back({message, *alert});
  }
  if (deliveries.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& delivery : deliveries) ++counts_.waiting[delivery.message.channel];
  }
  sender_.send(std::move(deliveries));
}

AlertCounts Alerting::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace app

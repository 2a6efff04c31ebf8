#include "app/alerting.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "core/printable_text.h"
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
  return core::printable(fmt::format("{} ({}{})", key.name, key.queue.empty() ? "" : key.queue + " of ", key.client));
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

void Alerting::restore(core::AlertState state, std::optional<EventTime> as_of) {
  std::map<std::string, Alert> by_id;
  for (const Alert& alert : state.alerts) by_id.emplace(alert.id, alert);
  const auto pending = state.pending;
  std::set<std::string> untold;
  for (const core::AlertMessage& message : desk_.restore(std::move(state))) {
    const auto alert = by_id.find(message.id);
    if (alert == by_id.end()) continue;
    deliveries_.push_back({message, alert->second});
    if (message.stage == core::AlertStage::kFiring) untold.insert(message.id);
  }
  std::vector<AlertKey> keys = desk_.keys();
  std::erase(keys, late_key());
  states_.restore(pending, keys);
  looked_ = as_of;
  for (const auto& [key, alert] : desk_.open()) {
    if (alert.announced && !untold.contains(alert.id)) told_.push_back(alert);
  }
}

void Alerting::start() {
  sender_.start(std::move(told_), [this](const core::AlertMessage& message, bool refused) {
    const std::lock_guard lock(mutex_);
    taken_.push_back(message);
    --counts_.waiting[message.channel], ++(refused ? counts_.refused : counts_.sent)[message.channel];
    sent_waits_ = true;
  });
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& channel : sender_.channels()) {
      counts_.waiting[channel] = counts_.sent[channel] = counts_.refused[channel] = 0;
    }
    for (const auto& delivery : deliveries_) ++counts_.waiting[delivery.message.channel];
  }
  sender_.send(std::exchange(deliveries_, {}));
}

// ---- looking ----

void Alerting::look(Floor& floor, const processors::ReadPoint& point, WallTime now, bool caught_up) {
  if (check_lag(point.as_of, now) || !caught_up) return;
  if (next_shard_ == 0 && looked_ && whole_second(point.as_of) <= whole_second(*looked_)) return;
  if (looked_ && point.as_of - *looked_ > kLongestGap && states_.interrupt()) desk_.set_pending({});
  if (rules_.empty() && desk_.open().empty()) {
    looked_ = point.as_of;
    desk_.end_mutes(now);
    return;
  }
  try {
    read_on(floor, point, now);
    if (next_shard_ == 0) failed_ = false;
  } catch (const core::ArchiveFailure& failure) {  // Alerts stay as they are; the next second is looked at again.
    if (!std::exchange(failed_, true)) spdlog::error("alerts are not judged: {}", failure.what());
    next_shard_ = 0, figures_ = {};
    looked_ = point.as_of;
  }
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
  alert.id = core::alert_id(alert.key, EventTime{now.time_since_epoch()});  // As-of may stand a second time.
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

void Alerting::read_contracts(Floor& floor, const processors::ReadPoint& point) {
  if (contracts_read_ && point.as_of - *contracts_read_ < kContractsEvery) return;
  contracts_ = processors::ContractReader(floor.shards(), floor.config(), point,
                                          processors::ContractReader::Reach::kRunning, &known_days_)
                   .running();
  contracts_read_ = point.as_of;
}

void Alerting::judge(Floor& floor, const processors::ReadPoint& point, WallTime now) {
  if (processors::need_contracts(rules_)) read_contracts(floor, point);
  processors::AlertLook look(floor.config(), figures_, point.as_of);
  const processors::AlertTurn turn = states_.look(point.as_of, look.sights(rules_, contracts_));
  if (turn.pending_changed) desk_.set_pending(states_.pending());
  for (const auto& left : turn.left) {
    const std::string outcome = processors::alert_outcome(rule_of(left.key), left.sight);
    spdlog::info("alert {} has ended: {}", named(left.key), outcome);
    desk_.leave(left.key, point.as_of, now, outcome);
  }
  if (!turn.entered.empty()) read_contracts(floor, point);
  for (const auto& entered : turn.entered) enter(entered, look, now);
  desk_.end_mutes(now);
}

const core::AlertRule* Alerting::rule_of(const AlertKey& key) const {
  const auto rule = std::ranges::find_if(rules_, [&](const core::AlertRule& of) {
    return of.client == key.client && of.profile == key.profile && of.name == key.name;
  });
  return rule == rules_.end() ? nullptr : &*rule;
}

bool Alerting::knows(const AlertKey& key) const {
  const core::Mute all{{}, {key.client, key.profile, key.name, ""}, {}, {}, {}, {}};
  return std::ranges::any_of(
             rules_, [&](const core::AlertRule& of) { return all.covers({of.client, of.profile, of.name, ""}); }) ||
         std::ranges::any_of(desk_.open(), [&](const auto& open) { return all.covers(open.first); });
}

void Alerting::enter(const processors::AlertTurn::Entered& entered, const processors::AlertLook& look, WallTime now) {
  const core::AlertRule& rule = *entered.sight.rule;
  Alert alert;
  alert.key = entered.key;
  alert.began = entered.began;
  // However late the look that found it: the figure was beyond its level for all of `for`.
  alert.started = entered.began + rule.hold;
  alert.id = core::alert_id(alert.key, alert.started);
  alert.severity = rule.severity;
  alert.figure = core::kAlertFigureWords[core::index(rule.figure)];
  if (core::has_window(rule.figure)) alert.window = core::kWindowWords[core::index(rule.window)];
  const auto contract = std::ranges::find_if(contracts_, [&](const processors::ContractFigure& figure) {
    return figure.client == rule.client && figure.profile == rule.profile;
  });
  processors::describe(alert, entered.sight, look.surroundings(alert.key),
                       contract == contracts_.end() ? nullptr : &*contract);
  spdlog::warn("alert {}: {}", core::printable(rule.name), core::printable(alert.summary));
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
  std::map<std::string_view, const Alert*> by_id;
  for (const Alert& alert : commit.alerts.alerts) by_id.emplace(alert.id, &alert);
  std::vector<core::AlertDelivery> deliveries;
  for (const core::AlertMessage& message : commit.alerts.to_send) {
    if (const auto alert = by_id.find(message.id); alert != by_id.end()) {
      deliveries.push_back({message, *alert->second});
    }
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

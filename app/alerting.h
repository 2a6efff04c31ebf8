// Alerts in the pipeline: looks at the figures once in every second of event time, and tells of what changed once the
// commit that has it is kept.
//
// A look is read in turns, as a scrape is, so that the flow does not wait for it. While event time lags behind the wall
// clock nobody looks: what one would see is not what is so.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/alert_desk.h"
#include "app/floor.h"
#include "core/alert_channel.h"
#include "processors/alert_states.h"
#include "processors/contracts.h"
#include "processors/live_shard.h"

namespace app {

/// By channel: what it has not taken yet, and what it has taken or refused since the start.
struct AlertCounts {
  std::map<std::string, std::uint64_t> waiting, sent, refused;
};

/// Confined to the pipeline's thread, but for kept() and counts(), which are thread-safe.
class Alerting {
 public:
  /// Event time that lags by more is late.
  static constexpr core::Millis kLate{120'000}, kLateAgain{60'000};
  /// So long it must be late before it is told: a start catches up in seconds.
  static constexpr core::Millis kLateFor{10'000};
  /// Where event time has gone on by more without a look, nobody knows what was so meanwhile: what was pending begins
  /// anew.
  static constexpr core::Millis kLongestGap{60'000};
  /// Contracts are read again after so long: that takes longer than all other figures.
  static constexpr core::Millis kContractsEvery{10'000};

  /// The sender outlives it.
  Alerting(std::vector<core::AlertRule> rules, core::AlertSender& sender);
  ~Alerting() { sender_.stop(); }
  Alerting(const Alerting&) = delete;
  Alerting& operator=(const Alerting&) = delete;

  /// Takes in what the store had, as of then.
  void restore(core::AlertState state, std::optional<core::EventTime> as_of);
  /// Goes on telling what the store had not told.
  void start();
  /// Other rules from now on; what fires by one that is gone leaves with the next look.
  void set_rules(std::vector<core::AlertRule> rules);

  /// Looks, if it is time to: at most about two milliseconds, then the rest in later turns. `point`: as of now.
  /// `caught_up`: what has come is complete; before that only the lag is looked at.
  void look(Floor& floor, const processors::ReadPoint& point, core::WallTime now, bool caught_up);
  /// Event time lags, or did so at the last look.
  bool late() const { return late_since_.has_value(); }
  /// Whether a rule, or an alert that fires, has such names; empty ones and the queue match any.
  bool knows(const core::AlertKey& key) const;
  /// Whether something waits for a commit to be told.
  bool urgent() const { return desk_.urgent(); }
  bool changed() const { return desk_.changed() || sent_waits_; }
  void gather(core::Commit& commit);
  /// After the commit: what it has is told.
  void kept(const core::Commit& commit);
  void stop() { sender_.stop(); }

  AlertDesk& desk() { return desk_; }
  /// Event time of the last look; absent before the first.
  std::optional<core::EventTime> looked() const { return looked_; }
  AlertCounts counts() const;

 private:
  /// Whether event time is too late for figures; tells of it.
  bool check_lag(core::EventTime as_of, core::WallTime now);
  void read_on(Floor& floor, const processors::ReadPoint& point, core::WallTime now);
  void read_contracts(Floor& floor, const processors::ReadPoint& point);
  const core::AlertRule* rule_of(const core::AlertKey& key) const;
  void judge(Floor& floor, const processors::ReadPoint& point, core::WallTime now);
  void enter(const processors::AlertTurn::Entered& entered, const processors::AlertLook& look, core::WallTime now);

  std::vector<core::AlertRule> rules_;
  core::AlertSender& sender_;
  AlertDesk desk_;
  processors::AlertStates states_;
  processors::LiveScope scope_;
  processors::KnownDays known_days_;

  processors::LiveFigures figures_;  ///< of the look that runs
  std::size_t next_shard_ = 0;       ///< likewise; 0: none runs
  std::optional<core::EventTime> looked_;
  std::optional<core::WallTime> late_since_;
  std::vector<processors::ContractFigure> contracts_;  ///< as of contracts_read_
  std::optional<core::EventTime> contracts_read_;
  bool failed_ = false;  ///< The last look, for want of the archive.

  std::vector<core::Alert> told_;                ///< until start()
  std::vector<core::AlertDelivery> deliveries_;  ///< likewise

  mutable std::mutex mutex_;
  std::vector<core::AlertMessage> taken_;  ///< not in a commit yet
  AlertCounts counts_;
  std::atomic<bool> sent_waits_{false};
};

}  // namespace app

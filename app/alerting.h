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

/// For a person or a gauge: how many wait to be sent, by channel.
struct AlertCounts {
  std::map<std::string, std::uint64_t> waiting, sent;  ///< by channel; sent: since the start
};

/// Confined to the pipeline's thread, but for kept() and counts(), which are thread-safe.
class Alerting {
 public:
  /// Event time that lags by more is late.
  static constexpr core::Millis kLate{120'000}, kLateAgain{60'000};
  /// So long it must be late before it is told: a start catches up in seconds.
  static constexpr core::Millis kLateFor{10'000};

  /// The sender outlives it.
  Alerting(std::vector<core::AlertRule> rules, core::AlertSender& sender);

  /// Takes in what the store had, and starts the sender.
  void restore(core::AlertState state);
  /// Other rules from now on; what fires by one that is gone leaves with the next look.
  void set_rules(std::vector<core::AlertRule> rules);

  /// Looks, if it is time to: at most about two milliseconds, then the rest in later turns. `point`: as of now.
  /// `caught_up`: what has come is complete; before that only the lag is looked at.
  void look(Floor& floor, const processors::ReadPoint& point, core::WallTime now, bool caught_up);
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
  void judge(Floor& floor, const processors::ReadPoint& point, core::WallTime now);
  void enter(const processors::AlertTurn::Entered& entered, core::EventTime at, core::WallTime now,
             const std::vector<processors::ContractFigure>& contracts);

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
  bool contracts_failed_ = false;

  mutable std::mutex mutex_;
  std::vector<core::AlertMessage> taken_;  ///< not in a commit yet
  AlertCounts counts_;
  std::atomic<bool> sent_waits_{false};
};

}  // namespace app

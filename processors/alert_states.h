// The state machines of alerts: quiet, pending, firing. Pure: time and figures come in as values, and what they do is
// given back.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/alert.h"
#include "processors/alert_sights.h"

namespace processors {

/// What one look at the figures has changed.
struct AlertTurn {
  struct Entered {
    core::AlertKey key;
    AlertSight sight;
    core::EventTime began{};  ///< It has been beyond its level since then, and started now.
  };
  struct Left {
    core::AlertKey key;
    std::optional<AlertSight> sight;  ///< Absent where there is no figure any more, or no rule.
  };
  std::vector<Entered> entered;
  std::vector<Left> left;
  bool pending_changed = false;
};

/// A figure beyond its level is pending, and firing once it has been so for as long as its rule says. A figure without
/// a value is beyond nothing: what fires leaves. One of too little volume neither enters nor leaves.
/// Confined to one thread.
class AlertStates {
 public:
  void restore(const std::vector<core::PendingAlert>& pending, const std::vector<core::AlertKey>& firing);

  /// `sights`: all of this moment, which is not before the last one.
  AlertTurn look(core::EventTime now, std::span<const AlertSight> sights);
  /// Nobody has looked for a while: what was pending begins anew. Whether anything was.
  bool interrupt();

  std::vector<core::PendingAlert> pending() const;

 private:
  struct State {
    std::optional<core::EventTime> since;  ///< pending; absent: firing
    std::uint64_t seen = 0;                ///< look in which it had a figure
  };
  void step(core::EventTime now, const AlertSight& sight, AlertTurn& turn);

  /// Found without a key of its own for each figure that is quiet, as nearly all are.
  struct Names {
    std::string_view client, profile, name, queue;
    auto operator<=>(const Names&) const = default;
    static Names of(const core::AlertKey& key) { return {key.client, key.profile, key.name, key.queue}; }
    static Names of(const Names& names) { return names; }
  };
  struct ByNames {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return Names::of(a) < Names::of(b);
    }
  };
  std::map<core::AlertKey, State, ByNames> states_;  ///< quiet ones are not kept
  std::uint64_t looks_ = 0;
};

/// Whether the figure is beyond the level at which its alert begins; whether it is back, so that it ends.
bool is_beyond(const AlertSight& sight);
bool is_back(const AlertSight& sight);

}  // namespace processors

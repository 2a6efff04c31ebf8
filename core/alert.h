// Alerts: what is watched, what was seen, and what is told to whom.
//
// Levels are millionths of a share or of a number, and milliseconds of a span.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/contract.h"
#include "core/figure_query.h"
#include "core/time.h"

namespace core {

/// What an alert watches. Names are public.
enum class AlertFigure : std::uint8_t {
  // Of a queue's window.
  kServiceLevel,
  kAbandonmentRate,
  kMeanWait,
  kMeanHandle,
  kOffered,
  kAnswered,
  kAbandoned,
  kHandled,
  kMeanFirstResponse,  ///< of chats
  // Of a queue now.
  kWaiting,
  kOldestWait,
  kUnanswered,  ///< chats in which the customer waits for an agent to write
  kOldestUnanswered,
  kAgentsAvailable,
  kAgentsStaffed,
  // Of a client's window.
  kOccupancy,
  kContactsPerHour,
  kLeadResponse,  ///< share of the leads attempted in the window whose response was in time
  // Of a client now.
  kLeadDue,       ///< age of the oldest lead without an attempt that can still be in time
  kLeadsOverdue,  ///< open leads without an attempt that cannot be in time any more
  // Of the contract's running period.
  kPeriod,
  kProjection,
  kMissesLeft,
};
inline constexpr std::array<std::string_view, 23> kAlertFigureWords = {
    "service_level",     "abandonment_rate",  "mean_wait",
    "mean_handle",       "offered",           "answered",
    "abandoned",         "handled",           "mean_first_response",
    "waiting",           "oldest_wait",       "unanswered",
    "oldest_unanswered", "agents_available",  "agents_staffed",
    "occupancy",         "contacts_per_hour", "lead_response",
    "lead_due",          "leads_overdue",     "period",
    "projection",        "misses_left"};

enum class AlertUnit : std::uint8_t { kShare, kSpan, kNumber };
enum class AlertScope : std::uint8_t { kQueue, kClient, kContract };

constexpr AlertScope scope_of(AlertFigure figure) {
  if (figure <= AlertFigure::kAgentsStaffed) return AlertScope::kQueue;
  return figure <= AlertFigure::kLeadsOverdue ? AlertScope::kClient : AlertScope::kContract;
}
/// Whether it is of a window that ends now, rather than of this moment or of a contract's period.
constexpr bool has_window(AlertFigure figure) {
  return figure <= AlertFigure::kMeanFirstResponse ||
         (figure >= AlertFigure::kOccupancy && figure <= AlertFigure::kLeadResponse);
}
/// `contract`: of the figure of the profile's periods.
AlertUnit unit_of(AlertFigure figure, AlertUnit contract);
/// What an alert of a profile watches where it does not say.
AlertFigure alert_figure_of(Metric metric);

/// A client's rule for one figure. Immutable after loading.
struct AlertRule {
  std::string client, profile, name;
  AlertFigure figure = AlertFigure::kServiceLevel;
  AlertUnit unit = AlertUnit::kShare;
  Window window = Window::k30m;  ///< Of a figure that has one.
  bool below = true;             ///< It enters below `enter` and leaves above `leave`; else the other way round.
  Level enter = 0;
  std::optional<Level> leave;  ///< Absent: it leaves as soon as it would not enter.
  Millis hold{0};              ///< It enters once the figure has been beyond `enter` for so long.
  /// A quotient of fewer than that does not enter; absent: min_volume of the profile's version.
  std::optional<std::int64_t> min_volume;
  std::string severity = "warning";
  friend bool operator==(const AlertRule&, const AlertRule&) = default;
};

/// One state machine. The queue is empty where the figure is of a client or a contract.
struct AlertKey {
  std::string client, profile, name, queue;
  auto operator<=>(const AlertKey&) const = default;
};

/// The alert of the program itself: event time lags behind the wall clock.
inline constexpr std::string_view kDataLate = "data-late";

struct AlertFact {
  std::string name, value;  ///< "offered", "52"; neither holds a blank
  friend bool operator==(const AlertFact&, const AlertFact&) = default;
};

/// One alert, from its entering to its leaving.
struct Alert {
  std::string id;  ///< A pure function of its key and `started`.
  AlertKey key{};
  std::string severity{}, figure{}, window{};
  EventTime began{};    ///< Since when the figure was beyond the level.
  EventTime started{};  ///< When it had been so for `hold`.
  std::optional<EventTime> resolved{};
  WallTime entered_at{};
  std::optional<WallTime> left_at{};
  std::string summary{};           ///< What is wrong, in a sentence.
  std::string action{};            ///< What to do first.
  std::string outcome{};           ///< How it left.
  std::vector<AlertFact> facts{};  ///< The figure, and what helps to understand it, as of entering.
  bool announced = false;          ///< It was not muted when it entered, or later, while it was firing.
  struct Acknowledgement {
    std::string by, reason;
    WallTime at{};
    friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
  };
  std::optional<Acknowledgement> acknowledged{};
  friend bool operator==(const Alert&, const Alert&) = default;
};

/// The id of the alert of this state machine that starts then: 32 hexadecimal digits.
std::string alert_id(const AlertKey& key, EventTime started);

enum class AlertStage : std::uint8_t { kFiring, kResolved };
inline constexpr std::array<std::string_view, 2> kAlertStageWords = {"firing", "resolved"};

/// To be sent, or sent: one alert's stage to one channel, such as "webhook https://pager.example/hook".
struct AlertMessage {
  std::string id;
  AlertStage stage{};
  std::string channel;
  auto operator<=>(const AlertMessage&) const = default;
};

/// A figure that is beyond its level, and has not been so for long enough.
struct PendingAlert {
  AlertKey key;
  EventTime since{};
  friend bool operator==(const PendingAlert&, const PendingAlert&) = default;
};

/// Until then alerts of this key enter and leave unsent; an empty name in the key stands for all.
struct Mute {
  std::string id;
  AlertKey key;
  WallTime made{}, until{};
  std::string by, reason;
  friend bool operator==(const Mute&, const Mute&) = default;

  bool covers(const AlertKey& other) const {
    const auto same = [](const std::string& mine, const std::string& theirs) { return mine.empty() || mine == theirs; };
    return same(key.client, other.client) && same(key.profile, other.profile) && same(key.name, other.name) &&
           same(key.queue, other.queue);
  }
};

/// What a commit keeps of alerts.
struct AlertChanges {
  std::vector<Alert> alerts;                         ///< New ones, and former ones as they are now.
  std::optional<std::vector<PendingAlert>> pending;  ///< All of them, where they have changed.
  std::optional<std::vector<Mute>> mutes;            ///< Likewise.
  std::vector<AlertMessage> to_send, sent;
  bool empty() const { return alerts.empty() && !pending && !mutes && to_send.empty() && sent.empty(); }
};

/// What a store gives back of them.
struct AlertState {
  std::vector<Alert> alerts;  ///< Those that are firing, or have messages that are not sent.
  std::vector<PendingAlert> pending;
  std::vector<Mute> mutes;
  std::vector<AlertMessage> to_send;  ///< In order.
};

}  // namespace core

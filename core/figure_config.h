// The figure configuration: everything that enters facts. Two stores with the same records and the same figure
// configuration hold the same figures; its fingerprint stands beside every digest.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.h"
#include "core/contract.h"
#include "core/event.h"
#include "core/time.h"

namespace core {

/// The eleven formulas of service level, in the order of the contract. Names are public: see formula_words.
enum class Formula : std::uint8_t {
  kAnswered,
  kOffered,
  kOfferedLessShort,
  kAnsweredAndAbandoned,
  kAnsweredAndAbandonedLessShort,
  kLateAbandonsOnly,
  kSlEventsIgnoreAbandons,
  kSlEventsAbandonsNegative,
  kSlEventsAbandonsPositive,
  kLeftQueueWithin,
  kAnsweredOrAbandonedWithin,
};
inline constexpr std::array<std::string_view, 11> kFormulaWords = {"answered",
                                                                   "offered",
                                                                   "offered_less_short",
                                                                   "answered_and_abandoned",
                                                                   "answered_and_abandoned_less_short",
                                                                   "late_abandons_only",
                                                                   "sl_events_ignore_abandons",
                                                                   "sl_events_abandons_negative",
                                                                   "sl_events_abandons_positive",
                                                                   "left_queue_within",
                                                                   "answered_or_abandoned_within"};

enum class Basis : std::uint8_t { kArrival, kEvent };
inline constexpr std::array<std::string_view, 2> kBasisWords = {"arrival", "event"};

/// How one visit is judged: a version of a service level profile, in force for visits that begin at or after
/// `valid_from` until the next version's. Thresholds are closed: exactly T is within T.
struct SlaVersion {
  Formula formula = Formula::kOffered;
  Millis threshold{20'000};    ///< T
  Millis short_abandon{5'000}; ///< S, at most T
  std::array<bool, kLeaveReasons> abandoned = {true, true};  ///< by LeaveReason: caller and caller_ringing
  Basis basis = Basis::kArrival;
  EventTime valid_from{};  ///< First instant of the configured date in the client's time zone; without one, 1970.
  Terms terms{};
  /// Of `short_abandon`: no abandon is short.
  static constexpr Millis kNoneShort{-1};
  friend bool operator==(const SlaVersion&, const SlaVersion&) = default;
};

/// A profile of a client. Of those of the service level that apply to a visit the first one with a version in force
/// judges it; where there is none, the default (SlaVersion{}). Those of another metric each judge what applies to them.
struct SlaProfile {
  std::string name;
  Metric metric = Metric::kServiceLevel;
  std::set<std::string> channels, queues;  ///< empty: all
  std::array<bool, kEntries> entries = {true, true, true, true};
  std::vector<SlaVersion> versions;  ///< At least one, each later than the one before.
  std::vector<Exclusion> exclusions;
  friend bool operator==(const SlaProfile&, const SlaProfile&) = default;

  bool applies_to(std::string_view queue, std::string_view channel) const {
    return (queues.empty() || queues.contains(std::string(queue))) &&
           (channels.empty() || channels.contains(std::string(channel)));
  }
  /// Whether it counts in the service level of such visits everywhere, not only in its own contract.
  bool judges_level(Entry entry) const { return metric == Metric::kServiceLevel && entries[index(entry)]; }
  /// The version that judges visits that begin then; nullptr before the first one.
  const SlaVersion* in_force(EventTime begin) const {
    const SlaVersion* found = nullptr;
    for (const SlaVersion& version : versions) {
      if (version.valid_from <= begin) found = &version;
    }
    return found;
  }
};

struct ClientConfig {
  std::string timezone = "UTC";   ///< IANA name
  std::vector<SlaProfile> sla;    ///< The first that applies holds.
  Millis lead_target{300'000};
  Millis redial_gap{30'000};
  std::vector<std::string> required_costs;  ///< Of a deal whose profit counts; empty: any cost at all.
  friend bool operator==(const ClientConfig&, const ClientConfig&) = default;
};

/// Spans beyond which what never ended leaves waiting and staffed. Exactly at the limit is not beyond it.
struct GiveUp {
  Millis voice{4 * 3'600'000}, chat{24 * 3'600'000}, email{14LL * 24 * 3'600'000}, segment{8 * 3'600'000},
      agent_state{16 * 3'600'000};
  /// Of a visit of this channel: chat, email, else voice.
  Millis visit(std::string_view channel) const { return channel == "chat" ? chat : channel == "email" ? email : voice; }
  friend bool operator==(const GiveUp&, const GiveUp&) = default;
};

struct FigureConfig {
  std::map<std::string, std::string, std::less<>> queue_client;  ///< Queue to the client that lists it.
  std::map<std::string, ClientConfig, std::less<>> clients;      ///< "default" may be among them.
  std::set<std::string, std::less<>> sources_without_wrap;       ///< Sources with `sends_wrap: false`.
  std::map<std::string, CalendarConfig, std::less<>> calendars;  ///< Those that versions name are among them.
  GiveUp give_up_after;

  /// The client of an event or visit that states none.
  std::string_view client_of_queue(std::string_view queue) const;
  /// The configuration of a client, or the defaults.
  const ClientConfig& client(std::string_view name) const;

  bool any_profile() const {
    return std::ranges::any_of(clients, [](const auto& client) { return !client.second.sla.empty(); });
  }
  /// Whether a version of a profile goes by this calendar.
  bool names_calendar(const std::string& calendar) const;

  /// A canonical text, one `key = value` line each, sorted: what the store keeps to name the keys that differ. It
  /// includes the version of the time zone data.
  std::string canonical_text() const;
  /// SHA-256 of canonical_text(), as 64 hexadecimal digits.
  std::string fingerprint() const;

  /// As far as it can have judged what happened up to `time`: without versions, exclusions, holidays and forecasts that
  /// begin later. Two configurations of the same past give the same figures, though the text differs.
  FigureConfig as_of(EventTime time) const;

  friend bool operator==(const FigureConfig&, const FigureConfig&) = default;
};

/// The configuration as bytes for the store, and back; unpacking throws CorruptState (core/packed.h).
std::string pack(const FigureConfig& config);
FigureConfig unpack_figure_config(std::string_view bytes);

/// The value of a line of a canonical text; empty where it has no such key.
std::string value_of_key(std::string_view text, const std::string& key);

/// The keys (left sides of canonical_text lines) whose values differ between two canonical texts, sorted.
std::vector<std::string> differing_keys(std::string_view before, std::string_view now);

}  // namespace core

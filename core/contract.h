// What a client's contract asks for: a target, the period that it is judged for, and money. Nothing of it enters a fact
// but the calendar: figures are judged when they are read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decimal.h"
#include "core/every.h"
#include "core/time.h"

namespace core {

/// Which figure a profile judges. Names are public.
enum class Metric : std::uint8_t {
  kServiceLevel,
  kMeanWait,
  kAbandonmentRate,
  kMeanHandle,
  kLeadResponse,   ///< the share of leads with a first attempt within the version's threshold
  kOccupancy,      ///< (on_contact + wrap) / (available + on_contact + wrap) of the client's agents
  kFirstResponse,  ///< the share of chats whose first response came within the version's threshold
};
inline constexpr std::array<std::string_view, 7> kMetricWords = {
    "service_level", "mean_wait", "abandonment_rate", "mean_handle", "lead_response", "occupancy", "first_response"};

/// Whether it is a share in [0, 1]; else a span of time.
constexpr bool is_share(Metric metric) { return metric != Metric::kMeanWait && metric != Metric::kMeanHandle; }
/// Whether less of it is better, where the contract does not say.
constexpr bool less_is_better(Metric metric) {
  return metric != Metric::kServiceLevel && metric != Metric::kLeadResponse && metric != Metric::kOccupancy &&
         metric != Metric::kFirstResponse;
}
/// Whether it is a share of things, of which so many may miss; occupancy is one of time.
constexpr bool counts_misses(Metric metric) { return is_share(metric) && metric != Metric::kOccupancy; }

/// A value of a metric: millionths of a share, or milliseconds.
using Level = std::int64_t;
inline constexpr Level kWhole = 1'000'000;

enum class Aggregate : std::uint8_t { kRatioOfSums, kIntervalsMet };
inline constexpr std::array<std::string_view, 2> kAggregateWords = {"ratio_of_sums", "intervals_met"};

/// Money for a figure beyond `level`: below it, or above it where less is better.
struct CreditTier {
  Level level = 0;
  std::int64_t credit = 0;  ///< millionths of the fee
  friend bool operator==(const CreditTier&, const CreditTier&) = default;
};
struct Credits {
  Decimal fee{};
  std::string currency{};
  std::int64_t cap = kWhole;  ///< At most so many millionths of the fee.
  std::vector<CreditTier> tiers{};
  friend bool operator==(const Credits&, const Credits&) = default;
};

struct ForecastInterval {
  EventTime start;
  std::int64_t offered = 0;
  friend bool operator==(const ForecastInterval&, const ForecastInterval&) = default;
};
/// Of an interval with a forecast only the first ⌊up_to × forecast⌋ visits by begin are judged.
struct VolumeBand {
  std::int64_t up_to = kWhole;             ///< millionths
  std::vector<ForecastInterval> forecast;  ///< in order of start
  std::string file;                        ///< Where it was read from.
  friend bool operator==(const VolumeBand&, const VolumeBand&) = default;
};

struct Terms {
  std::optional<Level> target;  ///< Absent: the figure is shown, and nothing is met or missed.
  bool at_most = false;         ///< The figure must not be above the target; else not below it.
  Every period = Every::kMonth;
  Aggregate aggregate = Aggregate::kRatioOfSums;
  Every interval = Every::k30m;
  /// kIntervalsMet: which share of the intervals must meet the target, in millionths.
  Level intervals_target = kWhole;
  std::int64_t min_volume = 0;           ///< An interval with fewer offered neither alerts nor counts in kIntervalsMet.
  std::optional<std::uint8_t> decimals;  ///< Rounds the figure, in per cent or seconds, before it is compared.
  std::optional<VolumeBand> band;
  std::optional<Credits> credits;
  std::string calendar;  ///< Visits that begin outside its hours are not judged; empty: all are.
  friend bool operator==(const Terms&, const Terms&) = default;
};

/// Visits that begin in [from, to) are not judged.
struct Exclusion {
  EventTime from, to;
  std::string reason, by;
  friend bool operator==(const Exclusion&, const Exclusion&) = default;
};

}  // namespace core

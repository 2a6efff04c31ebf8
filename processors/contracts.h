// Contract figures: what each profile's periods come to, judged by its terms.
//
// The same function answers `figures --by profile`, the report, /metrics and the API.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "processors/contract_judgement.h"
#include "processors/contract_sums.h"
#include "processors/placement.h"

namespace processors {

/// One period of a contract, or an interval in it.
struct ContractFigure {
  std::string client, profile;
  core::Metric metric{};
  const core::SlaVersion* version = nullptr;  ///< Whose terms judge it; lives as long as the configuration.
  core::Period period{};
  Status status = Status::kFinal;
  ContractCell sums;  ///< Of all that is judged: beyond a volume band nothing is.
  /// What is compared: of intervals_met how many intervals have met the target, and how many count. None where contacts
  /// that a volume band needs are not kept any more.
  Fraction figure;
  Yardstick by;
  /// Of a period that runs: what is still to be judged, and where it ends, if the rest of it is like the last
  /// comparable days (contract_outlook.h). Absent where nothing is comparable.
  std::optional<Fraction> rest;
  Fraction projected() const {
    return rest ? Fraction{figure.numerator + rest->numerator, figure.denominator + rest->denominator} : figure;
  }
};

/// What each day of a contract comes to: of one that is judged as a whole its sums, else those of its intervals.
struct ContractDay {
  ContractCell sums;
  Fraction figure;
  bool lost = false;  ///< Contacts that its volume band needs are not kept any more.
};

/// A day is judged as the period is in which it lies, or, for a projection, as the running one.
struct DayKey {
  ContractName name;
  core::Slot day = 0;
  core::Aggregate aggregate{};
  core::Every interval{};
  auto operator<=>(const DayKey&) const = default;
};

/// What was read of days whose intervals have to be looked at one by one, for a reader that comes again. Confined to
/// one thread.
struct KnownDays {
  struct Day {
    std::uint64_t changes = 0;  ///< when it was read
    ContractDay day;
  };
  std::map<DayKey, Day> days;
};

/// Reads contracts at one moment. Confined to one thread; no shard may be changed meanwhile.
class ContractReader {
 public:
  enum class Reach : std::uint8_t { kAll, kRunning };  ///< kRunning: only what running() needs is read.

  /// `known`: of the same shards, kept from one reader to the next; nullptr: none.
  ContractReader(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                 Reach reach = Reach::kAll, KnownDays* known = nullptr);

  /// Periods of the profiles of this client (all of them without one) that begin in [from, to) and have something
  /// judged, running ones included, in order of client, of the profiles in the configuration, and of time.
  std::vector<ContractFigure> periods(const std::optional<std::string>& client, std::optional<core::EventTime> from,
                                      std::optional<core::EventTime> to);
  /// The period of each profile in which as-of lies.
  std::vector<ContractFigure> running();
  /// A contract's local days that begin in a period, each judged as the period in which it lies; days without anything
  /// are left out.
  std::vector<ContractFigure> days(const ContractName& name, const core::Period& period);
  /// Its intervals of one kind that begin in a period, each judged by the terms that are in force then, without
  /// credits; without anything judged they are left out.
  std::vector<ContractFigure> intervals(const ContractName& name, const core::Period& period, core::Every every);

 private:
  struct Profile {
    ContractName name;
    const core::SlaProfile* profile;
    const date::time_zone* zone;
  };
  std::optional<Profile> find(const ContractName& name) const;
  template <typename Use>
  void each_profile(const std::optional<std::string>& client, Use&& use) const;
  /// First instant of a day in which a version can be in force: the first one need not begin with a day.
  static core::EventTime begin_of(const Profile& of, core::Slot day);
  core::Slot first_needed(Reach reach) const;
  /// Calls use(day, terms) for the days of a period with something judged.
  template <typename Use>
  void each_day(const Profile& of, const core::Period& period, Use&& use);
  ContractFigure judge(const Profile& of, const core::Period& period);
  ContractFigure framed(const Profile& of, const core::Period& period, const core::SlaVersion& version) const;
  const ContractDay& day(const Profile& of, core::Slot number, const core::Terms& terms);
  ContractDay day_of_intervals(const Profile& of, core::Slot number, const core::Terms& terms);
  ContractDay known_day(const Profile& of, core::Slot number, const core::Terms& terms);
  std::optional<Fraction> rest_of(const Profile& of, const core::Period& period, const core::Terms& terms);
  struct Pieces {
    ContractSums::Quarters quarters;
    std::set<core::Slot> lost;  ///< Begins of intervals whose band cannot be judged any more.
  };
  Pieces pieces(const Profile& of, const core::Period& period, core::Every every) const;
  Status status(const core::Period& period, bool open) const;

  const core::FigureConfig& config_;
  ReadPoint point_;
  ContractSums sums_;
  KnownDays* known_;
  std::map<DayKey, ContractDay> days_;  ///< Those that were asked for.
};

}  // namespace processors

#include "processors/contracts.h"

#include <algorithm>
#include <limits>

#include "core/wide.h"
#include "processors/contract_outlook.h"
#include "processors/contract_periods.h"

namespace processors {
namespace {

using core::EventTime;
using core::Period;
using core::Slot;

Fraction fraction_of(const ContractCell& cell) {
  return {cell[ContractSum::kNumerator], cell[ContractSum::kDenominator]};
}

/// The volume that is judged of an interval with a forecast; nullopt: all of it.
std::optional<std::int64_t> band_of(const core::Terms& terms, EventTime interval) {
  if (!terms.band) return std::nullopt;
  const auto& forecast = terms.band->forecast;
  const auto found = std::ranges::lower_bound(forecast, interval, {}, &core::ForecastInterval::start);
  if (found == forecast.end() || found->start != interval) return std::nullopt;
  return static_cast<std::int64_t>(core::Wide{found->offered} * terms.band->up_to / core::kWhole);
}

}  // namespace

ContractReader::ContractReader(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                               Reach reach, KnownDays* known)
    : config_(config), point_(point), sums_(shards, config, point, first_needed(reach)), known_(known) {}

EventTime ContractReader::begin_of(const Profile& of, Slot day) {
  return std::max(core::day_begin(*of.zone, day), of.profile->versions.front().valid_from);
}

Slot ContractReader::first_needed(Reach reach) const {
  if (reach == Reach::kAll) return std::numeric_limits<Slot>::min();
  Slot first = std::numeric_limits<Slot>::max();
  each_profile(std::nullopt, [&](const Profile& of) {
    first = std::min(first, core::local_day(*of.zone, point_.as_of) - kLookBack);
    if (const auto period = contract_period(*of.profile, *of.zone, point_.as_of)) {
      first = std::min(first, core::local_day(*of.zone, period->start));
    }
  });
  return first;
}

template <typename Use>
void ContractReader::each_profile(const std::optional<std::string>& client, Use&& use) const {
  for (const auto& [name, settings] : config_.clients) {
    if (client && *client != name) continue;
    for (const core::SlaProfile& profile : settings.sla) {
      use(Profile{{name, profile.name}, &profile, core::find_zone(settings.timezone)});
    }
  }
}

std::optional<ContractReader::Profile> ContractReader::find(const ContractName& name) const {
  std::optional<Profile> found;
  each_profile(name.first, [&](const Profile& profile) {
    if (profile.name == name) found = profile;
  });
  return found;
}

std::vector<ContractFigure> ContractReader::periods(const std::optional<std::string>& client,
                                                    std::optional<EventTime> from, std::optional<EventTime> to) {
  std::vector<ContractFigure> figures;
  each_profile(client, [&](const Profile& of) {
    EventTime judged_to = EventTime::min();
    for (const auto& [day, sums] : sums_.days(of.name)) {
      const EventTime begin = begin_of(of, day);
      if (begin < judged_to) continue;
      const auto period = contract_period(*of.profile, *of.zone, begin);
      if (!period) continue;
      judged_to = period->end;
      if (period->start < from.value_or(EventTime::min()) || period->start >= to.value_or(EventTime::max())) continue;
      figures.push_back(judge(of, *period));
    }
  });
  return figures;
}

std::vector<ContractFigure> ContractReader::running() {
  std::vector<ContractFigure> figures;
  each_profile(std::nullopt, [&](const Profile& of) {
    if (const auto period = contract_period(*of.profile, *of.zone, point_.as_of)) figures.push_back(judge(of, *period));
  });
  return figures;
}

template <typename Use>
void ContractReader::each_day(const Profile& of, const Period& period, Use&& use) {
  const auto& known = sums_.days(of.name);
  for (auto it = known.lower_bound(core::local_day(*of.zone, period.start)); it != known.end(); ++it) {
    const EventTime begin = begin_of(of, it->first);
    if (begin >= period.end) break;
    const auto whole = contract_period(*of.profile, *of.zone, begin);
    if (!whole) continue;
    const core::Terms& terms = judging_version(*of.profile, *whole, point_.as_of).terms;
    use(it->first, terms, day(of, it->first, terms));
  }
}

std::vector<ContractFigure> ContractReader::days(const ContractName& name, const Period& period) {
  std::vector<ContractFigure> days;
  const auto of = find(name);
  if (!of) return days;
  each_day(*of, period, [&](Slot number, const core::Terms& terms, const ContractDay& day) {
    if (day.sums.zero()) return;
    const Period span{core::day_begin(*of->zone, number), core::day_begin(*of->zone, number + 1)};
    ContractFigure figure = framed(*of, span, judging_version(*of->profile, span, point_.as_of));
    figure.by = period_yardstick(figure.metric, terms);
    figure.by.credits = nullptr;  // They are of the period.
    figure.sums = day.sums, figure.figure = day.figure;
    days.push_back(std::move(figure));
  });
  return days;
}

/// The quarter-hours of a period; what stands at the begin of an interval with a band is what is judged of all of it.
/// Intervals that are shorter than the contract's are shown as they are.
ContractReader::Pieces ContractReader::pieces(const Profile& of, const Period& period, core::Every every) const {
  Pieces pieces;
  const bool any_band = std::ranges::any_of(of.profile->versions, [&](const core::SlaVersion& version) {
    return version.terms.band && every >= version.terms.interval;
  });
  ContractSums::Quarters quarters = sums_.quarters(of.name, period.start, period.end);
  if (!any_band) {
    pieces.quarters = std::move(quarters);
    return pieces;
  }
  std::map<EventTime, std::pair<Period, ContractCell>> intervals;
  for (const auto& [quarter, cell] : quarters) {
    const EventTime start = core::slot_start(quarter, core::kInterval);
    const core::SlaVersion* version = of.profile->in_force(start);
    const core::Every kind = version != nullptr ? version->terms.interval : core::Every::k15m;
    const Period interval = core::period_of(kind, *of.zone, start);
    auto& into = intervals[interval.start];
    into.first = interval, into.second.merge(cell);
  }
  for (auto& [start, interval] : intervals) {
    const Slot quarter = core::slot_of(start, core::kInterval);
    const core::SlaVersion* version = of.profile->in_force(start);
    const auto band = version != nullptr ? band_of(version->terms, start) : std::nullopt;
    ContractCell& sums = pieces.quarters[quarter] = interval.second;
    if (!band || sums[ContractCount::kOffered] <= *band) continue;
    // Their contacts may be gone, some or all: half of them would be another figure.
    if (const auto since = sums_.retained_since(); since && start < *since) {
      pieces.lost.insert(quarter);
    } else {
      sums = sums_.first_visits(of.name, interval.first.start, interval.first.end, *band);
    }
  }
  return pieces;
}

std::vector<ContractFigure> ContractReader::intervals(const ContractName& name, const Period& period,
                                                      core::Every every) {
  std::vector<ContractFigure> figures;
  const auto of = find(name);
  if (!of) return figures;
  core::PeriodFinder finder(every, *of->zone);
  struct Sum {
    Period at;
    ContractCell cell;
    bool lost = false;
  };
  std::map<EventTime, Sum> sums;
  const EventTime end = period.end < core::kEndOfEventTime ? period.end + core::longest(every) : period.end;
  const Pieces pieces = this->pieces(*of, {period.start, end}, every);
  for (const auto& [quarter, cell] : pieces.quarters) {
    const Period at = finder.of(core::slot_start(quarter, core::kInterval));
    if (at.start < period.start || at.start >= period.end) continue;
    Sum& into = sums[at.start];
    into.at = at, into.cell.merge(cell), into.lost = into.lost || pieces.lost.contains(quarter);
  }
  for (const auto& [start, sum] : sums) {
    const core::SlaVersion& version = judging_version(*of->profile, sum.at, point_.as_of);
    ContractFigure figure = framed(*of, sum.at, version);
    figure.by = yardstick_of(figure.metric, version.terms);
    figure.by.credits = nullptr;  // They are of the period.
    figure.sums = sum.cell;
    if (!sum.lost) figure.figure = fraction_of(figure.sums);
    figures.push_back(std::move(figure));
  }
  return figures;
}

ContractFigure ContractReader::framed(const Profile& of, const Period& period, const core::SlaVersion& version) const {
  ContractFigure figure;
  figure.client = of.name.first, figure.profile = of.name.second;
  figure.metric = of.profile->metric;
  figure.version = &version;
  figure.period = period;
  figure.status = status(period, sums_.open_in(of.name, period));
  return figure;
}

Status ContractReader::status(const Period& period, bool open) const {
  if (point_.sealed) return Status::kFinal;
  if (point_.as_of < period.end) return Status::kLive;
  const bool passed = point_.watermark && *point_.watermark >= period.end + point_.allowed_lateness;
  return passed && !open ? Status::kFinal : Status::kProvisional;
}

ContractFigure ContractReader::judge(const Profile& of, const Period& period) {
  const core::SlaVersion& version = judging_version(*of.profile, period, point_.as_of);
  ContractFigure figure = framed(of, period, version);
  figure.by = period_yardstick(figure.metric, version.terms);
  bool lost = false;
  each_day(of, period, [&](Slot, const core::Terms&, const ContractDay& day) {
    figure.sums.merge(day.sums);
    figure.figure += day.figure;
    lost = lost || day.lost;
  });
  if (lost) figure.figure = {};
  if (!point_.sealed && point_.as_of < period.end) figure.rest = rest_of(of, period, version.terms);
  return figure;
}

const ContractDay& ContractReader::day(const Profile& of, Slot number, const core::Terms& terms) {
  const DayKey key{of.name, number, terms.aggregate, terms.interval};
  const auto known = days_.find(key);
  if (known != days_.end()) return known->second;
  ContractDay day;
  const auto& all = sums_.days(of.name);
  const auto sums = all.find(number);
  // Versions begin with days.
  const core::SlaVersion* version = of.profile->in_force(begin_of(of, number));
  if (version != nullptr && sums != all.end()) {
    if (terms.aggregate == core::Aggregate::kIntervalsMet || version->terms.band) {
      // A band is one of the version in force, and of its intervals.
      core::Terms by = terms;
      if (by.aggregate == core::Aggregate::kRatioOfSums) by.interval = version->terms.interval;
      day = known_day(of, number, by);
    } else {
      day.sums = sums->second, day.figure = fraction_of(sums->second);
    }
  }
  return days_.emplace(key, day).first->second;
}

/// What is open changes without an event.
ContractDay ContractReader::known_day(const Profile& of, Slot number, const core::Terms& terms) {
  if (known_ == nullptr || sums_.counts_open_in(of.name, number)) return day_of_intervals(of, number, terms);
  KnownDays::Day& known = known_->days[{of.name, number, terms.aggregate, terms.interval}];
  const std::uint64_t changes = sums_.changes(of.name, number) + 1;  // 0: not read yet.
  if (known.changes != changes) known = {changes, day_of_intervals(of, number, terms)};
  return known.day;
}

/// Each interval is judged by the terms in force in it.
ContractDay ContractReader::day_of_intervals(const Profile& of, Slot number, const core::Terms& terms) {
  ContractDay day;
  const Period whole{core::day_begin(*of.zone, number), core::day_begin(*of.zone, number + 1)};
  for (const ContractFigure& interval : intervals(of.name, whole, terms.interval)) {
    day.sums.merge(interval.sums);
    const bool judged = interval.figure.any() || fraction_of(interval.sums).denominator <= 0;
    day.lost = day.lost || !judged;
    if (terms.aggregate == core::Aggregate::kRatioOfSums) {
      day.figure += interval.figure;
      continue;
    }
    if (interval.sums[ContractCount::kOffered] < interval.version->terms.min_volume) continue;
    if (const auto met = meets(interval.figure, interval.by)) day.figure += {*met ? 1 : 0, 1};
  }
  return day;
}

std::optional<Fraction> ContractReader::rest_of(const Profile& of, const Period& period, const core::Terms& terms) {
  const auto& days = sums_.days(of.name);
  if (days.empty()) return std::nullopt;
  Outlook outlook;
  outlook.today = core::local_day(*of.zone, point_.as_of);
  outlook.last_day = core::local_day(*of.zone, period.end - core::Millis{1});
  outlook.first_known = days.begin()->first;
  outlook.figure = [&](Slot number) { return day(of, number, terms).figure; };
  std::optional<core::Calendar> calendar;
  if (!terms.calendar.empty()) calendar.emplace(config_.calendars.at(terms.calendar));
  outlook.closed = [&](Slot number) {
    if (!calendar) return false;
    return calendar->open_within(core::day_begin(*of.zone, number), core::day_begin(*of.zone, number + 1)).empty();
  };
  return expected_rest(outlook);
}

}  // namespace processors

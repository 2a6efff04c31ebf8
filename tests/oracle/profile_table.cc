// Figures of contracts: by profile and period, or interval.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "tests/oracle/calendar.h"
#include "tests/oracle/configuration.h"
#include "tests/oracle/numbers.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/service_level.h"

namespace oracle {
namespace {

/// One thing that is judged, in parts: what it adds to the figure, and when.
struct Judged {
  Ms at = 0;
  Ms offered = 0, numerator = 0, denominator = 0;
  Class visit_class = 0;
};

bool is_share(const std::string& metric) { return metric != "mean_wait" && metric != "mean_handle"; }

/// "80%" in millionths, "45s" in milliseconds.
Ms level(const std::string& text) {
  if (text.back() == '%') return std::llround(std::stod(text.substr(0, text.size() - 1)) * 10'000);
  return parse_duration(text);
}

Ms half_up(Ms numerator, Ms denominator) {
  const Ms twice = 2 * numerator + denominator, by = 2 * denominator;
  return twice >= 0 ? twice / by : -((-twice + by - 1) / by);
}

/// Whether numerator / denominator is on the right side of the target.
bool met(Ms numerator, Ms denominator, Ms target, bool share, bool at_most, std::optional<int> rounding) {
  Ms left = share ? numerator * 1'000'000 : numerator, right = target * denominator;
  if (rounding) {
    const Ms step = share ? static_cast<Ms>(std::pow(10, 4 - *rounding)) : static_cast<Ms>(std::pow(10, 3 - *rounding));
    left = half_up(share ? numerator * 1'000'000 : numerator, denominator * step) * step;
    right = target;
  }
  return at_most ? left <= right : left >= right;
}

class Contract {
 public:
  Contract(const Floor& floor, const std::string& client, std::size_t place)
      : floor_(floor), name_(client), client_(floor.options().client(client)), place_(place) {
    for (const Visit& visit : floor.contacts().visits) add(visit);
    for (const Segment& segment : floor.contacts().segments) add(segment);
    for (const Lead& lead : floor.leads()) add(lead);
    for (const Turn& turn : floor.turns()) add(turn);
    for (const StateSpan& span : floor.agent_time()) add(span);
  }

  std::string csv(const Query& query) const {
    std::string out;
    std::vector<std::pair<Ms, Ms>> rows;
    for (const Judged& one : judged_) {
      const bool total = query.every == "total";
      // An end that lies before its beginning may lie before the first version, and so in no period.
      if (!total || version_at(one.at)) rows.push_back(total ? period(one.at) : interval(one.at, query.every));
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const auto& row : rows) {
      if ((query.from && row.first < *query.from) || (query.to && row.first >= *query.to)) continue;
      out += line(row, query);
    }
    return out;
  }

 private:
  const Profile& profile() const { return client_.profiles[place_]; }
  const Version* version_at(Ms time) const { return in_force(profile(), client_, time); }
  std::pair<Ms, Ms> interval(Ms time, const std::string& every) const {
    return period_at(time, every, client_.timezone);
  }

  /// Of one kind as long as the versions name it.
  std::pair<Ms, Ms> period(Ms time) const {
    const std::string& kind = version_at(time)->period;
    auto [start, end] = interval(time, kind);
    const auto begin_of = [&](const Version& v) {
      return v.valid_from.empty() ? 0 : first_instant(v.valid_from, client_.timezone);
    };
    for (auto v = profile().versions.begin(); v != profile().versions.end(); ++v) {
      const bool first = v == profile().versions.begin() || (v - 1)->period != v->period;
      if (!first) continue;
      if (begin_of(*v) <= time) start = std::max(start, begin_of(*v));
      if (begin_of(*v) > time) {
        end = std::min(end, begin_of(*v));
        break;
      }
    }
    return {start, end};
  }

  /// The version by which something that began then is judged; nullptr: it is not.
  const Version* judging(Ms begin) const {
    const Version* version = version_at(begin);
    if (version == nullptr) return nullptr;
    for (const auto& [from, to] : profile().exclusions) {
      if (begin >= from && begin < to) return nullptr;
    }
    const bool open = version->calendar.empty() || is_open(floor_.options().calendars.at(version->calendar), begin);
    return open ? version : nullptr;
  }

  /// Whether an earlier profile of the service level has the visit.
  bool taken(const Visit& visit) const {
    for (std::size_t i = 0; i < place_; ++i) {
      const Profile& other = client_.profiles[i];
      if (other.metric == "service_level" && applies_to(other, visit.place, visit.entry) &&
          in_force(other, client_, visit.begin))
        return true;
    }
    return false;
  }

  void add(const Visit& visit) {
    const std::string& metric = profile().metric;
    if (visit.place.client != name_ || !applies_to(profile(), visit.place, visit.entry)) return;
    if (metric == "mean_handle" || metric == "lead_response" || metric == "occupancy" || metric == "first_response" ||
        (metric == "service_level" && taken(visit)))
      return;
    const Version* version = judging(visit.begin);
    if (version == nullptr) return;
    judged_.push_back({visit.begin, 1, 0, metric == "abandonment_rate" ? 1 : 0, 0});
    const bool by_event = version->basis == "event";
    if (!visit.end) {
      const Ms age = floor_.as_of() - visit.begin;
      const bool given_up = age > floor_.options().give_up_after.visit(visit.place.channel);
      if (metric != "service_level" || given_up || age <= version->threshold) return;
      judged_.push_back({by_event ? visit.begin + version->threshold + 1 : visit.begin, 0, 0, 1, 0});
      return;
    }
    Judged end{by_event ? *visit.end : visit.begin, 0, 0, 0, class_of(visit, *version)};
    const bool answered = end.visit_class == 'a' || end.visit_class == 'A';
    if (metric == "service_level") {
      end.numerator = in_numerator(end.visit_class, version->formula);
      end.denominator = in_denominator(end.visit_class, version->formula);
    } else if (metric == "mean_wait" && answered) {
      end.numerator = visit.wait(), end.denominator = 1;
    } else if (metric == "abandonment_rate") {
      end.numerator = end.visit_class == 'b' || end.visit_class == 'B';
      end.denominator = end.visit_class == 's' ? -1 : 0;
    }
    judged_.push_back(end);
  }

  bool is_of(const Place& place) const {
    return place.client == name_ && (profile().channels.empty() || profile().channels.contains(place.channel)) &&
           (profile().queues.empty() || profile().queues.contains(place.queue));
  }

  void add(const Segment& segment) {
    if (profile().metric != "mean_handle" || !is_of(segment.place)) return;
    const Version* version = judging(segment.arrival);
    if (version == nullptr) return;
    const bool by_event = version->basis == "event";
    judged_.push_back({by_event ? segment.start : segment.arrival, 1, 0, 0, 0});
    if (segment.completed)
      judged_.push_back({by_event ? *segment.completed : segment.arrival, 0, segment.handle(), 1, 0});
  }

  void add(const Turn& turn) {
    if (profile().metric != "first_response" || !turn.first || !is_of(turn.place)) return;
    const Version* version = judging(turn.begin);
    if (version == nullptr) return;
    const bool by_event = version->basis == "event";
    judged_.push_back({turn.begin, 1, 0, by_event ? 0 : 1, 0});
    if (!turn.answered) return;
    judged_.push_back({by_event ? *turn.answered : turn.begin, 0, turn.response() <= version->threshold ? 1 : 0,
                       by_event ? 1 : 0, 0});
  }

  void add(const Lead& lead) {
    if (profile().metric != "lead_response" || lead.client != name_) return;
    const Version* version = judging(lead.created);
    if (version == nullptr) return;
    const bool by_event = version->basis == "event";
    judged_.push_back({lead.created, 1, 0, by_event ? 0 : 1, 0});
    if (!lead.attempted) return;
    judged_.push_back({by_event ? *lead.attempted : lead.created, 0, lead.response() <= version->threshold ? 1 : 0,
                       by_event ? 1 : 0, 0});
  }

  /// Piece by piece: where a quarter-hour or an exclusion begins or ends the answer may change.
  void add(const StateSpan& span) {
    const bool occupied = span.state == "on_contact" || span.state == "wrap";
    if (profile().metric != "occupancy" || span.client != name_ || !(occupied || span.state == "available")) return;
    std::set<Ms> cuts = {span.from, span.to};
    const auto cut = [&](Ms at) {
      if (at > span.from && at < span.to) cuts.insert(at);
    };
    constexpr Ms kQuarter = 900'000;
    for (Ms at = span.from - span.from % kQuarter; at < span.to; at += kQuarter) cut(at);
    for (const auto& [from, to] : profile().exclusions) cut(from), cut(to);
    for (auto from = cuts.begin(); std::next(from) != cuts.end(); ++from) {
      const Ms time = *std::next(from) - *from;
      if (judging(*from) != nullptr) judged_.push_back({*from, 0, occupied ? time : 0, time, 0});
    }
  }

  struct Sums {
    Ms offered = 0, numerator = 0, denominator = 0;
    std::map<Class, Ms> classes;
  };
  Sums sum(const std::pair<Ms, Ms>& row) const {
    Sums sums;
    for (const Judged& one : judged_) {
      if (one.at < row.first || one.at >= row.second) continue;
      sums.offered += one.offered, sums.numerator += one.numerator, sums.denominator += one.denominator;
      if (one.visit_class != 0) ++sums.classes[one.visit_class];
    }
    return sums;
  }

  /// How many intervals of a period count, and how many of them meet the target in force when they begin.
  void count_intervals(const std::pair<Ms, Ms>& row, const std::string& kind, Ms& numerator, Ms& denominator) const {
    numerator = denominator = 0;
    for (Ms at = row.first; at < row.second && at <= floor_.as_of();) {
      const auto interval = this->interval(at, kind);
      at = interval.second;
      const Version* version = version_at(interval.first);
      const Sums sums = sum(interval);
      if (version == nullptr || version->target.empty() || sums.offered < version->min_volume || sums.denominator <= 0)
        continue;
      ++denominator;
      numerator += met(sums.numerator, sums.denominator, level(version->target), is_share(profile().metric),
                       version->at_most, version->rounding);
    }
  }

  std::string line(const std::pair<Ms, Ms>& row, const Query& query) const {
    const Sums sums = sum(row);
    const Version* at_end = version_at(std::min(row.second - 1, std::max(row.first, floor_.as_of())));
    const Version& version = at_end != nullptr ? *at_end : profile().versions.front();
    const bool of_intervals = query.every == "total" && !version.intervals_target.empty();
    const bool share = of_intervals || is_share(profile().metric), at_most = !of_intervals && version.at_most;
    Ms numerator = sums.numerator, denominator = sums.denominator;
    if (of_intervals) count_intervals(row, version.interval, numerator, denominator);
    const std::string& target = of_intervals ? version.intervals_target : version.target;
    const bool judged = denominator > 0 && !target.empty();
    const auto good = [&](Ms n) { return met(n, denominator, level(target), share, at_most, version.rounding); };
    const Ms missed = at_most ? numerator : denominator - numerator;
    std::string left;
    const bool counted = share && (of_intervals || profile().metric != "occupancy");
    if (counted && judged) {
      Ms most = -1;
      for (Ms m = 0; m <= denominator; ++m) most = good(at_most ? m : denominator - m) ? m : most;
      left = std::to_string(most - missed);
    }
    const auto of = [&](Class c) {
      const auto found = sums.classes.find(c);
      return std::to_string(found == sums.classes.end() ? 0 : found->second);
    };
    bool nothing = sums.offered == 0 && sums.numerator == 0 && sums.denominator == 0 && sums.classes.empty();
    if (nothing) return "";
    const std::string figure = denominator <= 0 ? ""
                               : share          ? quotient(numerator, denominator, 6)
                                                : mean_seconds(numerator, denominator);
    return csv_line({name_,
                     profile().name,
                     format_time(row.first, query.timezone),
                     format_time(row.second, query.timezone),
                     "final",
                     "0",
                     profile().metric,
                     std::to_string(sums.offered),
                     of('a'),
                     of('A'),
                     of('s'),
                     of('b'),
                     of('B'),
                     of('f'),
                     of('F'),
                     std::to_string(numerator),
                     std::to_string(denominator),
                     figure,
                     target.empty() ? ""
                     : share        ? quotient(level(target), 1'000'000, 6)
                                    : seconds(level(target)),
                     judged ? (good(numerator) ? "yes" : "no") : "",
                     counted && !target.empty() ? std::to_string(missed) : "",
                     left,
                     "",
                     "",
                     "",
                     "",
                     ""});
  }

  const Floor& floor_;
  std::string name_;
  const Client& client_;
  std::size_t place_;
  std::vector<Judged> judged_;
};

}  // namespace

std::string profile_csv(const Floor& floor, const Query& query) {
  std::string out = csv_line({"client",          "profile",
                              "start",           "end",
                              "status",          "revision",
                              "metric",          "offered",
                              "answered_within", "answered_late",
                              "abandoned_short", "abandoned_within",
                              "abandoned_late",  "flowed_out_within",
                              "flowed_out_late", "numerator",
                              "denominator",     "figure",
                              "target",          "met",
                              "misses",          "misses_left",
                              "expected",        "projection",
                              "credit_rate",     "credit",
                              "currency"});
  for (const auto& [name, client] : floor.options().clients) {
    if (query.client && *query.client != name) continue;
    for (std::size_t place = 0; place < client.profiles.size(); ++place) out += Contract(floor, name, place).csv(query);
  }
  return out;
}

}  // namespace oracle

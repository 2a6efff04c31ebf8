// Times as text, and the intervals into which rows of figures are cut.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <date/tz.h>

#include "tests/oracle/options.h"

namespace oracle {

/// Reads a valid RFC 3339 time with an offset, cut to milliseconds. Throws std::invalid_argument.
Ms parse_time(const std::string& text);

/// RFC 3339 with whole seconds: in UTC with `Z` where no zone is given, else in the zone with its offset.
std::string format_time(Ms time, const std::string& timezone);

/// The first instant of the date "2026-01-01" in the zone.
Ms first_instant(const std::string& date, const std::string& timezone);

/// Number of the local day since 1970-01-01, and the first instant of one.
int local_day(Ms time, const std::string& timezone);
Ms day_start(int day, const std::string& timezone);
/// Whether the calendar has hours then.
bool is_open(const Calendar& calendar, Ms time);
/// [start, end) of the 15m, 30m, 1h, day, week, month, quarter or year in which it lies, by the zone's clock.
std::pair<Ms, Ms> period_at(Ms time, const std::string& every, const std::string& timezone);

/// A row's interval [start, end); `total` without --from or --to has open ends.
struct Interval {
  std::optional<Ms> start, end;
};

/// Says to which row a moment belongs, by the query's `every`, `window`, `from`, `to` and zones. Immutable after
/// construction but for a cache of zones: confined to one thread.
class Periods {
 public:
  Periods(const Query& query, const Options& options, Ms as_of);

  /// The interval of a fact of `client` at `time`; nothing where the query does not ask for it.
  std::optional<Interval> at(Ms time, const std::string& client) const;

  struct Part {
    Interval interval;
    Ms amount;
  };
  /// The span [from, to) pro rata over the intervals that it covers.
  std::vector<Part> split(Ms from, Ms to, const std::string& client) const;

 private:
  struct Bounds {
    Ms start, end;
  };
  bool single_row() const { return !query_.window.empty() || query_.every == "total"; }
  Interval single(const std::string& client) const;
  Bounds bounds(Ms time, const std::string& client) const;
  bool wanted(Ms start) const { return (!query_.from || start >= *query_.from) && (!query_.to || start < *query_.to); }
  const date::time_zone* zone(const std::string& client) const;

  Query query_;
  const Options& options_;
  Ms as_of_;
  mutable std::map<std::string, const date::time_zone*> zones_;
};

}  // namespace oracle

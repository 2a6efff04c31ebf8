// What every row of a table of figures begins with, in words.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/figure_query.h"
#include "core/figure_table.h"
#include "core/periods.h"
#include "processors/placement.h"

namespace processors {

inline std::string_view status_word(Status status, std::int64_t revisions) {
  if (status == Status::kFinal) return revisions > 0 ? "corrected" : "final";
  return status == Status::kLive ? "live" : "provisional";
}

/// RFC 3339 with whole seconds, in UTC or by the clock of the query's zone; no value for a bound that is none.
class TimeWords {
 public:
  explicit TimeWords(const core::FigureQuery& query)
      : zone_(query.timezone ? core::find_zone(*query.timezone) : nullptr) {}
  core::Value operator()(core::EventTime time) const {
    if (time == core::EventTime::min() || time == core::EventTime::max()) return {};
    return core::format_rfc3339_seconds(time, zone_);
  }

 private:
  const date::time_zone* zone_;
};

}  // namespace processors

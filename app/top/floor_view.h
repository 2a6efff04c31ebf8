// What a supervisor's screen shows, read from the answers of a running floorwatch's HTTP interface.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace app {

/// The texts of one round of questions, and when they were asked.
struct FloorAnswers {
  std::string day;        ///< /api/v1/figures?by=queue&window=day
  std::string half_hour;  ///< /api/v1/figures?by=queue&window=30m
  std::string metrics;    ///< /metrics: waiting, oldest wait and agents now, which are no figures of an interval.
  std::string readiness;  ///< /readyz
  core::WallTime at;
};

/// One queue and channel. Absent values are those for which there is nothing to divide by.
struct FloorRow {
  std::string client, queue, channel;
  std::int64_t waiting = 0;
  std::optional<core::Millis> oldest_wait;  ///< Until now by the wall clock: a stalled pipeline shows as a growing age.
  std::int64_t offered = 0, answered = 0, abandoned = 0;  ///< The client's day so far.
  std::optional<double> service_level_day;                ///< 0 to 1
  std::optional<double> service_level_half_hour;          ///< 0 to 1
  std::optional<double> mean_wait_s;                      ///< Of the visits answered in the last 30 minutes.
};

struct FloorView {
  std::vector<FloorRow> rows;                  ///< By client, queue, channel.
  std::map<std::string, std::int64_t> agents;  ///< State -> agents in it now; empty where the sources send no states.
  bool ready = false;
  std::string why_not_ready;
  core::WallTime at;
};

/// The words for people in an answer of problem details (RFC 9457): ": no store yet", or "" where there are none. Pure.
std::string problem_words(const std::string& body);

/// A Failure says which answer could not be understood. Pure.
core::Result<FloorView> read_floor(const FloorAnswers& answers);

}  // namespace app

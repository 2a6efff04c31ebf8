// How far back single contacts are kept (`store.keep_contacts`): the horizon.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/time.h"

namespace core {

/// The start of the UTC day that lies `keep` before the watermark, but never before `former`: it moves with event time
/// alone, at most once a day, and not back.
constexpr EventTime retained_since(std::optional<EventTime> former, EventTime watermark, Millis keep) {
  constexpr Millis kDay = std::chrono::days{1};
  const EventTime day = event_time(floor_div(to_ms(watermark - keep), kDay.count()) * kDay.count());
  return std::max(day, former.value_or(kFirstEventTime));
}

}  // namespace core

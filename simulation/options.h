// What a simulated centre is asked to be: its size, its time, and how badly its events are delivered.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace simulation {

/// How the events reach the reader; has no influence on what happened.
struct Disturbance {
  core::Millis disorder{0};          ///< Delivery is shuffled within this span after the event's time.
  std::uint32_t duplicates_ppm = 0;  ///< Events per million that are delivered twice.
  std::uint32_t late_ppm = 0;        ///< Events per million that are delivered up to `late_by` after their time.
  core::Millis late_by{0};
  std::uint32_t bad_ppm = 0;  ///< Broken messages, in addition, per million events.
};

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t visits = 10'000;                                ///< Queue visits in all, exactly; 0: endless.
  core::EventTime start = core::event_time(1'772'409'600'000);  ///< 2026-03-02T00:00:00Z, a Monday.
  core::Millis length{24 * 3'600'000};                          ///< In this span about all visits begin.
  std::uint64_t visits_per_hour = 0;  ///< Mean arrivals; 0: `visits` over `length` (endless: 1,200).
  bool daily_curve = true;            ///< false: the same rate at all hours.
  std::uint32_t clients = 4, queues = 12;
  std::uint32_t agents = 0;  ///< 0: as many as the load needs.
  std::uint32_t hurry = 1;   ///< Every span of a conversation is divided by this: many events from few agents.
  Disturbance disturbance;
};

}  // namespace simulation

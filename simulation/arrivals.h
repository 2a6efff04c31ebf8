// When the next customer comes, and to which queue.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "simulation/options.h"
#include "simulation/plan.h"
#include "simulation/random.h"

namespace simulation {

/// A Poisson process whose rate follows the daily curve; it never ends. Confined to one thread.
class Arrivals {
 public:
  Arrivals(const Options& options, const Plan& plan);

  core::EventTime next();
  QueueNo queue();
  bool brings_lead();

 private:
  core::EventTime now() const { return start_ + core::Millis{elapsed_ns_ / 1'000'000}; }
  std::uint32_t rate_at(core::EventTime time) const;

  const core::EventTime start_;
  const bool daily_curve_;
  Random random_;
  std::int64_t elapsed_ns_ = 0;   ///< Finer than the events' clock, so that many arrivals a millisecond are possible.
  std::int64_t peak_gap_ns_ = 0;  ///< Mean gap at the curve's highest hour.
  std::vector<std::uint32_t> weights_;  ///< by QueueNo
  std::uint32_t weight_sum_ = 0;
};

}  // namespace simulation

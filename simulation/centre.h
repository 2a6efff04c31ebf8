// The simulated call centre: N queue visits and all that belongs to them, as canonical events and as true figures.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "core/time.h"
#include "simulation/delivery.h"
#include "simulation/options.h"
#include "simulation/plan.h"
#include "simulation/truth.h"

namespace simulation {

struct Summary {
  std::uint64_t visits = 0;
  std::uint64_t events = 0;      ///< Different events.
  std::uint64_t duplicates = 0;  ///< Second deliveries, beside them.
  std::uint64_t bad = 0;         ///< Broken messages, beside them.
  core::EventTime as_of{};       ///< Largest event time.
  bool complete = false;         ///< false: the outlet wanted no more before the centre had run dry.
};

/// Simulates until all visits have begun and everything but leads and deals has ended; without a limit of visits until
/// the outlet wants no more. The same options give the same messages on every machine; Options::disturbance changes
/// their delivery only. `truth` (may be null) must be made of the same plan, and holds when `complete`.
core::Result<Summary> simulate(const Options& options, const Plan& plan, Truth* truth, const Outlet& outlet);

}  // namespace simulation

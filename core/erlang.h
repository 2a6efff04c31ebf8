// Erlang C: the service level of a queue that agents serve, from how much comes and how long it takes.
//
// A. K. Erlang (1917), for calls that come at random, take exponential times and wait without giving up: real callers
// abandon, so where a queue is short of agents it shows a worse service level than there will be.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.h"

namespace core {

/// What a queue has to do.
struct Workload {
  double arrivals_per_second = 0;
  double handle_seconds = 0;  ///< Mean of talk, hold and wrap-up.
  /// In Erlangs: so many agents would be busy all the time.
  double traffic() const { return arrivals_per_second * handle_seconds; }
};

/// The share of calls that wait at all; 1 where `agents` are not more than the traffic. In [0, 1].
double erlang_c(double traffic, std::int32_t agents);

/// The share of calls that are answered within `threshold`: 0 where agents cannot keep up, 1 where nothing comes.
double expected_service_level(const Workload& load, std::int32_t agents, Millis threshold);

/// The fewest agents that reach `target` (a share in [0, 1)); nullopt where even `most` do not.
std::optional<std::int32_t> agents_needed(const Workload& load, double target, Millis threshold,
                                          std::int32_t most = 100'000);

}  // namespace core

// The figures of this moment and of every rolling window, read in one pass over what a window can reach: for the
// gauges of Prometheus, which are asked for every few seconds. The same numbers as `figures --window`; a test holds
// them equal.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>

#include "core/figure_query.h"
#include "processors/figures.h"

namespace processors {

inline constexpr std::size_t kWindows = core::kWindowWords.size();
template <typename Sums>
using PerWindow = std::array<Sums, kWindows>;  ///< by core::Window
template <typename Sums>
void add_each(PerWindow<Sums>& to, const PerWindow<Sums>& from) {
  for (std::size_t w = 0; w < kWindows; ++w) to[w].add(from[w]);
}

/// What the gauges of a queue are quotients of; basis event.
struct QueueSums {
  std::int64_t offered = 0, answered = 0, abandoned = 0, handled = 0, completed = 0;
  std::int64_t level_numerator = 0, level_denominator = 0;  ///< service level, open visits included
  std::int64_t wait_ms = 0, handle_ms = 0;                  ///< of answered visits, of completed segments
  void add(const QueueSums& other);
};

struct LiveQueue {
  std::int64_t waiting = 0;
  core::EventTime oldest = core::EventTime::max();  ///< Begin of the visit that waits longest, if any waits.
  PerWindow<QueueSums> windows;
};

/// Contacts (of the visit's client) and time (of the home client) of an agent, or of all agents of a client.
struct AgentSums {
  std::int64_t handled = 0;
  std::array<std::int64_t, core::kAgentStates> ms{};  ///< by core::AgentState; offline is not kept
  void add(const AgentSums& other);
  std::int64_t busy_ms() const;     ///< on contact or in wrap-up
  std::int64_t working_ms() const;  ///< that, and available
  std::int64_t staffed_ms() const;  ///< that, and ringing
};

struct ResponseSums {
  core::Histogram responses;
  Maximum longest;
  void add(const ResponseSums& other) { responses.add_all(other.responses), longest.merge(other.longest); }
};

struct LiveFigures {
  using ClientAnd = std::pair<std::string, std::string>;
  /// (client, queue, channel): every queue that ever had a visit or segment.
  using Queue = std::tuple<std::string, std::string, std::string>;
  boost::unordered_flat_map<Queue, LiveQueue, boost::hash<Queue>> queues;
  std::map<std::string, PerWindow<AgentSums>> clients;    ///< all agents of a client
  std::map<ClientAnd, PerWindow<AgentSums>> agents;       ///< (client, agent); only where asked for
  std::map<ClientAnd, PerWindow<ResponseSums>> campaigns; ///< (client, campaign)
  /// Agents by (home client, queue that they serve, state) now; the queue is empty for all agents of the client.
  std::map<std::tuple<std::string, std::string, core::AgentState>, std::int64_t> agents_by_state;
};

/// live_figures() looks at nothing before it: the earliest of the clients' days at `as_of`.
core::EventTime live_since(const core::FigureConfig& config, core::EventTime as_of);

/// Only to be called while no shard is being changed. Slices must have been dropped up to `point` (Shard::advance).
LiveFigures live_figures(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                         bool each_agent);

}  // namespace processors

// The figures of this moment and of every rolling window, read in one pass over what a window can reach: for the
// gauges of Prometheus, which are asked for every few seconds. The same numbers as `figures --window`; a test holds
// them equal.
#pragma once

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
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
  std::int64_t responded = 0, first_response_ms = 0;        ///< chats
  void add(const QueueSums& other);
};

struct LiveQueue {
  std::int64_t waiting = 0;
  core::EventTime oldest = core::EventTime::max();  ///< Begin of the visit that waits longest, if any waits.
  std::int64_t unanswered = 0;                      ///< Chats in which the customer waits for an agent to write,
  core::EventTime oldest_unanswered = core::EventTime::max();  ///< since when the first of them.
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

/// First attempts of leads, by their own time.
struct ResponseSums {
  core::Histogram responses;
  Maximum longest;
  std::int64_t attempted = 0, within_target = 0;
  void add(const ResponseSums& other) {
    responses.add_all(other.responses), longest.merge(other.longest);
    attempted += other.attempted, within_target += other.within_target;
  }
};

/// Open leads of a client that nobody has attempted.
struct UntouchedLeads {
  core::EventTime oldest_due = core::EventTime::max();  ///< The oldest one's creation that can still be in time.
  std::int64_t overdue = 0;                             ///< Those that cannot be any more.
  void add(const UntouchedLeads& other) {
    oldest_due = std::min(oldest_due, other.oldest_due), overdue += other.overdue;
  }
};

/// What is read beside queues, which are always.
struct LiveScope {
  bool each_agent = false;  ///< contacts and times of each agent, too
  bool times = true;        ///< of agents
  bool campaigns = true;    ///< how many leads were attempted, and in time
  bool responses = true;    ///< and the spans of it
  bool untouched_leads = false;  ///< all open leads are looked at
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
  /// Agents by queue that they serve and state, of whatever home.
  std::map<std::string, std::array<std::int64_t, core::kAgentStates>, std::less<>> agents_of_queue;
  std::map<std::string, UntouchedLeads> untouched_leads;  ///< by client; only where asked for
};

/// live_figures() looks at nothing before it: the earliest of the clients' days at `as_of`.
core::EventTime live_since(const core::FigureConfig& config, core::EventTime as_of);

/// Only to be called while no shard is being changed. Slices must have been dropped up to `point` (Shard::advance).
/// Of the agents who serve a queue those in one of these states; nullopt where no event says who serves it.
std::optional<std::int64_t> agents_of(const LiveFigures& figures, std::string_view queue,
                                      std::initializer_list<core::AgentState> states);

LiveFigures live_figures(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                         const LiveScope& scope);

}  // namespace processors

// One shard's part of the live figures, read in two steps: the shard stands still only for the first, which takes plain
// sums under the shard's own numbers for names.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "processors/live_figures.h"
#include "processors/noted_names.h"

namespace processors {

/// Immutable after construction.
class LiveShard {
 public:
  /// Reads the shard, which must not be changed meanwhile. Its slices must have been dropped up to `point`
  /// (Shard::advance).
  LiveShard(Shard& shard, const core::FigureConfig& config, const ReadPoint& point, const LiveScope& scope);

  /// Does not look at the shard any more.
  void add_to(LiveFigures& figures) const;

  /// Sums of a family's keys by window.
  template <typename Sums>
  using Rows = boost::unordered_flat_map<CellKey, PerWindow<Sums>, boost::hash<CellKey>>;
  struct Waiting {
    std::int64_t n = 0;
    core::EventTime oldest = core::EventTime::max();
  };
  struct Agent {
    core::NameId home{};
    std::string id;
    PerWindow<AgentSums> times;
  };

 private:
  friend class ShardReader;

  Rows<QueueSums> queues_;
  boost::unordered_flat_map<CellKey, Waiting, boost::hash<CellKey>> waiting_;     ///< visits
  boost::unordered_flat_map<CellKey, Waiting, boost::hash<CellKey>> unanswered_;  ///< turns of chats
  boost::unordered_flat_map<core::NameId, PerWindow<AgentSums>> homes_;  ///< time of all agents of a client
  Rows<AgentSums> agent_contacts_;                                       ///< only where each agent is asked for
  std::vector<Agent> agents_;                                            ///< likewise
  std::map<std::tuple<core::NameId, core::NameId, core::AgentState>, std::int64_t> states_;  ///< (home, queues, state)
  Rows<ResponseSums> campaigns_;
  boost::unordered_flat_map<core::NameId, UntouchedLeads> untouched_;  ///< by client
  NotedNames names_;
};

}  // namespace processors

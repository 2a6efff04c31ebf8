#include "processors/live_figures.h"

#include <algorithm>

#include "processors/figure_rows.h"
#include "processors/live_shard.h"

namespace processors {

using core::EventTime;
using core::NameId;
using core::Window;

void QueueSums::add(const QueueSums& o) {
  offered += o.offered, answered += o.answered, abandoned += o.abandoned, handled += o.handled;
  completed += o.completed, level_numerator += o.level_numerator, level_denominator += o.level_denominator;
  wait_ms += o.wait_ms, handle_ms += o.handle_ms;
  responded += o.responded, first_response_ms += o.first_response_ms;
}

void AgentSums::add(const AgentSums& other) {
  handled += other.handled;
  for (std::size_t i = 0; i < ms.size(); ++i) ms[i] += other.ms[i];
}
std::int64_t AgentSums::busy_ms() const {
  return ms[core::index(core::AgentState::kOnContact)] + ms[core::index(core::AgentState::kWrap)];
}
std::int64_t AgentSums::working_ms() const { return busy_ms() + ms[core::index(core::AgentState::kAvailable)]; }
std::int64_t AgentSums::staffed_ms() const { return working_ms() + ms[core::index(core::AgentState::kRinging)]; }

namespace {

/// Agents by client and each queue that they serve: `queues` has several names.
void add_states(LiveFigures& figures, const std::string& client, std::string_view queues, core::AgentState state,
                std::int64_t n) {
  figures.agents_by_state[{client, "", state}] += n;
  while (!queues.empty()) {
    const auto end = std::min(queues.find(kQueueSeparator), queues.size());
    const std::string queue(queues.substr(0, end));
    figures.agents_by_state[{client, queue, state}] += n;
    figures.agents_of_queue[queue][core::index(state)] += n;
    queues.remove_prefix(std::min(end + 1, queues.size()));
  }
}

}  // namespace

void LiveShard::add_to(LiveFigures& figures) const {
  const auto text = [this](NameId id) -> const std::string& { return names_.text(id); };
  boost::unordered_flat_map<NameId, PerWindow<AgentSums>> clients = homes_;
  for (const auto& [key, row] : queues_) {
    LiveQueue& queue = figures.queues[{text(key.a), text(key.b), text(key.c)}];
    add_each(queue.windows, row);
    if (const auto it = waiting_.find(key); it != waiting_.end()) {
      queue.waiting += it->second.n, queue.oldest = std::min(queue.oldest, it->second.oldest);
    }
    if (const auto it = unanswered_.find(key); it != unanswered_.end()) {
      queue.unanswered += it->second.n;
      queue.oldest_unanswered = std::min(queue.oldest_unanswered, it->second.oldest);
    }
    PerWindow<AgentSums>& client = clients[key.a];
    for (std::size_t w = 0; w < kWindows; ++w) client[w].handled += row[w].handled;
  }
  for (const auto& [client, row] : clients) add_each(figures.clients[text(client)], row);
  for (const auto& [key, row] : agent_contacts_) add_each(figures.agents[{text(key.a), text(key.b)}], row);
  for (const Agent& agent : agents_) add_each(figures.agents[{text(agent.home), agent.id}], agent.times);
  for (const auto& [key, n] : states_) {
    const auto& [home, queues, state] = key;
    add_states(figures, home == NameId::kNone ? "default" : text(home), text(queues), state, n);
  }
  for (const auto& [key, row] : campaigns_) add_each(figures.campaigns[{text(key.a), text(key.b)}], row);
  for (const auto& [client, leads] : untouched_) figures.untouched_leads[text(client)].add(leads);
}

EventTime live_since(const core::FigureConfig& config, EventTime as_of) {
  ReadPoint point;
  point.as_of = as_of;
  core::FigureQuery query;
  query.window = Window::kDay;
  return std::min(Placement(config, query, point).reach().start, as_of - kSliceHorizon - core::kSlice);
}

std::optional<std::int64_t> agents_of(const LiveFigures& figures, std::string_view queue,
                                      std::initializer_list<core::AgentState> states) {
  const auto found = figures.agents_of_queue.find(queue);
  if (found == figures.agents_of_queue.end()) return std::nullopt;
  std::int64_t sum = 0;
  for (const core::AgentState state : states) sum += found->second[core::index(state)];
  return sum;
}

LiveFigures live_figures(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                         const LiveScope& scope) {
  LiveFigures figures;
  for (Shard* shard : shards) LiveShard(*shard, config, point, scope).add_to(figures);
  return figures;
}

}  // namespace processors

#include "tests/oracle/agents.h"

#include <map>

namespace oracle {

std::vector<StateSpan> read_agent_time(const std::vector<Event>& events, const Options& options, Ms as_of) {
  std::map<std::string, std::vector<const Event*>> by_agent;
  for (const Event& event : events) {
    if (event.type == "agent.state") by_agent[event.agent].push_back(&event);
  }
  std::vector<StateSpan> spans;
  for (const auto& [agent, states] : by_agent) {
    std::string home = "default";
    for (const Event* state : states) {
      if (!state->client.empty()) home = state->client;
    }
    // Of states at the same time the last in order stays; the others last 0 ms.
    for (std::size_t i = 0; i < states.size(); ++i) {
      const Ms from = states[i]->time;
      const bool running = i + 1 == states.size();
      if (running && as_of - from > options.give_up_after.agent_state) continue;
      spans.push_back({agent, home, states[i]->word, from, running ? as_of : states[i + 1]->time});
    }
  }
  return spans;
}

}  // namespace oracle

#include "tests/oracle/agents.h"

#include <map>

namespace oracle {

constexpr Ms kLongestState = Ms{366} * 24 * 3'600'000;

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
      const Ms to = running ? as_of : states[i + 1]->time;
      if (to - from > (running ? options.give_up_after.agent_state : kLongestState)) continue;
      spans.push_back({agent, home, states[i]->word, from, to});
    }
  }
  return spans;
}

}  // namespace oracle

// What a log says about agents' time.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/event.h"

namespace oracle {

/// An agent was in one state during [from, to).
struct StateSpan {
  std::string agent, client;  ///< The agent's home client.
  std::string state;
  Ms from = 0, to = 0;
};

/// `events` in order of time, source and id.
std::vector<StateSpan> read_agent_time(const std::vector<Event>& events, const Options& options, Ms as_of);

}  // namespace oracle

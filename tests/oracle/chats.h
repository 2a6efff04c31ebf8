// What a log says about chats: every turn, by the textbook rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/contacts.h"

namespace oracle {

/// A first unanswered message of the customer, and what became of it.
struct Turn {
  Place place;
  bool first = false;  ///< of its chat
  Ms chat_start = 0, begin = 0;
  std::optional<Ms> answered, closed;  ///< at most one
  std::string agent;                   ///< who answered
  Ms response() const { return *answered - begin; }
  bool waits() const { return !answered && !closed; }
};

/// `events` in order of time.
std::vector<Turn> read_turns(const std::vector<Event>& events, const Options& options);

}  // namespace oracle

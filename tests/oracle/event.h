// Canonical events as the oracle reads them from the lines of a log.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/options.h"

namespace oracle {

/// One event. Text that the event does not state is empty; the defaults of the contract (visit, contact, agent, lead
/// from each other or from `subject`) are applied.
struct Event {
  Ms time = 0;
  std::string type, source, id;
  std::string client, queue, channel, contact, visit, agent, lead, campaign, deal, currency;
  std::string
      word;  ///< entry, reason, state or who wrote, as the type says; the default entry and `abandoned` are resolved.
  std::string offer, message;
  bool reached = false, automated = false;
  std::optional<Ms> amount;  ///< in ten-thousandths of the currency
  std::optional<std::map<std::string, Ms>> costs;
};

/// Reads the lines (empty ones are nothing), leaves out unknown types, sorts by time, source and id, and drops second
/// deliveries. The lines must be valid events: throws std::exception where one is not.
std::vector<Event> read_events(const std::vector<std::string>& lines);

}  // namespace oracle

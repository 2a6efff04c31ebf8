// What a log says about leads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/event.h"

namespace oracle {

/// A lead that was seen to be created.
struct Lead {
  std::string client, campaign;
  Ms created = 0;
  std::optional<Ms> attempted, contacted, closed;  ///< The first of each.
  int counted_attempts = 0;
  bool open() const { return !contacted && !closed; }
  Ms response() const { return *attempted < created ? 0 : *attempted - created; }
  Ms contact() const { return *contacted < created ? 0 : *contacted - created; }
};

/// `events` in order of time, source and id.
std::vector<Lead> read_leads(const std::vector<Event>& events, const Options& options);

}  // namespace oracle

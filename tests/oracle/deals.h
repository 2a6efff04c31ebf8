// What a log says about deals.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/event.h"

namespace oracle {

/// A deal that was seen to be opened or closed. Money in ten-thousandths.
struct Deal {
  std::string client, currency;
  std::optional<Ms> opened, closed;
  bool won = false;
  std::optional<Ms> amount;
  std::optional<Ms> costs;  ///< Their sum, if all that the client requires are stated.

  bool open_before(Ms time) const { return opened && *opened < time && !(closed && std::max(*opened, *closed) < time); }
};

/// `events` in order of time, source and id.
std::vector<Deal> read_deals(const std::vector<Event>& events, const Options& options);

}  // namespace oracle

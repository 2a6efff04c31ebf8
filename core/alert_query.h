// A question for alerts, as the command line and the API put it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "core/alert.h"
#include "core/time.h"

namespace core {

struct AlertQuery {
  std::optional<AlertStage> state;  ///< Only those that fire, or that have ended.
  std::optional<std::string> client, id;
  std::optional<EventTime> from, to;  ///< Those that started in [from, to).
  std::optional<std::size_t> limit;   ///< The newest so many; absent: all.
};

/// Reads "state", "client", "id", "from", "to", "limit" as given on the command line or in a URL. The error says which
/// one is wrong and what is allowed. Unknown names are errors.
tl::expected<AlertQuery, std::string> parse_alert_query(const std::map<std::string, std::string>& words);

}  // namespace core

// The times of Asterisk's logs.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"

namespace date {
class time_zone;
}

namespace ingest {

/// Reads "1366720340", "1366720340.303267", RFC 3339, and, as databases and newer logs have it,
/// "2012-07-01 08:00:00.000000" by the clocks of `zone`: of two possible instants the earlier; a time that the clocks
/// skipped is as long after the change as it claims to be. Cut to milliseconds; nullopt for anything else.
/// Thread-safe: a free function without state.
std::optional<core::EventTime> parse_asterisk_time(std::string_view text, const date::time_zone& zone);

}  // namespace ingest

// The version of the time zone data that this machine's figures stand on.
#pragma once

#include <string>

namespace core {

/// As the IANA names it ("2025b"). Debian's library leaves it out, so the data's own first line is asked; "unknown"
/// where neither says it. Read once per process, since the library keeps its zones that long as well. Thread-safe.
const std::string& timezone_data_version();

}  // namespace core

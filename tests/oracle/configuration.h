// The part of a floorwatch configuration file that enters figures, read a second time and independently of `config`.
#pragma once

#include <string>

#include "tests/oracle/options.h"

namespace oracle {

/// Reads a valid configuration (YAML). The first source says whether wraps are sent. Throws std::exception for what it
/// cannot understand; keys that do not enter figures are ignored.
Options read_options(const std::string& yaml);

/// "250ms", "20s", "4.999s", "5m", "4h", "14d".
Ms parse_duration(const std::string& text);

}  // namespace oracle

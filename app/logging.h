// The program's log: to standard error, as text for people or one JSON object a line.
#pragma once

#include "config/config.h"

namespace app {

/// Sets the default logger of the process. Called once, before other threads start.
void set_up_logging(const config::LoggingConfig& config);

}  // namespace app

// The program's log: to standard error, as text for people or one JSON object a line.
#pragma once

#include "config/config.h"

namespace app {

/// Sets the default logger of the process; called again, it changes that logger's level and form. The first call comes
/// before other threads start, later ones may come from any thread.
void set_up_logging(const config::LoggingConfig& config);

}  // namespace app

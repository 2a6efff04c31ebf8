// `floorwatch check`: is the configuration good, and what does it amount to?
#pragma once

#include "app/commands/command.h"

namespace app {

void add_check(CLI::App& app, int& exit_code);

}  // namespace app

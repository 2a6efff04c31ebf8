// `floorwatch run`: the service.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_run(CLI::App& app, int& exit_code);

}  // namespace app

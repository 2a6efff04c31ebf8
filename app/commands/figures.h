// `floorwatch figures`: prints figures out of a store.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_figures(CLI::App& app, int& exit_code);

}  // namespace app

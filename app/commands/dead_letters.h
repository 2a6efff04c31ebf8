// `floorwatch dead-letters`: lists what was rejected, and reads it once more.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_dead_letters(CLI::App& app, int& exit_code);

}  // namespace app

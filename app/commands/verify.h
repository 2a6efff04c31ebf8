// `floorwatch verify`: is the store what its log says?
#pragma once

#include "app/commands/command.h"

namespace app {

void add_verify(CLI::App& app, int& exit_code);

}  // namespace app

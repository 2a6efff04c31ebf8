// `floorwatch digest`: prints the state digest of a store.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_digest(CLI::App& app, int& exit_code);

}  // namespace app

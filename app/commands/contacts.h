// `floorwatch contacts`: the visits behind a figure, one row each.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_contacts(CLI::App& app, int& exit_code);

}  // namespace app

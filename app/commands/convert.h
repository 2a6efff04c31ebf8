// `floorwatch convert`: any source format to canonical events on standard output.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_convert(CLI::App& app, int& exit_code);

}  // namespace app

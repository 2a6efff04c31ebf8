#pragma once

#include "app/commands/command.h"

namespace app {

void add_explain(CLI::App& app, int& exit_code);

}  // namespace app

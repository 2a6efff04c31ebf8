// floorwatch alerts: what fired, when, and how it ended.
#pragma once

#include <CLI/CLI.hpp>

namespace app {

void add_alerts(CLI::App& app, int& exit_code);

}  // namespace app

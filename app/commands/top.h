// `floorwatch top`: the floor as a table in the terminal, from a running floorwatch's HTTP interface.
#pragma once

#include <CLI/CLI.hpp>

namespace app {

/// Registers the subcommand. It needs no store and no configuration, only the address of a running service.
void add_top(CLI::App& app, int& exit_code);

}  // namespace app

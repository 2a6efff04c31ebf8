// `floorwatch replay`: the same road as `run`, over event logs or a bounded read of Kafka.
#pragma once

#include "app/commands/command.h"

namespace app {

void add_replay(CLI::App& app, int& exit_code);

}  // namespace app

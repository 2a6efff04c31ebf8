#pragma once

#include "app/commands/command.h"

namespace app {

// The rows behind figures: visits, leads, deals.
void add_contacts(CLI::App& app, int& exit_code);
void add_leads(CLI::App& app, int& exit_code);
void add_deals(CLI::App& app, int& exit_code);

}  // namespace app

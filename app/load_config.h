// The configuration file as commands use it: loaded, or every error printed.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"

namespace app {

/// The configuration of `path`, or of defaults where it is empty. Prints all errors on standard error; nullopt then.
std::optional<config::Config> load_config(const std::string& path, bool needs_sources);

/// Threads for the floor: as configured, else as many as the machine has cores.
std::size_t thread_count(const config::Config& config);

}  // namespace app

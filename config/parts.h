// The parts of load() that have a file of their own. Internal to config.
#pragma once

#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "config/section.h"

namespace config {

/// `sources`: names unique, one kind of input each, a format that this version reads.
std::vector<SourceConfig> load_sources(const Section& root, const LoadOptions& options);

/// `clients`: settings, profiles, and which queue belongs to whom.
void load_clients(const Section& root, core::FigureConfig& figures);

}  // namespace config

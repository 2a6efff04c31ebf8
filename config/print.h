// The configuration written out with all its defaults.
#pragma once

#include <string>

#include "config/config.h"

namespace config {

/// YAML that load() reads to an equal Config. Secrets are written as where they come from; one that stands in the
/// file itself, or a property that is a secret by its name, as "********". Fit for a store and for people.
std::string print(const Config& config);

}  // namespace config

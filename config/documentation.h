// The reference page of the configuration, made from the table of keys.
#pragma once

#include <string>

namespace config {

/// The text of docs/configuration.md. A test holds the file equal to it.
std::string documentation();

}  // namespace config

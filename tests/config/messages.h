// What load() says about a text, as a person sees it.
#pragma once

#include <string>

#include "config/load.h"

namespace config {

/// One line an error; empty for a good text.
inline std::string messages(const std::string& text) {
  const auto config = load(text, "c.yaml");
  std::string lines;
  if (config) return lines;
  for (const ConfigError& error : config.error()) lines += to_string(error) + '\n';
  return lines;
}

}  // namespace config

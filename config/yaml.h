// From text to the nodes of its one YAML document.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>

#include "config/error.h"

namespace config {

/// What is no YAML, no UTF-8 or more than one document is reported, and gives a Null node, as an empty text does.
YAML::Node parse_yaml(const std::string& text, Diagnosis& diagnosis);

}  // namespace config

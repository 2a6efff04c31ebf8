// Secrets: values that come from the environment or a file, and which values are never shown.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/config.h"

namespace config {

/// The value of an environment variable or a file's content without its last line end; the error says what is missing.
tl::expected<std::string, std::string> reveal(SecretText::From from, const std::string& reference);

/// Whether a property of librdkafka is a secret by its name, so that its value is not shown wherever it came from.
bool is_secret_property(std::string_view name);

}  // namespace config

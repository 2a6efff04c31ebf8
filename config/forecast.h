// A forecast of volume: CSV with the columns start,offered.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "core/contract.h"

namespace config {

/// In order of start. The error names the line and what is allowed.
tl::expected<std::vector<core::ForecastInterval>, std::string> read_forecast(const std::filesystem::path& path);
tl::expected<std::vector<core::ForecastInterval>, std::string> parse_forecast(const std::string& text);

}  // namespace config

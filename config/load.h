// From the text of a configuration file to a Config, or to everything that is wrong with it.
//
//   const auto config = config::load_file("floorwatch.yaml");
//   if (!config) for (const auto& error : config.error()) fmt::print(stderr, "{}\n", config::to_string(error));
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/config.h"
#include "config/error.h"
#include "config/keys.h"

namespace config {

struct LoadOptions {
  std::span<const std::string_view> formats = kFormats;  ///< What the program's decoders can read.
  /// Off for a text out of a store, whose reader needs no secrets and may not have them.
  bool resolve_secrets = true;
  bool read_files = true;  ///< Off: forecasts are left empty.
};

/// An empty text is a configuration of defaults without sources. `file` is its name in errors. Thread-safe.
tl::expected<Config, ConfigErrors> load(std::string_view text, const std::string& file,
                                        const LoadOptions& options = {});

/// Reads `path`; one that cannot be read is an error without a line. Thread-safe.
tl::expected<Config, ConfigErrors> load_file(const std::string& path, const LoadOptions& options = {});

/// What `run` needs beyond a good file: at least one source. Empty if it has one.
ConfigErrors require_sources(const Config& config);

}  // namespace config

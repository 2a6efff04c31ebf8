#include "app/load_config.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "config/load.h"

namespace app {

std::optional<config::Config> load_config(const std::string& path, bool needs_sources) {
  const auto print = [](const config::ConfigErrors& errors) {
    for (const auto& error : errors) fmt::print(stderr, "{}\n", config::to_string(error));
  };
  auto loaded = path.empty() ? config::load("", "") : config::load_file(path);
  if (!loaded) {
    print(loaded.error());
    return std::nullopt;
  }
  if (needs_sources) {
    if (const auto missing = config::require_sources(*loaded); !missing.empty()) {
      print(missing);
      return std::nullopt;
    }
  }
  return *loaded;
}

std::size_t thread_count(const config::Config& config) {
  return config.threads > 0 ? config.threads : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace app

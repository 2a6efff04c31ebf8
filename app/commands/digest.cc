#include "app/commands/digest.h"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "app/open_store.h"
#include "core/timezone_data.h"

namespace app {
namespace {

int digest(const std::string& store) {
  auto stored = open_for_reading(store);
  if (!stored) return report(stored.error());
  fmt::print("state_digest={}\nconfiguration={}\ntime_zone_data={}\nprogram=floorwatch {}\n", stored->floor->digest(),
             stored->floor->config().fingerprint(), core::timezone_data_version(), FLOORWATCH_VERSION);
  if (const auto since = stored->store->progress().retained_since) {
    fmt::print("retained_since={}\n", core::format_rfc3339(*since));
  }
  return kDone;
}

}  // namespace

void add_digest(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("digest", "Print the state digest: equal exactly where records and cells are");
  const auto store = std::make_shared<std::string>("sqlite:floorwatch.db");
  command->add_option("--store", *store, "The store, sqlite:PATH")->capture_default_str();
  command->footer("Example:\n  floorwatch digest --store sqlite:floorwatch.db");
  command->callback([store, &exit_code] { exit_code = digest(*store); });
}

}  // namespace app

#include "app/verify/whole_store.h"

#include <fmt/format.h>

#include <unordered_set>

#include "app/commands/command.h"
#include "core/packed.h"
#include "core/printable_text.h"
#include "core/text_hash.h"

namespace app {
namespace {

std::string or_absent(std::string value) { return value.empty() ? "absent" : value; }

/// A contact is found again by the list of archived ids, so one that it lacks would be begun anew by its next event.
void check_archived_ids(core::Archive& archive, Floor& floor) {
  for (std::uint32_t s = 0; s < floor.shards().size(); ++s) {
    processors::Shard& shard = *floor.shards()[s];
    std::unordered_set<std::uint64_t> hashes;
    archive.hashes(s, [&](std::uint64_t hash) { hashes.insert(hash); });
    shard.each_contact(core::EventTime::min(), core::EventTime::max(), [&](const processors::ContactRecord& record) {
      if (shard.contacts().holds(record.id()) || hashes.contains(core::text_hash(record.id()))) return;
      throw core::CorruptState(
          fmt::format("shard {}: the list of archived contacts lacks {}", s, core::printable(record.id())));
    });
  }
}

tl::expected<core::FigureConfig, Ending> figure_config(const core::StoreIdentity& identity) {
  std::string why = "its two forms differ";
  try {
    core::FigureConfig config = core::unpack_figure_config(identity.packed_config);
    if (config.canonical_text() == identity.figure_config) return config;
  } catch (const core::CorruptState& error) {
    why = error.what();
  }
  return tl::unexpected(Ending{kAnswerIsNo, fmt::format("the configuration in the store is damaged: {}", why)});
}

}  // namespace

std::vector<std::string> changed_keys(const core::Store& store, const core::FigureConfig& config) {
  const std::string& before = store.identity().figure_config;
  const std::string now = config.canonical_text();
  std::vector<std::string> lines;
  for (const std::string& key : core::differing_keys(before, now)) {
    lines.push_back(fmt::format("{}: the store has {}, the configuration says {}", core::printable(key),
                                core::printable(or_absent(core::value_of_key(before, key))),
                                core::printable(or_absent(core::value_of_key(now, key)))));
  }
  return lines;
}

tl::expected<std::unique_ptr<Floor>, Ending> read_whole(core::Store& store, std::size_t threads) {
  auto config = figure_config(store.identity());
  if (!config) return tl::unexpected(config.error());
  auto floor = std::make_unique<Floor>(std::move(*config), store.identity().shards, threads);
  try {
    if (const auto loaded = floor->load(store); !loaded) {
      return tl::unexpected(
          Ending{loaded.error().retry_after ? kEnvironmentFailed : kAnswerIsNo, loaded.error().message});
    }
    if (store.archive() != nullptr) check_archived_ids(*store.archive(), *floor);
    for (processors::Shard* shard : floor->shards()) shard->bring_back(core::EventTime::min(), core::EventTime::max());
  } catch (const std::runtime_error& damage) {  // core::ArchiveFailure, core::CorruptState
    return tl::unexpected(Ending{kAnswerIsNo, damage.what()});
  }
  return floor;
}

}  // namespace app

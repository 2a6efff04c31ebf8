#include "app/open_store.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/commands/command.h"
#include "app/this_process.h"
#include "core/packed.h"
#include "sinks/store/sqlite_store.h"

namespace app {
namespace {

tl::unexpected<Ending> ending(int exit_code, std::string message) {
  return tl::unexpected(Ending{exit_code, std::move(message)});
}

tl::expected<std::string, Ending> path_of(const std::string& url) {
  if (auto path = sinks::sqlite_path(url)) return *path;
  if (url.starts_with("postgresql:")) {
    return ending(kWrongArguments, fmt::format("--store {}: PostgreSQL is not yet supported in this version", url));
  }
  return ending(kWrongArguments, fmt::format("--store {}: no store URL; allowed: sqlite:PATH", url));
}

/// The keys by which what has happened up to `as_of` would be judged otherwise.
std::vector<std::string> differing_past(const core::StoreIdentity& kept, const core::FigureConfig& config,
                                        std::optional<core::EventTime> as_of) {
  const auto differing = core::differing_keys(kept.figure_config, config.canonical_text());
  if (differing.empty() || !as_of) return differing;
  try {
    const core::FigureConfig former = core::unpack_figure_config(kept.packed_config);
    if (former.canonical_text() != kept.figure_config) return differing;  // Of other time zone data, or damaged.
    return core::differing_keys(former.as_of(*as_of).canonical_text(), config.as_of(*as_of).canonical_text());
  } catch (const core::CorruptState&) {
    return differing;
  }
}

}  // namespace

processors::ReadPoint read_point_of(const core::Progress& progress) {
  return {progress.as_of.value_or(core::EventTime{}), progress.watermark, progress.allowed_lateness, progress.sealed};
}

tl::expected<std::unique_ptr<core::Store>, Ending> open_store_for_reading(const std::string& url) {
  const auto path = path_of(url);
  if (!path) return tl::unexpected(path.error());
  if (!std::filesystem::exists(*path)) {
    return ending(kWrongArguments, fmt::format("--store {}: there is no such file", url));
  }
  auto store = sinks::open_sqlite_store(*path, sinks::OpenMode::kRead, {});
  if (!store) return ending(kEnvironmentFailed, store.error().message);
  return std::move(*store);
}

tl::expected<StoredFloor, Ending> open_for_reading(const std::string& url) {
  auto store = open_store_for_reading(url);
  if (!store) return tl::unexpected(store.error());
  StoredFloor stored;
  stored.store = std::move(*store);
  core::FigureConfig config;
  try {
    config = core::unpack_figure_config(stored.store->identity().packed_config);
  } catch (const core::CorruptState& error) {
    return ending(kEnvironmentFailed,
                  fmt::format("store {}: the configuration in it is damaged: {}", url, error.what()));
  }
  stored.floor = std::make_unique<Floor>(std::move(config), stored.store->identity().shards, 1);
  if (auto loaded = stored.floor->load(*stored.store); !loaded) {
    return ending(kEnvironmentFailed, loaded.error().message);
  }
  stored.point = read_point_of(stored.store->progress());
  return stored;
}

tl::expected<WritableStore, Ending> open_for_writing(const std::string& url, const core::FigureConfig& config,
                                                     std::uint32_t shards, bool rebuild, bool take_over) {
  const auto path = path_of(url);
  if (!path) return tl::unexpected(path.error());
  const std::filesystem::path folder = std::filesystem::path(*path).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder)) {
    return ending(kWrongArguments, fmt::format("--store {}: there is no folder {}", url, folder.string()));
  }
  if (std::filesystem::is_directory(*path)) {
    return ending(kWrongArguments, fmt::format("--store {}: is a folder, a file is needed", url));
  }
  // Made before the store is opened, which may take the last file that this process may open.
  core::Claim claim = claim_of_this_process(take_over);
  const core::StoreIdentity fresh{shards, config.canonical_text(), core::pack(config)};
  auto store = sinks::open_sqlite_store(*path, sinks::OpenMode::kWrite, fresh);
  if (!store) return ending(kEnvironmentFailed, store.error().message);
  const core::StoreIdentity& kept = (*store)->identity();
  const auto differing = differing_past(kept, config, (*store)->progress().as_of);
  if (!differing.empty() && !rebuild) {
    return ending(
        kWrongArguments,
        fmt::format("store {} was made with another figure configuration; these keys differ: {}. Use the "
                    "configuration it was made with, or `floorwatch restate`, which shows what changes and keeps what "
                    "was, or --rebuild to compute all figures again from its records",
                    *path, fmt::join(differing, ", ")));
  }
  const bool renamed =
      differing.empty() && (kept.figure_config != fresh.figure_config || kept.packed_config != fresh.packed_config);
  // Last, so that a refused start takes the store from nobody.
  if (auto owned = (*store)->claim(std::move(claim)); !owned) {
    return ending(kEnvironmentFailed, owned.error().message);
  }
  if (renamed) (*store)->set_identity({(*store)->identity().shards, fresh.figure_config, fresh.packed_config});
  return WritableStore{std::move(*store), !differing.empty()};
}

int report(const Ending& ending) {
  if (!ending.message.empty()) fmt::print(stderr, "floorwatch: {}\n", ending.message);
  return ending.exit_code;
}

}  // namespace app

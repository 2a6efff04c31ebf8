#include "app/restatement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "app/commands/command.h"
#include "app/open_store.h"
#include "core/packed.h"
#include "processors/restatement.h"

namespace app {
namespace {

using processors::Published;

tl::unexpected<Ending> ending(const core::Failure& failure) {
  return tl::unexpected(Ending{kEnvironmentFailed, failure.message});
}

/// The configuration that the store was kept by.
tl::expected<core::FigureConfig, Ending> read_former(const core::Store& store) {
  try {
    return core::unpack_figure_config(store.identity().packed_config);
  } catch (const core::CorruptState& error) {
    return tl::unexpected(
        Ending{kEnvironmentFailed, fmt::format("the configuration in the store is damaged: {}", error.what())});
  }
}

core::RevisionCause cause_of(const std::vector<ChangedKey>& because, core::EventTime as_of) {
  std::vector<std::string> changes;
  for (const ChangedKey& change : because) {
    changes.push_back(fmt::format("{}: {} -> {}", change.key, change.was.empty() ? "nothing" : change.was,
                                  change.is.empty() ? "nothing" : change.is));
  }
  return {"restate", "", "", "restatement", fmt::format("{}", fmt::join(changes, "; ")), as_of};
}

/// The difference, and the floor by the new configuration.
tl::expected<Restatement, Ending> compare(core::Store& store, const core::FigureConfig& config,
                                          std::unique_ptr<Floor>& restated) {
  const auto former = read_former(store);
  if (!former) return tl::unexpected(former.error());
  const auto kinds = processors::touched_by(core::differing_keys(former->canonical_text(), config.canonical_text()));
  const processors::ReadPoint point = read_point_of(store.progress());
  auto floor = std::make_unique<Floor>(*former, store.identity().shards, std::thread::hardware_concurrency());
  if (auto loaded = floor->load(store); !loaded) return ending(loaded.error());
  const auto each = [&](std::size_t n, const std::function<void(std::size_t)>& job) { floor->workers().each(n, job); };
  Published before = processors::published(floor->shards(), floor->config(), point, kinds, each);
  // A store of a build that kept no contracts has not published any.
  if (former->canonical_text() != store.identity().figure_config) before.contracts.clear();
  floor->rebuild_by(config);
  const Published after = processors::published(floor->shards(), floor->config(), point, kinds, each);
  Restatement restatement{changed_keys(*former, config), processors::differences(before, after, point)};
  const core::RevisionCause cause = cause_of(restatement.because, point.as_of);
  for (core::Revision& revision : restatement.revisions) revision.cause = cause;
  restated = std::move(floor);
  return restatement;
}

}  // namespace

std::vector<ChangedKey> changed_keys(const core::FigureConfig& was, const core::FigureConfig& is) {
  const std::string before = was.canonical_text(), after = is.canonical_text();
  std::vector<ChangedKey> changes;
  for (const std::string& key : core::differing_keys(before, after)) {
    changes.push_back({key, core::value_of_key(before, key), core::value_of_key(after, key)});
  }
  return changes;
}

tl::expected<Restatement, Ending> plan_restatement(const std::string& store_url, const core::FigureConfig& config) {
  auto store = open_store_for_reading(store_url);
  if (!store) return tl::unexpected(store.error());
  std::unique_ptr<Floor> restated;
  return compare(**store, config, restated);
}

tl::expected<Restatement, Ending> apply_restatement(const std::string& store_url, const core::FigureConfig& config,
                                                    core::WallTime now) {
  // Asked first: opening for writing would make a store that is not there.
  if (auto there = open_store_for_reading(store_url); !there) return tl::unexpected(there.error());
  auto store = open_for_writing(store_url, config, 0, true);
  if (!store) return tl::unexpected(store.error());
  std::unique_ptr<Floor> restated;
  auto restatement = compare(*store->store, config, restated);
  if (!restatement) return restatement;
  core::Commit commit;
  restated->pack_changes(commit);
  const auto shards = restated->shards();
  commit.snapshots.resize(shards.size());
  restated->workers().each(shards.size(), [&](std::size_t s) { commit.snapshots[s] = shards[s]->pack_snapshot(); });
  commit.revisions = restatement->revisions;
  commit.progress = store->store->progress();
  commit.progress.committed_at = now;
  auto identity = store->store->identity();
  identity.figure_config = config.canonical_text();
  identity.packed_config = core::pack(config);
  store->store->set_identity(std::move(identity));
  if (auto kept = store->store->commit(commit); !kept) return ending(kept.error());
  return restatement;
}

}  // namespace app

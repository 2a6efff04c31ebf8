// Opening stores for commands: by URL, for reading or writing, with the exit status that a failure deserves.
#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "app/floor.h"
#include "app/pipeline.h"
#include "core/store.h"

namespace app {

/// A store opened for reading, with its state loaded. Confined to one thread.
struct StoredFloor {
  std::unique_ptr<core::Store> store;
  std::unique_ptr<Floor> floor;
  processors::ReadPoint point;  ///< As of the store's last commit.
};

/// That of a store's last commit.
processors::ReadPoint read_point_of(const core::Progress& progress);

/// The store alone. Failures: exit 2 for a wrong URL or a store that does not exist, 3 for one that cannot be read.
tl::expected<std::unique_ptr<core::Store>, Ending> open_store_for_reading(const std::string& url);

/// The same, with its state.
tl::expected<StoredFloor, Ending> open_for_reading(const std::string& url);

struct WritableStore {
  std::unique_ptr<core::Store> store;
  bool rebuild = false;  ///< The figure configuration differs and `rebuild` was allowed.
};

/// Opens or makes the store, and owns it. One whose figure configuration differs is refused (exit 2), naming the keys that
/// differ, unless `rebuild`; one that another process owns is refused (exit 3), naming that process, unless `take_over`.
tl::expected<WritableStore, Ending> open_for_writing(const std::string& url, const core::FigureConfig& config,
                                                     std::uint32_t shards, bool rebuild, bool take_over = false);

/// Prints why on standard error; the exit status.
int report(const Ending& ending);

}  // namespace app

// A store read whole: the first half of verifying it, which needs no log.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/floor.h"
#include "app/pipeline.h"
#include "core/store.h"

namespace app {

/// The keys of the figure configuration in which the store and `config` differ, with both values, one line each.
std::vector<std::string> changed_keys(const core::Store& store, const core::FigureConfig& config);

/// Loads all state, and reads every archived contact. Damage (checksums, packing, the list of archived ids) is
/// kAnswerIsNo, with the shard and piece; a store that cannot be read now is kEnvironmentFailed.
tl::expected<std::unique_ptr<Floor>, Ending> read_whole(core::Store& store, std::size_t threads);

}  // namespace app

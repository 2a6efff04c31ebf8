// From the configuration's sources to the pipeline's.
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "app/pipeline.h"
#include "config/config.h"

namespace app {

/// How a replay reads a source instead of how the configuration says.
struct ReplayInput {
  std::vector<std::string> files;  ///< Empty: the source's own input, up to its present end.
  std::size_t lines = 0;           ///< At most so many lines of a file in a batch; 0: the default.
};

/// A source that runs on (`run`).
tl::expected<PipelineSource, std::string> make_live_source(const config::SourceConfig& config);
/// A source that ends (`replay`): no guard against the future, no clock skew.
tl::expected<PipelineSource, std::string> make_replay_source(const config::SourceConfig& config, const ReplayInput& input);

/// The options of a pipeline that the configuration states; the others have their defaults.
PipelineOptions configured_pipeline(const config::Config& config);

}  // namespace app

// Restating a store: the same records judged by another configuration, and what that changes.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/pipeline.h"
#include "core/figure_config.h"
#include "core/revision.h"

namespace app {

/// A key of the figure configuration whose value is another now; empty: it is not there.
struct ChangedKey {
  std::string key, was, is;
};
std::vector<ChangedKey> changed_keys(const core::FigureConfig& was, const core::FigureConfig& is);

struct Restatement {
  std::vector<ChangedKey> because;
  std::vector<core::Revision> revisions;  ///< One for each row that differs, with the keys as its cause.
};

/// What restating the store by `config` changes. Nothing is written.
tl::expected<Restatement, Ending> plan_restatement(const std::string& store_url, const core::FigureConfig& config);

/// The same, and writes it: figures, configuration and revisions in one commit. Fails where another process owns the
/// store.
tl::expected<Restatement, Ending> apply_restatement(const std::string& store_url, const core::FigureConfig& config,
                                                    core::WallTime now);

}  // namespace app

// The diary of corrections as a table, for the command line and the API.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "app/pipeline.h"
#include "core/figure_query.h"
#include "core/figure_table.h"

namespace app {

/// What the query asks for, out of the store of that URL as of its last commit: a line for every figure of a revision.
/// Failures as of open_store_for_reading().
tl::expected<core::FigureTable, Ending> read_revisions(const std::string& store_url, const core::FigureQuery& query);

}  // namespace app

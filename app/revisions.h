// The diary of corrections as a table, for the command line and the API.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/figure_query.h"
#include "core/figure_table.h"
#include "core/result.h"
#include "core/revision.h"

namespace app {

/// A revision has a row of the table for each of its figures.
std::vector<std::string> revision_columns(core::FigureKey by);

/// Gives the rows of the first `query.limit` revisions to `row`, until it says false; whether the limit has left out
/// some. `kept`: nullptr is a store without any.
core::Result<bool> list_revisions(core::RevisionReader* kept, const core::FigureQuery& query,
                                  const std::function<bool(std::vector<core::Value>)>& row);

/// The same as a whole: to be asked for with a limit.
core::Result<core::FigureTable> revision_table(core::RevisionReader* kept, const core::FigureQuery& query);

}  // namespace app

// Alerts as the command and the API show them, and what a person does with one.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/open_store.h"
#include "app/pipeline.h"
#include "core/alert_operation.h"
#include "core/alert_query.h"
#include "core/figure_table.h"

namespace app {

/// Reads them from the store beside whoever writes it, without its state. Thread-safe. Failures as open_for_reading.
tl::expected<std::vector<core::Alert>, Ending> read_alerts(const std::string& store_url, const core::AlertQuery& query);

/// One row each, newest first.
core::FigureTable alert_table(const std::vector<core::Alert>& alerts);

/// Acknowledges, mutes or ends a mute; the error says what is wrong. Kept with the next commit. Thread-safe.
tl::expected<core::FigureTable, std::string> operate(Pipeline& pipeline, const core::AlertOperation& operation);

/// Mutes in force.
core::FigureTable mute_table(const std::vector<core::Mute>& mutes);

}  // namespace app

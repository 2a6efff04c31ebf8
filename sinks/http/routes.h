// The paths that floorwatch serves: /metrics, /healthz, /readyz, and those below /api/v1: figures, explain,
// contacts, leads, deals, dead-letters, alerts.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/alert_operation.h"
#include "core/alert_query.h"
#include "core/dead_letter_query.h"
#include "core/figure_query.h"
#include "core/figure_table.h"
#include "core/metrics_snapshot.h"
#include "core/result.h"
#include "core/row_query.h"
#include "core/time.h"
#include "sinks/http/router.h"
#include "sinks/metrics/own_metrics.h"

namespace sinks {

struct SourceHealth {
  std::string name;
  bool connected = false;
  bool caught_up = false;  ///< Has been read to its end once since the start.
};

struct Readiness {
  bool ready = false;
  std::vector<SourceHealth> sources;
  std::optional<core::Millis> last_commit_age;  ///< Absent before the first commit.
  std::vector<std::string> reasons;             ///< Why it is not ready, for people.
};

/// Where the answers come from. Called on the http thread, so they must be thread-safe towards the pipeline and must
/// not wait for it.
struct HttpProviders {
  std::function<std::shared_ptr<const core::MetricsSnapshot>()> metrics;  ///< May give nullptr: nothing published yet.
  std::function<core::Result<core::FigureTable>(const core::FigureQuery&)> figures;
  std::function<core::Result<core::FigureTable>(const core::DeadLetterQuery&)> dead_letters;
  std::function<Readiness()> readiness;
  std::function<core::Result<core::FigureTable>(const core::AlertQuery&)> alerts;
  /// The error says what is wrong with what was asked.
  std::function<tl::expected<core::FigureTable, std::string>(const core::AlertOperation&)> operate;
  std::function<core::Result<core::FigureTable>(const core::RowQuery&)> rows;
  /// What a figure is, as JSON; the words are the query's.
  std::function<tl::expected<std::string, std::string>(const std::map<std::string, std::string>&)> explain;
};

/// Adds /api/v1/alerts and what can be done with them; operations are taken from this machine only.
void add_alert_routes(Router& router, const std::shared_ptr<const HttpProviders>& providers);
/// A failed read, with the time after which to ask again.
Response unavailable(const core::Failure& failure);

/// What a query asks for, as JSON. Without a limit a hundred rows, so that no answer is larger than anybody asked for.
template <typename Query>
Response rows_of(tl::expected<Query, std::string> query,
                 const std::function<core::Result<core::FigureTable>(const Query&)>& ask) {
  constexpr std::size_t kPage = 100;
  if (!query) return problem(400, query.error());
  query->limit = query->limit.value_or(kPage);
  const auto table = ask(*query);
  if (!table) return unavailable(table.error());
  Response response{200, "application/json", {}, core::to_json(*table)};
  if (table->cut)
    response.headers.emplace_back("Floorwatch-Left-Out", "rows after the first " + std::to_string(*query->limit));
  return response;
}

/// `own` must outlive the router.
Router make_router(HttpProviders providers, const OwnMetrics& own);

}  // namespace sinks

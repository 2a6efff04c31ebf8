#include "app/http_surface.h"

#include <fmt/format.h>

#include <chrono>

#include "app/alerts.h"
#include "app/dead_letters.h"
#include "app/explain.h"
#include "app/revisions.h"
#include "sinks/http/routes.h"

namespace app {
namespace {

constexpr core::Millis kStaleCommit{10'000};

sinks::Readiness readiness(Pipeline& pipeline) {
  const PipelineHealth health = pipeline.health();
  sinks::Readiness ready;
  for (const auto& [name, source] : health.sources) {
    ready.sources.push_back({name, source.connected, source.caught_up});
    if (health.finished) continue;
    if (!source.connected) ready.reasons.push_back(fmt::format("source {}: {}", name, source.message));
    if (source.connected && !source.caught_up) {
      ready.reasons.push_back(
          fmt::format("source {} is catching up{}{}", name, source.message.empty() ? "" : ": ", source.message));
    }
  }
  if (!health.store_fault.empty()) ready.reasons.push_back(health.store_fault);
  ready.last_commit_age = health.last_commit_age;
  if (!health.last_commit_age) ready.reasons.emplace_back("nothing has been committed yet");
  if (!health.finished && health.last_commit_age > kStaleCommit) {
    ready.reasons.push_back(fmt::format("the last commit is {} s old", health.last_commit_age->count() / 1000));
  }
  ready.ready = ready.reasons.empty();
  return ready;
}

/// Numbers are a store's, which `floorwatch explain` reads: here the flow would wait for the rows.
tl::expected<std::string, std::string> explained(const std::map<std::string, std::string>& words) {
  const auto query = core::parse_explain_query(words);
  if (!query) return tl::unexpected(query.error());
  if (query->at || !query->keys.empty()) {
    return tl::unexpected(std::string("explain: says what a figure is; allowed: figure, by"));
  }
  const auto explanations = explain(*query);
  if (!explanations) return tl::unexpected(explanations.error());
  return explanation_json(*explanations);
}

}  // namespace

HttpSurface::HttpSurface(Pipeline& pipeline, const std::string& listen, const std::string& store_url,
                         LiveMetricsOptions metrics)
    : metrics_(pipeline, std::move(metrics)) {
  sinks::HttpProviders providers;
  providers.metrics = [this] { return metrics_.snapshot(); };
  providers.figures = [&pipeline](const core::FigureQuery& query) -> core::Result<core::FigureTable> {
    return query.revisions ? revision_table(pipeline.revisions(), query) : pipeline.figures(query);
  };
  providers.dead_letters = [store_url](const core::DeadLetterQuery& query) -> core::Result<core::FigureTable> {
    auto letters = read_dead_letters(store_url, query);
    if (!letters) return core::fail(letters.error().message, core::Millis{1000});
    return dead_letter_table(letters->letters);
  };
  providers.alerts = [store_url](const core::AlertQuery& query) -> core::Result<core::FigureTable> {
    const auto alerts = read_alerts(store_url, query);
    if (!alerts) return core::fail(alerts.error().message, core::Millis{1000});
    return alert_table(*alerts);
  };
  providers.operate = [&pipeline](const core::AlertOperation& operation) { return operate(pipeline, operation); };
  providers.explain = explained;
  providers.rows = [&pipeline](const core::RowQuery& query) { return pipeline.rows(query); };
  providers.readiness = [&pipeline] { return readiness(pipeline); };
  sinks::HttpOptions options;
  options.listen = listen;
  server_ = std::make_unique<sinks::HttpServer>(options, sinks::make_router(std::move(providers), own_), own_);
}

}  // namespace app

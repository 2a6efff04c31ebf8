#include "sinks/http/routes.h"

#include <chrono>

#include "core/json_text.h"
#include "sinks/metrics/exposition.h"
#include "sinks/metrics/negotiation.h"

namespace sinks {
namespace {

constexpr std::string_view kJson = "application/json";

class MetricsBody : public BodyStream {
 public:
  explicit MetricsBody(Exposition exposition) : exposition_(std::move(exposition)) {}
  bool next(std::string& piece) override { return exposition_.next(piece); }

 private:
  Exposition exposition_;
};

Response metrics(const HttpProviders& providers, const OwnMetrics& own, const Request& request) {
  std::vector<std::shared_ptr<const core::MetricsSnapshot>> snapshots = {own.collect()};
  if (auto snapshot = providers.metrics()) snapshots.push_back(std::move(snapshot));
  const ExpositionFormat format = negotiate_format(request.accept);
  return {200,
          std::string(content_type(format)),
          {},
          std::make_unique<MetricsBody>(Exposition(std::move(snapshots), format))};
}

std::string word(bool value) { return value ? "true" : "false"; }

std::string to_json(const Readiness& readiness) {
  std::string out = "{\"ready\":" + word(readiness.ready) + ",\"last_commit_age_seconds\":";
  out += readiness.last_commit_age ? core::to_string(core::Fixed{readiness.last_commit_age->count(), 3}) : "null";
  out += ",\"sources\":[";
  for (std::size_t i = 0; i < readiness.sources.size(); ++i) {
    const SourceHealth& source = readiness.sources[i];
    out += i == 0 ? "{\"name\":" : ",{\"name\":";
    core::append_json_string(out, source.name);
    out += ",\"connected\":" + word(source.connected) + ",\"caught_up\":" + word(source.caught_up) + "}";
  }
  out += "],\"reasons\":[";
  for (std::size_t i = 0; i < readiness.reasons.size(); ++i) {
    if (i > 0) out += ',';
    core::append_json_string(out, readiness.reasons[i]);
  }
  return out + "]}\n";
}

/// Of revisions without a limit kPage, so that no answer is larger than anybody asked for; that some are left out is
/// said in a header.
Response figures(const HttpProviders& providers, const Request& request) {
  constexpr std::size_t kPage = 1000;
  auto words = request.query;
  std::string format = "json";
  if (const auto given = words.extract("format")) format = given.mapped();
  if (format != "json" && format != "csv") return problem(400, "format: not known; allowed: json, csv");
  auto query = core::parse_figure_query(words);
  if (!query) return problem(400, query.error());
  if (query->revisions) query->limit = query->limit.value_or(kPage);
  const auto table = providers.figures(*query);
  if (!table) return unavailable(table.error());
  Response response{200, std::string(kJson), {}, {}};
  if (table->cut) {
    response.headers.emplace_back("Floorwatch-Left-Out", "revisions after the first " + std::to_string(*query->limit));
  }
  if (format == "csv") response.content_type = "text/csv; charset=utf-8; header=present";
  response.body = format == "csv" ? core::to_csv(*table) : core::to_json(*table);
  return response;
}

/// Visits of a day at most: whoever asks for all of them would hold up the events.
tl::expected<core::RowQuery, std::string> row_query(core::RowKind kind, const Request& request) {
  auto query = core::parse_row_query(kind, request.query);
  if (!query || kind != core::RowKind::kContacts) return query;
  if (!query->from || !query->to || *query->to - *query->from > std::chrono::hours(24)) {
    return tl::unexpected(std::string("from, to: are not both there, or more than 24h apart; allowed: a day at most"));
  }
  return query;
}

void add_row_routes(Router& router, const std::shared_ptr<const HttpProviders>& providers) {
  for (const core::RowKind kind : {core::RowKind::kContacts, core::RowKind::kLeads, core::RowKind::kDeals}) {
    const std::string path = "/api/v1/" + std::string(core::kRowKindWords[core::index(kind)]);
    router.add(
        path, [providers, kind](const Request& request) { return rows_of(row_query(kind, request), providers->rows); });
  }
}

}  // namespace

Response unavailable(const core::Failure& failure) {
  Response response = problem(503, failure.message);
  if (failure.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*failure.retry_after);
    response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  }
  return response;
}

Router make_router(HttpProviders providers, const OwnMetrics& own) {
  const auto shared = std::make_shared<const HttpProviders>(std::move(providers));
  Router router;
  router.add("/metrics", [shared, &own](const Request& request) { return metrics(*shared, own, request); });
  router.add("/healthz", [](const Request&) { return Response{200, std::string(kJson), {}, "{\"alive\":true}\n"}; });
  router.add("/readyz", [shared](const Request&) {
    const Readiness readiness = shared->readiness();
    return Response{readiness.ready ? 200U : 503U, std::string(kJson), {}, to_json(readiness)};
  });
  router.add("/api/v1/figures", [shared](const Request& request) { return figures(*shared, request); });
  router.add("/api/v1/dead-letters", [shared](const Request& request) {
    return rows_of(core::parse_dead_letter_query(request.query), shared->dead_letters);
  });
  if (shared->rows) add_row_routes(router, shared);
  if (shared->explain) {
    router.add("/api/v1/explain", [shared](const Request& request) {
      auto explained = shared->explain(request.query);
      if (!explained) return problem(400, explained.error());
      return Response{200, std::string(kJson), {}, std::move(*explained)};
    });
  }
  if (shared->alerts) add_alert_routes(router, shared);
  return router;
}

}  // namespace sinks

// What a pipeline shows over HTTP: /metrics, /healthz, /readyz and the API, wired to its figures.
#pragma once

#include <memory>
#include <string>

#include "app/live_metrics.h"
#include "app/pipeline.h"
#include "core/result.h"
#include "sinks/http/server.h"
#include "sinks/metrics/own_metrics.h"

namespace app {

/// Confined to the thread that owns it. The pipeline outlives it.
class HttpSurface {
 public:
  /// `store_url`: the pipeline's store, which is read beside it where that does not need the floor.
  HttpSurface(Pipeline& pipeline, const std::string& listen, const std::string& store_url, LiveMetricsOptions metrics);
  core::Result<void> start() { return server_->start(); }
  void stop() { server_->stop(); }
  std::uint16_t port() const { return server_->port(); }

 private:
  sinks::OwnMetrics own_;
  LiveMetrics metrics_;
  std::unique_ptr<sinks::HttpServer> server_;
};

}  // namespace app

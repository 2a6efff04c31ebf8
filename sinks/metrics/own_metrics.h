// What the program measures of itself beside the pipeline: the process and the HTTP server, kept by prometheus-cpp.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <memory>
#include <string_view>

#include "core/metrics_snapshot.h"
#include "sinks/metrics/process_metrics.h"

namespace sinks {

/// Families: process_…, floorwatch_http_requests_total{path,code}, floorwatch_http_request_seconds{path}.
/// Thread-safe.
class OwnMetrics {
 public:
  OwnMetrics();

  /// `path` must come from a closed list: the routes' paths and "other". `duration` ends with the response's last byte.
  void count_request(std::string_view path, unsigned code, std::chrono::duration<double> duration);

  /// In the pipeline's form, so that one renderer writes both.
  std::shared_ptr<const core::MetricsSnapshot> collect() const;

 private:
  prometheus::Registry registry_;
  ProcessMetrics process_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& request_seconds_;
};

}  // namespace sinks

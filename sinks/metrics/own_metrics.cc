#include "sinks/metrics/own_metrics.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/series_book.h"

namespace sinks {
namespace {

const prometheus::Histogram::BucketBoundaries kRequestBounds = {0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 2.5, 10};

core::MetricType type_of(const prometheus::MetricFamily& family) {
  switch (family.type) {
    case prometheus::MetricType::Counter:
      return core::MetricType::kCounter;
    case prometheus::MetricType::Gauge:
      return core::MetricType::kGauge;
    case prometheus::MetricType::Histogram:
      return core::MetricType::kHistogram;
    default:
      throw std::logic_error("own metrics are counters, gauges and histograms: " + family.name);
  }
}

// prometheus-cpp ends every list of buckets with +Inf, which a book's family leaves out.
std::vector<double> bounds_of(const prometheus::MetricFamily& family) {
  std::vector<double> bounds;
  if (family.type != prometheus::MetricType::Histogram) return bounds;
  for (const auto& bucket : family.metric.front().histogram.bucket) {
    if (std::isfinite(bucket.upper_bound)) bounds.push_back(bucket.upper_bound);
  }
  return bounds;
}

void copy_metric(core::SeriesBook& book, core::FamilyId id, core::MetricType type,
                 const prometheus::ClientMetric& metric) {
  std::vector<core::Label> labels;
  labels.reserve(metric.label.size());
  for (const auto& label : metric.label) labels.push_back({label.name, label.value});
  const auto series = book.series(id, labels);
  if (!series) return;
  if (type == core::MetricType::kCounter) return book.set(*series, metric.counter.value);
  if (type == core::MetricType::kGauge) return book.set(*series, metric.gauge.value);
  std::vector<std::uint64_t> cumulative;
  for (const auto& bucket : metric.histogram.bucket) {
    if (std::isfinite(bucket.upper_bound)) cumulative.push_back(bucket.cumulative_count);
  }
  book.set(*series, core::HistogramValue{cumulative, metric.histogram.sample_count, metric.histogram.sample_sum});
}

}  // namespace

OwnMetrics::OwnMetrics()
    : requests_(prometheus::BuildCounter()
                    .Name("floorwatch_http_requests_total")
                    .Help("HTTP requests answered, by route and status code.")
                    .Register(registry_)),
      request_seconds_(prometheus::BuildHistogram()
                           .Name("floorwatch_http_request_seconds")
                           .Help("Time from a request's last byte to its response's last byte.")
                           .Register(registry_)) {}

void OwnMetrics::count_request(std::string_view path, unsigned code, std::chrono::duration<double> duration) {
  const std::string label(path);
  requests_.Add({{"path", label}, {"code", std::to_string(code)}}).Increment();
  request_seconds_.Add({{"path", label}}, kRequestBounds).Observe(duration.count());
}

std::shared_ptr<const core::MetricsSnapshot> OwnMetrics::collect() const {
  auto families = process_.Collect();
  for (auto& family : registry_.Collect()) families.push_back(std::move(family));
  core::SeriesBook book({.max_series = std::numeric_limits<std::size_t>::max(), .describes_itself = false});
  for (const auto& family : families) {
    if (family.metric.empty()) continue;
    const core::MetricType type = type_of(family);
    const auto id = book.family({family.name, family.help, type, bounds_of(family)});
    for (const auto& metric : family.metric) copy_metric(book, id, type, metric);
  }
  return book.snapshot();
}

}  // namespace sinks

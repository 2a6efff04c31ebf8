// The series of /metrics, filled from the floor: counters, histograms, the gauges of now and of every window, and what
// the program knows of itself. Names and labels are those of the contract (metrics.md, "Prometheus").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/pipeline.h"
#include "core/series_book.h"

namespace app {

struct LiveMetricsOptions {
  bool agents = false;              ///< Also series per agent.
  std::size_t max_series = 200'000;
};

/// snapshot() reads the pipeline between two batches. Confined to one thread, the server's.
class LiveMetrics {
 public:
  LiveMetrics(Pipeline& pipeline, LiveMetricsOptions options);
  std::shared_ptr<const core::MetricsSnapshot> snapshot();

 private:
  struct Families;

  void fill(Floor& floor);
  void fill_totals(Floor& floor);
  void fill_now(Floor& floor, const processors::ReadPoint& point);
  void fill_window(Floor& floor, const processors::ReadPoint& point, core::Window window);
  void fill_program(const processors::ReadPoint& point);

  Pipeline& pipeline_;
  LiveMetricsOptions options_;
  core::SeriesBook book_;
  std::shared_ptr<Families> families_;
};

}  // namespace app

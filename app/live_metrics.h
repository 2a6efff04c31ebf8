// The series of /metrics, filled from the floor: counters, histograms, the gauges of now and of every window, and what
// the program knows of itself. Names and labels are those of the contract (metrics.md, "Prometheus").
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <set>

#include "app/live_totals.h"
#include "app/metric_families.h"
#include "app/pipeline.h"
#include "app/queue_series.h"
#include "core/series_book.h"
#include "processors/contracts.h"
#include "processors/live_figures.h"

namespace app {

struct LiveMetricsOptions {
  bool agents = false;              ///< Also series per agent.
  std::size_t max_series = 200'000;
};

/// snapshot() reads the pipeline between two batches, some shards at a time, and puts everything together while the
/// pipeline goes on: a page is not of one moment (docs/decisions/0009). Thread-safe.
class LiveMetrics {
 public:
  LiveMetrics(Pipeline& pipeline, LiveMetricsOptions options);
  std::shared_ptr<const core::MetricsSnapshot> snapshot();

 private:
  void each_shard(std::size_t shards, const std::function<void(Floor&, std::size_t)>& take,
                  const std::function<void()>& put_together);
  void fill_totals(std::size_t shards);
  void fill_figures(std::size_t shards);
  void fill_leads(const LiveTotals& totals);
  void fill_chats(const LiveTotals& totals);
  void fill_chats(const processors::LiveFigures& figures);
  void fill_agents(const processors::LiveFigures& figures);
  void fill_campaigns(const processors::LiveFigures& figures);
  void fill_recovery(const processors::LiveFigures& figures, const core::FigureConfig& config, core::EventTime as_of);
  void fill_contracts();
  void fill_alerts();
  void fill_program(const processors::ReadPoint& point);
  /// NaN is no value: nothing is set.
  void set(core::FamilyId family, std::initializer_list<core::Label> labels, double value);

  Pipeline& pipeline_;
  LiveMetricsOptions options_;
  std::mutex mutex_;  ///< The server's threads can ask at the same time.
  core::SeriesBook book_;
  MetricFamilies families_;
  QueueSeries queues_;
  std::set<LiveTotals::Queue> chat_queues_;  ///< Those that have had a chat.
  processors::KnownDays known_days_;
  bool contracts_failed_ = false;  ///< It has been said.
};

}  // namespace app

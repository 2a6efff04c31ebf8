// A whole pipeline, from sources to a store, whose wall clock and sources a test moves by hand.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/pipeline.h"
#include "tests/support/claims.h"
#include "tests/support/csv_rows.h"
#include "tests/support/temp_dir.h"

namespace test_support {

class SourceScript;

/// Sources have partitions 0, 1, ... whose ends are seen only where the test says so. Every call that gives something
/// returns once it has been applied and the clocks have been moved. Confined to one thread, but for its own.
class ClockedFloor {
 public:
  struct Source {
    std::string name;
    int partitions = 1;
    core::Millis allowed_lateness{30'000};
    std::optional<core::Millis> clock_skew{};
  };

  /// The wall clock begins at `begin`. `alerting`: what watches it, which outlives it.
  ClockedFloor(std::vector<Source> sources, core::WallTime begin, app::PipelineOptions options = {},
               const core::FigureConfig& config = {}, app::Alerting* alerting = nullptr);
  ~ClockedFloor();

  /// Messages of one batch, received now; whether there is nothing behind them.
  void give(const std::string& source, int partition, const std::vector<std::string>& lines, bool then_end = false);
  /// The broker says now that there is nothing more.
  void see_end(const std::string& source, int partition = 0);
  /// So many messages are there, and do not come: paused, or the broker is away.
  void hold_back(const std::string& source, int partition, std::int64_t messages);

  core::WallTime now() const;
  /// The wall clock goes on, or is set: forward or back.
  void pass(core::Millis span);

  core::EventTime as_of();
  std::optional<core::EventTime> watermark();
  core::EventCounts counts(const std::string& source);
  std::int64_t lag(const std::string& source);
  std::string csv(const std::map<std::string, std::string>& words);
  /// Of all queues, in intervals of 15 minutes.
  std::vector<CsvRow> intervals() { return csv_rows(csv({{"by", "queue"}, {"every", "15m"}})); }

  /// Ends the pipeline: the sources are at their end, if it is a replay, else as SIGTERM does.
  void finish();
  /// What the store holds, after finish().
  std::vector<core::DeadLetter> dead_letters() const;

 private:
  struct Feed {
    std::shared_ptr<SourceScript> script;
    std::vector<core::PartitionState> partitions;
  };
  void show(const std::string& source, core::RawBatch batch);
  void mark(const std::string& source, int partition);

  TempDir folder_;
  Claims claims_;
  std::atomic<std::int64_t> now_ms_;
  std::map<std::string, Feed> feeds_;
  const bool live_;
  std::unique_ptr<app::Pipeline> pipeline_;
  std::thread thread_;
};

}  // namespace test_support

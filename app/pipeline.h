// The pipeline: sources → floor → store, and whoever wants to read the floor meanwhile.
//
// One thread fetches per source, one (the caller of run()) applies and commits, the floor's workers help it, one writes
// to the store. A batch that was fetched is applied whole before a commit is made, so offsets are never ahead of what
// was applied. A commit is gathered between two batches and written while the next ones are applied; the next commit
// waits for it, and so, at last, does the flow.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/catch_up.h"
#include "app/committer.h"
#include "app/fetcher.h"
#include "app/floor.h"
#include "app/inbox.h"
#include "core/event_clocks.h"
#include "core/row_query.h"
#include "core/source.h"
#include "processors/live_figures.h"

namespace app {

class Alerting;

struct PipelineSource {
  std::unique_ptr<core::Source> source;
  SourceRules rules;
  core::Millis allowed_lateness{30'000};
  std::string describe;  ///< One line: "kafka localhost:9092 topics contact-events, format canonical".
};

/// The machine's.
core::WallTime system_wall_clock();

struct PipelineOptions {
  bool live = true;         ///< Idle partitions advance with the wall clock. Off in a replay.
  bool hold = false;        ///< Go on serving reads after the sources are finished.
  core::Millis commit_interval{500};
  std::size_t commit_records = 20'000;  ///< A commit is due at so many changed records, too.
  core::DeadLetterLimits dead_letters;
  std::optional<core::Millis> keep_contacts;  ///< Live only. Absent: for ever.
  core::Millis drop_interval{1000};           ///< At most one shard in it drops contacts: a catch-up is not held up.
  std::size_t round = 1 << 15;
  std::size_t record_bytes = 200 << 20;  ///< Contacts beyond it leave memory for the archive.
  /// A snapshot replaces a shard's journal that is so many times as long as its live records, and not below so many
  /// bytes.
  std::size_t journal_times = 2, journal_least = 4 << 20;
  /// Intervals that end before it may leave memory: nobody asks for them every few seconds.
  std::function<core::EventTime(const core::FigureConfig&, core::EventTime as_of)> live_since = processors::live_since;
  std::size_t threads = 2;
  std::size_t worth_waking = Floor::kWorthWaking;
  double speed = 0;         ///< Replay: so many times faster than it happened; 0: as fast as it goes.
  std::optional<core::EventTime> keep_from, keep_to;  ///< Replay of a range: nothing is stored before the end.
  std::function<core::WallTime()> wall_clock = system_wall_clock;  ///< Only spans and marks, never event time.
  std::function<void(const core::EventCounts&)> progress;  ///< Called about ten times a second, for a progress bar.
};

/// How the pipeline ended.
struct Ending {
  int exit_code = 0;
  std::string message;  ///< Why, if it is not 0.
};

/// What /readyz needs to know.
struct PipelineHealth {
  struct Source {
    std::string name;
    core::Source::Health health;
  };
  std::vector<Source> sources;
  std::optional<core::Millis> last_commit_age;  ///< Absent before the first commit.
  std::string store_fault;  ///< Empty while commits succeed.
  bool finished = false;    ///< A bounded input has been read to its end.
};

/// run() is called once, by one thread; stop(), read(), health() and the figures are thread-safe.
class Pipeline {
 public:
  Pipeline(std::unique_ptr<core::Store> store, core::FigureConfig config, std::vector<PipelineSource> sources,
           PipelineOptions options);
  ~Pipeline();

  /// Has the alerts judged while it runs. Before load(), if at all; `alerting` outlives the pipeline.
  void watch(Alerting& alerting) { alerting_ = &alerting; }

  /// Loads the store's state. To be called before run(); a Failure means that the store cannot be used.
  core::Result<void> load(bool rebuild);

  /// Reads until every source is finished, stop() is called, or something fails for good; then commits and ends.
  Ending run();
  void stop();
  /// Called once, by the thread of run(), when the sources are finished or stopped and the last commit is made.
  void on_finished(std::function<void(const core::Progress&)> call) { finished_call_ = std::move(call); }

  /// Runs `task` on the floor between two batches, and waits for it. After the end it runs at once.
  void read(const std::function<void(Floor&)>& task);

  /// Figures as of now. How often a row was corrected is read from the store before: as of a commit that may be the one
  /// before what the figures show.
  core::Result<core::FigureTable> figures(const core::FigureQuery& query);
  /// The rows behind figures. Each shard is looked at between two batches of its own: a list holds up events no longer
  /// than one shard's rows take.
  core::Result<core::FigureTable> rows(const core::RowQuery& query);
  /// The diary of corrections as of the last commit; nullptr where the store has none.
  core::RevisionReader* revisions() { return revisions_; }

  // For tasks of read(): confined to the thread that runs them.
  processors::ReadPoint read_point();
  const core::Progress& progress() const { return progress_; }
  std::map<std::string, std::int64_t> source_lag() const;
  std::map<std::string, core::EventTime> source_watermarks() const;
  Committer& committer() { return *committer_; }
  /// nullptr where nobody watches.
  Alerting* alerting() { return alerting_; }
  /// Spans between two batches in which nothing was applied or waited for: readers, clocks, commits.
  const Durations& pauses() const { return pauses_; }

  PipelineHealth health();
  /// The wiring in words: what run() does, in the order that data takes.
  std::string describe() const;

 private:
  void rebuild();
  Ending work();
  void apply(Fetched& fetched);
  void move_on(const Fetched& fetched, const Applied& applied);
  void retire_absent(const Fetched& fetched);
  std::optional<core::EventTime> watermark(core::WallTime now);
  void keep_dead_letters(const Fetched& fetched, std::vector<core::Rejection>& rejections);
  void advance_clocks();
  void move_horizon();
  void look_for_alerts();
  void keep_pace();
  void show_progress();

  void commit_if_due();
  core::Commit gather();
  void gather_snapshots(core::Commit& commit);
  core::Slot intervals_last_from() const;
  bool drops_contacts(std::size_t shard, bool at_once);
  void let_go_of_committed();
  Ending finish(Ending ending);
  core::WallTime wall_now() const { return options_.wall_clock(); }
  bool cuts_range() const { return options_.keep_from || options_.keep_to; }

  PipelineOptions options_;
  std::vector<PipelineSource> sources_;
  Floor floor_;
  Inbox inbox_;
  std::vector<std::unique_ptr<Fetcher>> fetchers_;
  core::RevisionReader* revisions_;  ///< of the committer's store
  Alerting* alerting_ = nullptr;
  std::unique_ptr<Committer> committer_;

  // Confined to the thread of run().
  core::Progress progress_;  ///< What the next commit will say.
  core::EventClocks clocks_;
  std::map<std::string, std::int64_t> lag_;  ///< by partition key
  std::vector<core::DeadLetter> dead_letters_;
  std::size_t dead_letter_bytes_ = 0;  ///< of their contents
  std::vector<std::size_t> journal_bytes_;    ///< by shard, of its journal since the last snapshot
  std::vector<std::set<std::string>> shown_;  ///< by source: the partitions that it named last
  bool leaving_ = false;                      ///< Contacts leave memory once the commit that runs is kept.
  bool touched_ = false;                      ///< Something was applied since the last commit.
  CatchUp catch_up_;                          ///< For alerts.
  std::chrono::steady_clock::time_point last_commit_{}, last_progress_{}, last_drop_{};
  Durations pauses_;
  std::optional<std::pair<std::chrono::steady_clock::time_point, core::EventTime>> pace_;  ///< where pacing began
  std::function<void(const core::Progress&)> finished_call_;

  std::atomic<bool> stopping_{false}, all_finished_{false};
};

}  // namespace app

#include "tests/support/clocked_floor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "ingest/formats/formats.h"
#include "sinks/store/sqlite_store.h"

namespace test_support {

/// What a source shows next. Thread-safe.
class SourceScript {
 public:
  void push(core::RawBatch batch) {
    const std::lock_guard lock(mutex_);
    batches_.push_back(std::move(batch));
    changed_.notify_all();
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }
  core::Source::State take(core::RawBatch& batch, core::Millis patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return finished_ || !batches_.empty(); });
    if (batches_.empty()) return finished_ ? core::Source::State::kFinished : core::Source::State::kIdle;
    batch = std::move(batches_.front());
    batches_.pop_front();
    return core::Source::State::kMore;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<core::RawBatch> batches_;
  bool finished_ = false;
};

namespace {

class ScriptedSource : public core::Source {
 public:
  explicit ScriptedSource(std::shared_ptr<SourceScript> script) : script_(std::move(script)) {}
  core::Result<void> start(const core::ResumePoints&) override { return {}; }
  core::Result<State> poll(core::RawBatch& batch, core::Millis patience) override {
    return script_->take(batch, patience);
  }
  void stop() override {}
  Health health() const override { return {true, true, {}}; }

 private:
  std::shared_ptr<SourceScript> script_;
};

/// The lines as messages of one partition, in one text with room behind it.
core::RawBatch batch_of(const std::vector<std::string>& lines, int partition, std::int64_t first, core::WallTime now) {
  core::RawBatch batch;
  const auto text = std::make_shared<std::string>();
  for (const auto& line : lines) *text += line;
  text->append(64, '\0');
  std::size_t begin = 0;
  for (const auto& line : lines) {
    core::RawMessage& message = batch.messages.emplace_back();
    message.value = std::string_view(*text).substr(begin, line.size());
    message.partition = static_cast<std::uint32_t>(partition);
    message.offset = first++;
    message.appended = now;
    begin += line.size();
  }
  batch.owners.push_back(text);
  return batch;
}

}  // namespace

ClockedFloor::ClockedFloor(std::vector<Source> sources, core::WallTime begin, app::PipelineOptions options,
                           const core::FigureConfig& config, app::Alerting* alerting)
    : now_ms_(begin.time_since_epoch().count()), live_(options.live) {
  auto store = sinks::open_sqlite_store(folder_ / "floor.db", sinks::OpenMode::kWrite,
                                        {2, config.canonical_text(), core::pack(config)});
  if (!store || !(*store)->claim(claims_.of(1))) throw std::runtime_error("no store");
  std::vector<app::PipelineSource> made;
  for (const Source& source : sources) {
    Feed& feed = feeds_[source.name];
    feed.script = std::make_shared<SourceScript>();
    for (int p = 0; p < source.partitions; ++p) {
      const std::string label = source.name + "/" + std::to_string(p);
      feed.partitions.push_back({"test:" + label, label, 0, 0, 0, {}});
    }
    app::PipelineSource& wired = made.emplace_back();
    wired.source = std::make_unique<ScriptedSource>(feed.script);
    wired.allowed_lateness = source.allowed_lateness;
    wired.rules = {source.name, [] { return std::move(*ingest::make_decoder("canonical", {"log", "UTC"})); },
                   source.clock_skew};
  }
  options.wall_clock = [this] { return now(); };
  pipeline_ = std::make_unique<app::Pipeline>(std::move(*store), config, std::move(made), std::move(options));
  if (alerting != nullptr) pipeline_->watch(*alerting);
  if (!pipeline_->load(false)) throw std::runtime_error("the store cannot be loaded");
  thread_ = std::thread([this] { pipeline_->run(); });
}

ClockedFloor::~ClockedFloor() {
  if (!thread_.joinable()) return;
  pipeline_->stop();
  thread_.join();
}

core::WallTime ClockedFloor::now() const { return core::wall_time(now_ms_); }

void ClockedFloor::give(const std::string& source, int partition, const std::vector<std::string>& lines,
                        bool then_end) {
  core::PartitionState& state = feeds_.at(source).partitions.at(static_cast<std::size_t>(partition));
  core::RawBatch batch = batch_of(lines, partition, state.next_offset, now());
  state.next_offset += static_cast<std::int64_t>(lines.size());
  state.lag = 0;
  state.end_read = then_end ? std::optional(now()) : std::nullopt;
  show(source, std::move(batch));
}

void ClockedFloor::see_end(const std::string& source, int partition) {
  core::PartitionState& state = feeds_.at(source).partitions.at(static_cast<std::size_t>(partition));
  state.lag = 0;
  state.end_read = now();
  mark(source, partition);
}

void ClockedFloor::hold_back(const std::string& source, int partition, std::int64_t messages) {
  core::PartitionState& state = feeds_.at(source).partitions.at(static_cast<std::size_t>(partition));
  state.lag = messages;
  state.end_read.reset();
  mark(source, partition);
}

void ClockedFloor::pass(core::Millis span) {
  now_ms_ += span.count();
  mark(feeds_.begin()->first, 0);
}

/// Shows the partitions again. An offset without a message, as the markers of transactions are, tells when it was done.
void ClockedFloor::mark(const std::string& source, int partition) {
  ++feeds_.at(source).partitions.at(static_cast<std::size_t>(partition)).next_offset;
  show(source, {});
}

void ClockedFloor::show(const std::string& source, core::RawBatch batch) {
  Feed& feed = feeds_.at(source);
  batch.source = source;
  batch.partitions = feed.partitions;
  feed.script->push(std::move(batch));
  for (bool applied = false; !applied;) {
    pipeline_->read([&](app::Floor&) {
      const auto& kept = pipeline_->progress().partitions;
      applied = true;
      for (const auto& state : feed.partitions) {
        const auto found = kept.find(state.key);
        applied = applied && found != kept.end() && found->second.resume.next_offset == state.next_offset;
      }
    });
  }
}

core::EventTime ClockedFloor::as_of() {
  core::EventTime time;
  pipeline_->read([&](app::Floor&) { time = pipeline_->read_point().as_of; });
  return time;
}

std::optional<core::EventTime> ClockedFloor::watermark() {
  std::optional<core::EventTime> time;
  pipeline_->read([&](app::Floor&) { time = pipeline_->read_point().watermark; });
  return time;
}

core::EventCounts ClockedFloor::counts(const std::string& source) {
  core::EventCounts counts;
  pipeline_->read([&](app::Floor&) { counts = pipeline_->progress().counts.at(source); });
  return counts;
}

std::int64_t ClockedFloor::lag(const std::string& source) {
  std::int64_t lag = 0;
  pipeline_->read([&](app::Floor&) { lag = pipeline_->source_lag().at(source); });
  return lag;
}

std::string ClockedFloor::csv(const std::map<std::string, std::string>& words) {
  return core::to_csv(pipeline_->figures(core::parse_figure_query(words).value()).value());
}

void ClockedFloor::finish() {
  for (auto& [name, feed] : feeds_) feed.script->finish();
  if (live_) pipeline_->stop();
  thread_.join();
}

std::vector<core::DeadLetter> ClockedFloor::dead_letters() const {
  return (*sinks::open_sqlite_store(folder_ / "floor.db", sinks::OpenMode::kRead, {}))->dead_letters({}).value();
}

}  // namespace test_support

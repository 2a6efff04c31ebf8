#include "app/pipeline.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/commands/command.h"

namespace app {
namespace {

constexpr std::size_t kQueuedBatches = 3;
constexpr core::Millis kPatience{100};
/// While commits are slow the flow goes on until so many records wait; then it waits for the store.
constexpr std::size_t kMostDirty = 400'000;
constexpr std::size_t kLeastSnapshotBytes = 4 << 20;

std::string position_of(const core::RawMessage& message, const core::PartitionState& partition) {
  if (message.line > 0) return fmt::format("{}:{} (byte {})", partition.label, message.line, message.offset);
  return fmt::format("{}/{}", partition.label, message.offset);
}

}  // namespace

Pipeline::Pipeline(std::unique_ptr<core::Store> store, core::FigureConfig config, std::vector<PipelineSource> sources,
                   PipelineOptions options)
    : options_(std::move(options)),
      sources_(std::move(sources)),
      floor_(std::move(config), store->identity().shards, options_.threads),
      progress_(store->progress()),
      clocks_(options_.live),
      journal_bytes_(store->identity().shards, 0),
      shown_(sources_.size()),
      source_faults_(sources_.size()) {
  for (const auto& source : sources_) {
    progress_.allowed_lateness = std::max(progress_.allowed_lateness, source.allowed_lateness);
  }
  committer_ = std::make_unique<Committer>(std::move(store), [this](const core::Progress& kept) {
    const std::lock_guard lock(mutex_);
    ++kept_commits_;
    for (const auto& [key, partition] : kept.partitions) kept_[key] = partition.resume;
  });
}

Pipeline::~Pipeline() {
  stop();
  for (auto& fetcher : fetchers_) {
    if (fetcher.joinable()) fetcher.join();
  }
  committer_.reset();
  for (auto& source : sources_) source.source->stop();
}

core::Result<void> Pipeline::load(bool rebuild) {
  auto& store = committer_->store();
  if (auto loaded = floor_.load(store); !loaded) return loaded;
  clocks_.restore(progress_);
  if (!rebuild) return {};
  spdlog::info("adding up the cells again from the records");
  floor_.rebuild();
  auto identity = store.identity();
  identity.figure_config = floor_.config().canonical_text();
  identity.packed_config = core::pack(floor_.config());
  store.set_identity(std::move(identity));
  std::fill(journal_bytes_.begin(), journal_bytes_.end(), std::size_t{1} << 40);  // Their snapshots are due at once.
  touched_ = true;
  return {};
}

core::WallTime Pipeline::wall_now() const {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

// ---- fetching ----

void Pipeline::fetch(std::size_t index) {
  PipelineSource& source = sources_[index];
  core::ResumePoints resume;
  for (const auto& [key, partition] : progress_.partitions) resume[key] = partition.resume;
  const auto wait = [&](const core::Failure& failure) {
    bool fresh = false;
    {
      const std::lock_guard lock(mutex_);
      fresh = source_faults_[index] != failure.message;
      source_faults_[index] = failure.message;
    }
    if (fresh) spdlog::warn("source {}: {}; trying again", source.rules.name, failure.message);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, *failure.retry_after, [&] { return stopping_.load(); });
  };
  bool started = false;
  std::uint64_t told = 0;
  while (!stopping_) {
    Fetched fetched;
    fetched.source = index;
    core::Result<core::Source::State> state = core::Source::State::kIdle;
    if (!started) {
      if (auto result = source.source->start(resume); !result) {
        state = tl::unexpected(result.error());
      } else {
        started = true;
        continue;
      }
    } else {
      tell_committed(source, told);
      state = source.source->poll(fetched.batch, kPatience);
    }
    if (!state && state.error().retry_after) {
      // What was read before the fault still counts.
      if (!fetched.batch.partitions.empty() && !push(std::move(fetched))) return;
      wait(state.error());
      continue;
    }
    if (!state) fetched.failure = state.error().message;
    fetched.finished = state && *state == core::Source::State::kFinished;
    const bool last = fetched.finished || !fetched.failure.empty();
    if (state) {
      const std::lock_guard lock(mutex_);
      source_faults_[index].clear();
    }
    if (!push(std::move(fetched)) || last) return;
  }
}

/// Sources are confined to their fetching thread, so it is the one that tells them what has been kept.
void Pipeline::tell_committed(PipelineSource& source, std::uint64_t& told) {
  core::ResumePoints points;
  {
    const std::lock_guard lock(mutex_);
    if (kept_commits_ == told) return;
    told = kept_commits_;
    points = kept_;
  }
  source.source->committed(points);
}

bool Pipeline::push(Fetched fetched) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || queue_.size() < kQueuedBatches; });
  if (stopping_) return false;
  queue_.push_back(std::move(fetched));
  lock.unlock();
  changed_.notify_all();
  return true;
}

std::optional<Pipeline::Fetched> Pipeline::next(core::Millis patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return stopping_ || !queue_.empty() || !tasks_.empty(); });
  if (queue_.empty() || stopping_) return std::nullopt;
  Fetched fetched = std::move(queue_.front());
  queue_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return fetched;
}

// ---- applying ----

void Pipeline::apply(Fetched& fetched) {
  PipelineSource& source = sources_[fetched.source];
  const core::RawBatch& batch = fetched.batch;
  const auto late_before =
      progress_.watermark ? std::optional(*progress_.watermark - source.allowed_lateness) : std::nullopt;
  Applied applied = floor_.apply(batch, source.rules, late_before, options_.round);

  core::EventCounts& counts = progress_.counts[source.rules.name];
  counts.received += applied.counts.received, counts.applied += applied.counts.applied;
  counts.duplicate += applied.counts.duplicate, counts.rejected += applied.counts.rejected;
  counts.skipped += applied.counts.skipped, counts.conflict += applied.counts.conflict;
  counts.late += applied.counts.late;
  for (const auto& [reason, n] : applied.counts.rejected_by) counts.rejected_by[reason] += n;
  keep_dead_letters(fetched, applied.rejections);

  std::vector<bool> had_messages(batch.partitions.size(), false);
  for (const auto& message : batch.messages) had_messages[message.partition] = true;
  for (const auto& [partition, time] : applied.latest) clocks_.saw_event(batch.partitions[partition].key, time);
  for (std::size_t i = 0; i < batch.partitions.size(); ++i) {
    const core::PartitionState& state = batch.partitions[i];
    clocks_.saw_partition(state.key, state.end_read, had_messages[i]);
    auto& resume = progress_.partitions[state.key].resume;
    touched_ = touched_ || resume.next_offset != state.next_offset;
    resume = {state.next_offset, state.next_line};
    lag_[state.key] = state.lag;
  }
  retire_absent(fetched);
  touched_ = touched_ || !batch.messages.empty();
  progress_.sealed = false;
}

/// A partition that its source does not name any more is gone: a file that was read to its end or rotated away.
void Pipeline::retire_absent(const Fetched& fetched) {
  std::set<std::string> now;
  for (const auto& state : fetched.batch.partitions) now.insert(state.key);
  auto& before = shown_[fetched.source];
  if (now.empty()) return;
  for (const std::string& key : before) {
    if (now.contains(key)) continue;
    clocks_.retire(key);
    lag_.erase(key);
  }
  before = std::move(now);
}

std::optional<core::EventTime> Pipeline::watermark(core::WallTime now) {
  // A source that has shown nothing yet may hold anything.
  if (std::any_of(shown_.begin(), shown_.end(), [](const auto& shown) { return shown.empty(); })) {
    return progress_.watermark;
  }
  return clocks_.watermark(now);
}

void Pipeline::keep_dead_letters(const Fetched& fetched, std::vector<core::Rejection>& rejections) {
  const std::string& source = sources_[fetched.source].rules.name;
  for (auto& rejection : rejections) {
    const core::RawMessage& message = fetched.batch.messages[rejection.message];
    dead_letters_.push_back({source, position_of(message, fetched.batch.partitions[message.partition]),
                             std::string(core::kRejectReasonWords[core::index(rejection.reason)]),
                             std::move(rejection.detail), std::string(message.value), wall_now()});
  }
  for (const std::string& fault : fetched.batch.faults) {
    core::EventCounts& counts = progress_.counts[source];
    ++counts.received, ++counts.rejected, ++counts.rejected_by["malformed_line"];
    dead_letters_.push_back({source, fault, "malformed_line", fault, "", wall_now()});
  }
}

/// Waits until the wall clock has come as far as event time has, `speed` times faster; serves readers meanwhile.
void Pipeline::keep_pace() {
  if (!progress_.as_of) return;
  if (!pace_) pace_ = {std::chrono::steady_clock::now(), *progress_.as_of};
  const auto due = pace_->first + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                      std::chrono::duration<double, std::milli>(
                                          static_cast<double>((*progress_.as_of - pace_->second).count()) / options_.speed));
  while (!stopping_ && std::chrono::steady_clock::now() < due) {
    serve_tasks();
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, std::min(due, std::chrono::steady_clock::now() + kPatience),
                        [&] { return stopping_ || !tasks_.empty(); });
  }
}

// ---- committing ----

core::Commit Pipeline::gather() {
  core::Commit commit;
  const auto shards = floor_.shards();
  commit.journal.resize(shards.size());
  floor_.workers().each(shards.size(), [&](std::size_t s) {
    commit.journal[s] = {static_cast<std::uint32_t>(s), shards[s]->pack_changes()};
  });
  // One snapshot a commit at most, so that no commit is much longer than the others; a rebuild takes them all.
  std::size_t snapshots = 0;
  for (std::size_t s = 0; s < shards.size(); ++s) {
    journal_bytes_[s] += commit.journal[s].bytes.size();
    const bool all = journal_bytes_[s] >= (std::size_t{1} << 40);
    if (!all && (snapshots > 0 || journal_bytes_[s] < std::max(kLeastSnapshotBytes, 2 * shards[s]->weight()))) continue;
    commit.snapshots.emplace_back(static_cast<std::uint32_t>(s), shards[s]->pack_snapshot());
    journal_bytes_[s] = 0;
    ++snapshots;
  }
  std::erase_if(commit.journal, [](const core::StateBlob& blob) { return blob.bytes.empty(); });
  progress_.committed_at = wall_now();
  for (auto& [key, partition] : progress_.partitions) {
    if (const auto clock = clocks_.clock_of(key, progress_.committed_at)) partition.clock = clock;
  }
  commit.progress = progress_;
  commit.dead_letters = std::move(dead_letters_);
  dead_letters_.clear();
  touched_ = false;
  last_commit_ = std::chrono::steady_clock::now();
  return commit;
}

void Pipeline::commit_if_due(bool now) {
  if (options_.keep_from || options_.keep_to) return;  // The range is cut out at the end, in one commit.
  std::size_t dirty = 0;
  for (const auto* shard : floor_.shards()) dirty += shard->dirty_records();
  const bool late = std::chrono::steady_clock::now() - last_commit_ >= options_.commit_interval;
  if (!now && !late && dirty < options_.commit_records) return;
  if (!committer_->idle()) {
    if (dirty < kMostDirty) return;
    committer_->wait([&] { return stopping_.load(); });
    if (!committer_->idle()) return;
  }
  // An idle floor still commits its clocks, but not more often than the interval.
  if (touched_ || options_.live) committer_->start(gather());
}

// ---- reading ----

void Pipeline::serve_tasks() {
  for (;;) {
    Task* task = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) return;
      task = tasks_.front();
      tasks_.pop_front();
    }
    (*task->work)(floor_);
    task->done.set_value();
  }
}

void Pipeline::read(const std::function<void(Floor&)>& work) {
  Task task{&work, {}};
  auto done = task.done.get_future();
  {
    std::unique_lock lock(mutex_);
    if (ended_) {
      work(floor_);
      return;
    }
    tasks_.push_back(&task);
  }
  changed_.notify_all();
  done.wait();
}

processors::ReadPoint Pipeline::read_point() {
  const core::WallTime now = wall_now();
  processors::ReadPoint point;
  point.as_of = clocks_.as_of(now).value_or(progress_.as_of.value_or(core::EventTime{}));
  point.watermark = progress_.watermark;
  point.allowed_lateness = progress_.allowed_lateness;
  point.sealed = progress_.sealed;
  return point;
}

core::Result<core::FigureTable> Pipeline::figures(const core::FigureQuery& query) {
  core::FigureTable table;
  read([&](Floor& floor) { table = floor.figures(query, read_point()); });
  return table;
}

std::map<std::string, std::int64_t> Pipeline::source_lag() const {
  std::map<std::string, std::int64_t> sums;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    std::int64_t& sum = sums[sources_[i].rules.name];
    for (const std::string& key : shown_[i]) sum += lag_.at(key);
  }
  return sums;
}

std::map<std::string, core::EventTime> Pipeline::source_watermarks() const {
  std::map<std::string, core::EventTime> least;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    for (const std::string& key : shown_[i]) {
      const auto time = clocks_.clock_of(key, wall_now());
      if (!time) continue;
      const auto [it, fresh] = least.try_emplace(sources_[i].rules.name, *time);
      if (!fresh) it->second = std::min(it->second, *time);
    }
  }
  return least;
}

PipelineHealth Pipeline::health() {
  PipelineHealth health;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    health.sources.push_back({sources_[i].rules.name, sources_[i].source->health()});
    const std::lock_guard lock(mutex_);
    if (!source_faults_[i].empty()) {
      health.sources.back().health.connected = false;
      health.sources.back().health.message = source_faults_[i];
    }
  }
  health.last_commit = committer_->last_commit();
  if (const auto fault = committer_->fault()) health.store_fault = fault->message;
  const std::lock_guard lock(mutex_);
  health.finished = all_finished_;
  return health;
}

// ---- life ----

void Pipeline::stop() {
  stopping_ = true;
  for (auto& source : sources_) source.source->stop_soon();
  changed_.notify_all();
}

Ending Pipeline::run() {
  last_commit_ = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < sources_.size(); ++i) fetchers_.emplace_back([this, i] { fetch(i); });
  std::size_t unfinished = sources_.size();
  while (!stopping_) {
    if (auto fetched = next(std::min(kPatience, options_.commit_interval))) {
      apply(*fetched);
      if (!fetched->failure.empty()) {
        return finish({kEnvironmentFailed, fmt::format("source {}: {}", sources_[fetched->source].rules.name,
                                                       fetched->failure)});
      }
      if (fetched->finished) --unfinished;
    }
    progress_.as_of = clocks_.as_of(wall_now());
    if (options_.speed > 0) keep_pace();
    progress_.watermark = watermark(wall_now());
    if (progress_.as_of) floor_.advance(*progress_.as_of);
    serve_tasks();
    if (const auto fault = committer_->fault(); fault && fault->final) {
      return finish({kEnvironmentFailed, fault->message});
    }
    if (unfinished == 0) {
      if (!all_finished_) {
        Ending ending = finish({});
        if (ending.exit_code != 0 || !options_.hold) return ending;
      }
      continue;
    }
    commit_if_due(false);
    if (options_.progress && std::chrono::steady_clock::now() - last_progress_ > std::chrono::milliseconds(100)) {
      last_progress_ = std::chrono::steady_clock::now();
      core::EventCounts sum;
      for (const auto& [name, counts] : progress_.counts) sum.received += counts.received;
      options_.progress(sum);
    }
  }
  return all_finished_ ? Ending{} : finish({});
}

Ending Pipeline::finish(Ending ending) {
  // A replay that came to its end seals the store; one that was stopped or failed goes on there next time.
  const bool complete = !stopping_ && ending.exit_code == 0;
  progress_.sealed = complete && !options_.live;
  if (complete && (options_.keep_from || options_.keep_to)) {
    floor_.keep_only(options_.keep_from.value_or(core::EventTime::min()),
                     options_.keep_to.value_or(core::EventTime::max()));
  }
  if (progress_.sealed) progress_.watermark = progress_.as_of;
  const bool half_a_range = !complete && (options_.keep_from || options_.keep_to);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto give_up = [&] { return std::chrono::steady_clock::now() > deadline; };
  if (!half_a_range && committer_->wait(give_up)) {
    committer_->start(gather());
    committer_->wait(give_up);
  }
  if (const auto fault = committer_->fault(); fault && ending.exit_code == 0) {
    ending = {kEnvironmentFailed, fault->message};
  }
  if (finished_call_) finished_call_(progress_);
  const bool stays = complete && options_.hold;
  {
    const std::lock_guard lock(mutex_);
    all_finished_ = true;
    ended_ = !stays;
  }
  if (!stays) serve_tasks();
  return ending;
}

std::string Pipeline::describe() const {
  std::string text = "ingest\n";
  for (const auto& source : sources_) text += fmt::format("  source {}: {}\n", source.rules.name, source.describe);
  text += fmt::format(
      "processors\n  {} shards over {} threads: records -> facts -> cells\n"
      "sinks\n  store: a commit every {} or {} changed records\n",
      journal_bytes_.size(), options_.threads, core::format_duration(options_.commit_interval), options_.commit_records);
  return text;
}

}  // namespace app

// The life of the pipeline, and what it shows to readers. Applying is in pipeline_apply.cc, committing in
// pipeline_commit.cc.
#include "app/pipeline.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/alerting.h"
#include "app/commands/command.h"
#include "core/retention.h"
#include "processors/row_lists.h"

namespace app {
namespace {

constexpr core::Millis kPatience{100};
constexpr std::chrono::milliseconds kProgressEvery{100};

}  // namespace

core::WallTime system_wall_clock() {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

Pipeline::Pipeline(std::unique_ptr<core::Store> store, core::FigureConfig config, std::vector<PipelineSource> sources,
                   PipelineOptions options)
    : options_(std::move(options)),
      sources_(std::move(sources)),
      floor_(std::move(config), store->identity().shards, options_.threads,
             processors::MemoryLimits::within(options_.record_bytes / store->identity().shards), options_.worth_waking),
      revisions_(store->revisions()),
      progress_(store->progress()),
      clocks_(options_.live),
      journal_bytes_(store->identity().shards, 0),
      shown_(sources_.size()) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    progress_.allowed_lateness = std::max(progress_.allowed_lateness, sources_[i].allowed_lateness);
    fetchers_.push_back(std::make_unique<Fetcher>(std::move(sources_[i].source), sources_[i].rules.name, i, inbox_));
  }
  committer_ = std::make_unique<Committer>(std::move(store), [this](const core::Commit& kept) {
    core::ResumePoints points;
    for (const auto& [key, partition] : kept.progress.partitions) points[key] = partition.resume;
    for (auto& fetcher : fetchers_) fetcher->committed(points);
    if (alerting_ != nullptr) alerting_->kept(kept);
  });
}

Pipeline::~Pipeline() {
  stop();
  for (auto& fetcher : fetchers_) fetcher->stop();
}

// ---- life ----

void Pipeline::stop() {
  stopping_ = true;
  for (auto& fetcher : fetchers_) fetcher->stop_soon();
  inbox_.close();
}

Ending Pipeline::run() {
  try {
    return work();
  } catch (const core::ArchiveFailure& failure) {
    // What was being applied is not committed: the next start reads it again.
    all_finished_ = true;
    inbox_.refuse_tasks();
    return {kEnvironmentFailed, failure.what()};
  }
}

Ending Pipeline::work() {
  last_commit_ = std::chrono::steady_clock::now();
  catch_up_.reset(last_commit_);
  if (alerting_ != nullptr) alerting_->start();
  core::ResumePoints resume;
  for (const auto& [key, partition] : progress_.partitions) resume[key] = partition.resume;
  for (auto& fetcher : fetchers_) fetcher->start(resume);

  std::size_t unfinished = sources_.size();
  while (!stopping_) {
    if (auto fetched = inbox_.next(std::min(kPatience, options_.commit_interval), floor_.asks_archive())) {
      apply(*fetched);
      if (!fetched->failure.empty()) {
        return finish({kEnvironmentFailed,
                       fmt::format("source {}: {}", sources_[fetched->source].rules.name, fetched->failure)});
      }
      if (fetched->finished) --unfinished;
    }
    const auto pause = std::chrono::steady_clock::now();
    let_go_of_committed();
    advance_clocks();
    inbox_.serve();
    if (const auto fault = committer_->fault(); fault && fault->final) return finish({kEnvironmentFailed, fault->message});
    if (unfinished > 0) {
      look_for_alerts();
      commit_if_due();
      show_progress();
    } else if (!all_finished_) {
      const Ending ending = finish({});
      if (ending.exit_code != 0 || !options_.hold) return ending;
    }
    // A replay at a pace waits on purpose.
    if (options_.speed == 0) {
      pauses_.add(std::chrono::duration<double>(std::chrono::steady_clock::now() - pause).count());
    }
  }
  if (!all_finished_) return finish({});
  inbox_.refuse_tasks();  // The end of holding: everything has been committed already.
  return {};
}

void Pipeline::advance_clocks() {
  progress_.as_of = clocks_.as_of(wall_now());
  if (options_.speed > 0) keep_pace();
  progress_.watermark = progress_.sealed ? progress_.as_of : watermark(wall_now());
  if (progress_.as_of) floor_.advance(*progress_.as_of);
  // A replay corrects nothing: what it reads is what happened.
  if (const auto settled = progress_.settled_before(); options_.live && settled) floor_.settle_before(*settled);
  move_horizon();
}

void Pipeline::look_for_alerts() {
  if (alerting_ == nullptr || !progress_.as_of) return;
  const auto now = std::chrono::steady_clock::now();
  const auto at_end = [this](const std::string& partition) { return clocks_.at_end(partition); };
  const bool caught_up = catch_up_.done(shown_, at_end, now);
  alerting_->look(floor_, read_point(), wall_now(), caught_up);
  if (alerting_->late()) catch_up_.reset(now);
}

void Pipeline::move_horizon() {
  if (!options_.live || !options_.keep_contacts || !progress_.watermark) return;
  const auto since = core::retained_since(progress_.retained_since, *progress_.watermark, *options_.keep_contacts);
  if (progress_.retained_since == since) return;
  progress_.retained_since = since;
  floor_.retain_since(since);
}

/// Waits until the wall clock has come as far as event time has, `speed` times faster; serves readers meanwhile.
void Pipeline::keep_pace() {
  using Clock = std::chrono::steady_clock;
  if (!progress_.as_of || (!pace_ && !touched_)) return;  // The clock of an earlier run is not where this one begins.
  if (!pace_) pace_ = {Clock::now(), *progress_.as_of};
  const std::chrono::duration<double, std::milli> span(
      static_cast<double>((*progress_.as_of - pace_->second).count()) / options_.speed);
  const auto due = pace_->first + std::chrono::duration_cast<Clock::duration>(span);
  while (!stopping_ && Clock::now() < due) {
    inbox_.serve();
    commit_if_due();
    inbox_.wait(std::min(due, Clock::now() + kPatience));
  }
}

void Pipeline::show_progress() {
  if (!options_.progress || std::chrono::steady_clock::now() - last_progress_ < kProgressEvery) return;
  last_progress_ = std::chrono::steady_clock::now();
  options_.progress(core::total(progress_.counts));
}

Ending Pipeline::finish(Ending ending) {
  // A replay that came to its end seals the store; one that was stopped or failed goes on there next time.
  const bool complete = !stopping_ && ending.exit_code == 0;
  progress_.sealed = complete && !options_.live;
  if (progress_.sealed) progress_.watermark = progress_.as_of;
  if (complete && cuts_range()) {
    floor_.keep_only(options_.keep_from.value_or(core::EventTime::min()),
                     options_.keep_to.value_or(core::EventTime::max()));
  }
  // The last commit says what was sent. While it holds on after its end receivers are still told.
  if (alerting_ != nullptr && !(complete && options_.hold)) alerting_->stop();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto give_up = [&] { return std::chrono::steady_clock::now() > deadline; };
  // Half a range is not stored: nobody could tell what is missing from it.
  if ((complete || !cuts_range()) && committer_->wait(give_up)) {
    committer_->start(gather());
    committer_->wait(give_up);
  }
  if (const auto fault = committer_->fault(); fault && ending.exit_code == 0) {
    ending = {kEnvironmentFailed, fault->message};
  }
  // A replay that held on after its end has said before how it ended.
  if (finished_call_ && !all_finished_) finished_call_(progress_);
  all_finished_ = true;
  if (!complete || !options_.hold || ending.exit_code != 0) inbox_.refuse_tasks();
  return ending;
}

// ---- reading ----

void Pipeline::read(const std::function<void(Floor&)>& task) {
  if (!inbox_.ask([&] { task(floor_); })) task(floor_);
}

processors::ReadPoint Pipeline::read_point() {
  processors::ReadPoint point;
  point.as_of = clocks_.as_of(wall_now()).value_or(core::EventTime{});
  point.watermark = progress_.watermark;
  point.allowed_lateness = progress_.allowed_lateness;
  point.sealed = progress_.sealed;
  return point;
}

core::Result<core::FigureTable> Pipeline::figures(const core::FigureQuery& query) {
  processors::RevisionCounts counts;
  if (revisions_ != nullptr) {
    auto counted = processors::count_revisions(floor_.config(), query, *revisions_);
    if (!counted) return tl::unexpected(counted.error());
    counts = std::move(*counted);
  }
  core::FigureTable table;
  try {
    read([&](Floor& floor) {
      processors::ReadPoint point = read_point();
      point.revisions = &counts;
      table = floor.figures(query, point);
    });
  } catch (const core::ArchiveFailure& failure) {
    return core::fail(failure.what());
  }
  return table;
}

core::Result<core::FigureTable> Pipeline::rows(const core::RowQuery& query) {
  processors::RowLister lister(query);
  bool more = true;
  try {
    for (std::size_t next = 0; more; ++next) {
      read([&](Floor& floor) {
        const auto shards = floor.shards();
        lister.add(*shards[next], read_point());
        more = next + 1 < shards.size();
      });
    }
  } catch (const core::ArchiveFailure& failure) {
    return core::fail(failure.what());
  }
  return std::move(lister).table();
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
    health.sources.push_back({sources_[i].rules.name, fetchers_[i]->health()});
  }
  health.last_commit_age = committer_->last_commit_age();
  if (const auto fault = committer_->fault()) health.store_fault = fault->message;
  health.finished = all_finished_;
  return health;
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

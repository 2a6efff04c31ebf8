#include "app/fetcher.h"

#include <utility>

#include <spdlog/spdlog.h>

namespace app {
namespace {

constexpr core::Millis kPatience{100};

}  // namespace

Fetcher::Fetcher(std::unique_ptr<core::Source> source, std::string name, std::size_t index, Inbox& inbox)
    : source_(std::move(source)), name_(std::move(name)), index_(index), inbox_(inbox) {}

void Fetcher::start(core::ResumePoints resume) {
  thread_ = std::thread([this, resume = std::move(resume)] { work(resume); });
}

void Fetcher::stop_soon() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  source_->stop_soon();
}

void Fetcher::stop() {
  stop_soon();
  if (thread_.joinable()) thread_.join();
  source_->stop();
}

void Fetcher::committed(const core::ResumePoints& points) {
  const std::lock_guard lock(mutex_);
  kept_ = points;
}

core::Source::Health Fetcher::health() const {
  core::Source::Health health = source_->health();
  const std::lock_guard lock(mutex_);
  if (!fault_.empty()) health.connected = false, health.message = fault_;
  return health;
}

void Fetcher::work(const core::ResumePoints& resume) {
  bool started = false;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    Fetched fetched;
    fetched.source = index_;
    const auto state = step(started, resume, fetched.batch);
    const bool temporary = !state && state.error().retry_after;
    if (!state && !temporary) fetched.failure = state.error().message;
    fetched.finished = state && *state == core::Source::State::kFinished;
    const bool last = fetched.finished || !fetched.failure.empty();
    // What was read before a fault still counts, and so does the evidence of an end.
    const bool worth = last || !fetched.batch.partitions.empty() || !fetched.batch.faults.empty();
    if (worth && !inbox_.push(std::move(fetched))) return;
    if (last) return;
    if (temporary) wait_after(state.error());
  }
}

core::Result<core::Source::State> Fetcher::step(bool& started, const core::ResumePoints& resume,
                                                core::RawBatch& batch) {
  if (!started) {
    if (auto result = source_->start(resume); !result) return tl::unexpected(result.error());
    started = true;
  }
  tell_committed();
  auto state = source_->poll(batch, kPatience);
  if (state) {
    const std::lock_guard lock(mutex_);
    if (!fault_.empty()) spdlog::info("source {}: answers again", name_);
    fault_.clear();
  }
  return state;
}

/// Says a fault once, however often it is met again.
void Fetcher::wait_after(const core::Failure& failure) {
  std::unique_lock lock(mutex_);
  if (fault_ != failure.message) spdlog::warn("source {}: {}; trying again", name_, failure.message);
  fault_ = failure.message;
  wake_.wait_for(lock, *failure.retry_after, [&] { return stopping_; });
}

void Fetcher::tell_committed() {
  std::optional<core::ResumePoints> points;
  {
    const std::lock_guard lock(mutex_);
    points.swap(kept_);
  }
  if (points) source_->committed(*points);
}

}  // namespace app

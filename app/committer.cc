#include "app/committer.h"

#include <spdlog/spdlog.h>

#include <chrono>

namespace app {

Committer::Committer(std::unique_ptr<core::Store> store, std::function<void(const core::Commit&)> committed,
                     core::Millis beat_after)
    : store_(std::move(store)),
      committed_(std::move(committed)),
      beat_after_(beat_after),
      dead_letters_dropped_(store_->dead_letters_dropped().value_or(0)),
      thread_([this] { work(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Committer::idle() {
  const std::lock_guard lock(mutex_);
  return !pending_;
}

void Committer::start(core::Commit commit) {
  {
    const std::lock_guard lock(mutex_);
    pending_ = std::move(commit);
  }
  changed_.notify_all();
}

bool Committer::wait(const std::function<bool()>& give_up) {
  std::unique_lock lock(mutex_);
  while (pending_ && !(fault_ && fault_->final)) {
    if (give_up()) return false;
    changed_.wait_for(lock, std::chrono::milliseconds(100));
  }
  return !pending_;
}

std::optional<Committer::Fault> Committer::fault() {
  const std::lock_guard lock(mutex_);
  return fault_;
}
std::optional<core::WallTime> Committer::last_commit() {
  const std::lock_guard lock(mutex_);
  return last_commit_;
}
Durations Committer::durations() {
  const std::lock_guard lock(mutex_);
  return durations_;
}

std::optional<core::Millis> Committer::last_commit_age() {
  const std::lock_guard lock(mutex_);
  if (!kept_at_) return std::nullopt;
  return std::chrono::floor<core::Millis>(std::chrono::steady_clock::now() - *kept_at_);
}

void Committer::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_ && !(fault_ && fault_->final)) {
    changed_.wait_for(lock, beat_after_, [&] { return stopping_ || pending_; });
    if (stopping_) return;
    const bool commit = pending_.has_value();
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    const auto result = write(commit);
    lock.lock();
    if (!result) {
      failed(result.error());
      if (const auto retry = result.error().retry_after) changed_.wait_for(lock, *retry, [&] { return stopping_; });
      continue;
    }
    if (fault_) spdlog::info("the store can be written again");
    fault_.reset();
    if (commit) kept(begin);
  }
}

/// pending_ is not touched by others while it is set.
core::Result<void> Committer::write(bool commit) {
  const std::lock_guard lock(store_mutex_);
  if (!commit) return store_->beat();
  auto result = store_->commit(*pending_);
  if (!result) return result;
  if (const auto dropped = store_->dead_letters_dropped()) dead_letters_dropped_ = *dropped;
  committed_(*pending_);
  return result;
}

void Committer::kept(std::chrono::steady_clock::time_point begin) {
  kept_at_ = std::chrono::steady_clock::now();
  durations_.add(std::chrono::duration<double>(*kept_at_ - begin).count());
  last_commit_ = pending_->progress.committed_at;
  pending_.reset();
  changed_.notify_all();
}

void Committer::failed(const core::Failure& failure) {
  if (!fault_ || fault_->message != failure.message) spdlog::error("{}", failure.message);
  fault_ = Fault{failure.message, !failure.retry_after};
  changed_.notify_all();
}

}  // namespace app

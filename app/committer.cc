#include "app/committer.h"

#include <chrono>

#include <spdlog/spdlog.h>

namespace app {

Committer::Committer(std::unique_ptr<core::Store> store, std::function<void(const core::Progress&)> committed)
    : store_(std::move(store)),
      committed_(std::move(committed)),
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
std::uint64_t Committer::dead_letters_dropped() {
  const std::lock_guard lock(mutex_);
  return dead_letters_dropped_;
}
Committer::Durations Committer::durations() {
  const std::lock_guard lock(mutex_);
  return durations_;
}

void Committer::Durations::add(double seconds) {
  for (std::size_t i = 0; i < kBounds.size(); ++i) cumulative[i] += seconds <= kBounds[i] ? 1 : 0;
  ++count;
  sum += seconds;
}

void Committer::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || (pending_ && !(fault_ && fault_->final)); });
    if (stopping_) return;
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    const auto result = store_->commit(*pending_);  // pending_ is not touched by others while it is set.
    if (result) committed_(pending_->progress);
    const auto dropped = store_->dead_letters_dropped();
    lock.lock();
    dead_letters_dropped_ = dropped.value_or(dead_letters_dropped_);
    if (result) {
      if (fault_) spdlog::info("the store can be written again");
      fault_.reset();
      durations_.add(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
      last_commit_ = pending_->progress.committed_at;
      pending_.reset();
      changed_.notify_all();
      continue;
    }
    const auto retry = result.error().retry_after;
    if (!fault_ || fault_->message != result.error().message) spdlog::error("{}", result.error().message);
    fault_ = Fault{result.error().message, !retry};
    changed_.notify_all();
    if (retry) changed_.wait_for(lock, *retry, [&] { return stopping_; });
  }
}

}  // namespace app

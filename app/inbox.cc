#include "app/inbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace app {
namespace {

/// One is applied, one waits, one is being filled: more would only cost memory.
constexpr std::size_t kMostBatches = 3;
/// Where they are joined: of 2 MiB each, about 70,000 events.
constexpr std::size_t kMostJoined = 8;

bool same_partitions(const core::RawBatch& a, const core::RawBatch& b) {
  return std::equal(a.partitions.begin(), a.partitions.end(), b.partitions.begin(), b.partitions.end(),
                    [](const auto& x, const auto& y) { return x.key == y.key; });
}

/// Takes what follows behind it into `first`: false, and nothing is changed, where they cannot be one.
bool join(Fetched& first, Fetched& next) {
  if (first.source != next.source || !same_partitions(first.batch, next.batch)) return false;
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(first.batch.messages, next.batch.messages);
  append(first.batch.owners, next.batch.owners);
  append(first.batch.faults, next.batch.faults);
  first.batch.partitions = std::move(next.batch.partitions);
  first.finished = next.finished, first.failure = std::move(next.failure);
  return true;
}

}  // namespace

bool Inbox::push(Fetched fetched) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || batches_.size() < (joining_ ? kMostJoined : kMostBatches); });
  if (closed_) return false;
  batches_.push_back(std::move(fetched));
  lock.unlock();
  changed_.notify_all();
  return true;
}

std::optional<Fetched> Inbox::next(core::Millis patience, bool joined) {
  std::unique_lock lock(mutex_);
  joining_ = joined;
  changed_.wait_for(lock, patience, [&] { return closed_ || !batches_.empty() || !tasks_.empty(); });
  if (closed_ || batches_.empty()) return std::nullopt;
  Fetched fetched = std::move(batches_.front());
  batches_.pop_front();
  while (joined && !batches_.empty() && join(fetched, batches_.front())) batches_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return fetched;
}

bool Inbox::ask(const std::function<void()>& work) {
  Task task{&work, {}};
  auto done = task.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (refusing_) return false;
    tasks_.push_back(&task);
  }
  changed_.notify_all();
  done.get();  // An exception of the task comes out here, at who asked.
  return true;
}

void Inbox::serve() {
  for (;;) {
    Task* task = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (tasks_.empty()) return;
      task = tasks_.front();
      tasks_.pop_front();
    }
    try {
      (*task->work)();
      task->done.set_value();
    } catch (...) {
      task->done.set_exception(std::current_exception());
    }
  }
}

void Inbox::refuse_tasks() {
  {
    const std::lock_guard lock(mutex_);
    refusing_ = true;
  }
  serve();
}

void Inbox::wait(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [&] { return closed_ || !tasks_.empty(); });
}

void Inbox::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool Inbox::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace app

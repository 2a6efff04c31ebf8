#include "app/inbox.h"

#include <utility>

namespace app {
namespace {

/// One is applied, one waits, one is being filled: more would only cost memory.
constexpr std::size_t kMostBatches = 3;

}  // namespace

bool Inbox::push(Fetched fetched) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || batches_.size() < kMostBatches; });
  if (closed_) return false;
  batches_.push_back(std::move(fetched));
  lock.unlock();
  changed_.notify_all();
  return true;
}

std::optional<Fetched> Inbox::next(core::Millis patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return closed_ || !batches_.empty() || !tasks_.empty(); });
  if (closed_ || batches_.empty()) return std::nullopt;
  Fetched fetched = std::move(batches_.front());
  batches_.pop_front();
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

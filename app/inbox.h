// Where the pipeline's thread waits: for fetched batches, of which only a few may lie here, and for readers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>

#include "core/batch.h"

namespace app {

/// What a fetcher hands over.
struct Fetched {
  std::size_t source = 0;  ///< index of the pipeline's source
  core::RawBatch batch;
  bool finished = false;   ///< Nothing will come from this source any more.
  std::string failure;     ///< Not empty: the source has failed for good, after this batch.
};

/// Thread-safe. next(), serve() and wait() are for the one thread that consumes.
class Inbox {
 public:
  /// Waits while the inbox is full: this is how a slow floor is felt at the source. False once closed.
  bool push(Fetched fetched);
  /// The next batch; nullopt after `patience`, when a reader waits, or once closed. `joined`: with those that wait behind
  /// it, as far as they have the same partitions, and from now on more of them may wait.
  std::optional<Fetched> next(core::Millis patience, bool joined = false);

  /// Has `task` run by the consuming thread and waits for it. False, and not run, after refuse_tasks().
  bool ask(const std::function<void()>& task);
  /// Runs the tasks that wait.
  void serve();
  /// The consumer has ended: what is asked from now on is refused.
  void refuse_tasks();

  /// Waits until `until`, a task, or the close.
  void wait(std::chrono::steady_clock::time_point until);
  /// Wakes everybody; nothing goes in or out any more.
  void close();
  bool closed() const;

 private:
  struct Task {
    const std::function<void()>* work;
    std::promise<void> done;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Fetched> batches_;
  bool joining_ = false;
  std::deque<Task*> tasks_;
  bool closed_ = false, refusing_ = false;
};

}  // namespace app

// The worker threads: they run the jobs of one step side by side and meet at its end.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace app {

/// Runs job 0 … n-1 over a fixed number of threads, the caller among them; job i always runs on worker i mod size(), so
/// a shard stays with its worker. Memory written by jobs is visible to the caller when each() returns. Constructing
/// starts the threads, destroying ends them. Confined to the thread that calls each().
class Workers {
 public:
  explicit Workers(std::size_t threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::size_t size() const { return threads_.size() + 1; }
  /// What a job throws comes out here, once all have ended; of several the first. `alone`: the jobs are too small to
  /// wake the other threads, the caller runs them all.
  void each(std::size_t jobs, const std::function<void(std::size_t)>& job, bool alone = false);

 private:
  void work(std::size_t worker);
  void run(std::size_t worker, const std::function<void(std::size_t)>& job, std::size_t jobs);

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable begin_, end_;
  const std::function<void(std::size_t)>* job_ = nullptr;
  std::size_t jobs_ = 0, busy_ = 0;
  std::uint64_t step_ = 0;
  std::exception_ptr thrown_;
  bool stopping_ = false;
};

}  // namespace app

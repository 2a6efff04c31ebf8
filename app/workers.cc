#include "app/workers.h"

#include <utility>

namespace app {

Workers::Workers(std::size_t threads) {
  for (std::size_t worker = 1; worker < threads; ++worker) threads_.emplace_back([this, worker] { work(worker); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  begin_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Workers::each(std::size_t jobs, const std::function<void(std::size_t)>& job, bool alone) {
  if (alone || threads_.empty() || jobs <= 1) {
    for (std::size_t i = 0; i < jobs; ++i) job(i);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    job_ = &job, jobs_ = jobs, busy_ = threads_.size(), ++step_;
  }
  begin_.notify_all();
  run(0, job, jobs);
  std::unique_lock lock(mutex_);
  end_.wait(lock, [&] { return busy_ == 0; });
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void Workers::run(std::size_t worker, const std::function<void(std::size_t)>& job, std::size_t jobs) {
  try {
    for (std::size_t i = worker; i < jobs; i += size()) job(i);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!thrown_) thrown_ = std::current_exception();
  }
}

void Workers::work(std::size_t worker) {
  std::uint64_t seen = 0;
  for (;;) {
    const std::function<void(std::size_t)>* job = nullptr;
    std::size_t jobs = 0;
    {
      std::unique_lock lock(mutex_);
      begin_.wait(lock, [&] { return stopping_ || step_ != seen; });
      if (stopping_) return;
      seen = step_, job = job_, jobs = jobs_;
    }
    run(worker, *job, jobs);
    const std::lock_guard lock(mutex_);
    if (--busy_ == 0) end_.notify_one();
  }
}

}  // namespace app

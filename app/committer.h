// Writes commits to the store on a thread of its own, one at a time, until each is known to be kept.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/durations.h"
#include "core/store.h"

namespace app {

/// While there is nothing to commit it writes heartbeats, which keep the ownership of the store. What fails for a while
/// (store locked, disk full) is tried again until it succeeds; what fails for good is kept in fault() and nothing is
/// written any more. Thread-safe. Constructing starts the thread, destroying ends it.
class Committer {
 public:
  /// `committed` is called on the committer's thread after each commit that was kept. `beat_after`: without a commit
  /// for so long, a heartbeat is written; half of what is promised, so that a slow write in between does no harm.
  Committer(std::unique_ptr<core::Store> store, std::function<void(const core::Commit&)> committed,
            core::Millis beat_after = core::kHeartbeatEvery / 2);
  ~Committer();

  /// The store, lent to one thread: nothing is written by this one while it is held. Only while idle().
  class Lent {
   public:
    Lent(core::Store& store, std::mutex& mutex) : lock_(mutex), store_(&store) {}
    core::Store& operator*() const { return *store_; }
    core::Store* operator->() const { return store_; }

   private:
    std::unique_lock<std::mutex> lock_;
    core::Store* store_;
  };
  Lent store() { return {*store_, store_mutex_}; }

  bool idle();
  /// The former commit must be done: idle() or wait().
  void start(core::Commit commit);
  /// Waits until the commit that runs is kept, or has failed for good, or `give_up` says that no more time is left.
  bool wait(const std::function<bool()>& give_up);

  struct Fault {
    std::string message;
    bool final = false;
  };
  std::optional<Fault> fault();
  std::optional<core::WallTime> last_commit();
  /// How long ago a commit was kept; not by the wall clock, which may be set. Absent before the first.
  std::optional<core::Millis> last_commit_age();
  /// Dead letters that the limits have dropped since the store was made.
  std::uint64_t dead_letters_dropped() const { return dead_letters_dropped_; }
  /// How long commits took to write, for floorwatch_commit_seconds.
  Durations durations();

 private:
  void work();
  core::Result<void> write(bool commit);
  void kept(std::chrono::steady_clock::time_point begin);
  void failed(const core::Failure& failure);

  std::unique_ptr<core::Store> store_;
  std::mutex store_mutex_;  ///< Taken before mutex_, never the other way round.
  std::function<void(const core::Commit&)> committed_;
  const core::Millis beat_after_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<core::Commit> pending_;
  std::optional<Fault> fault_;
  std::optional<core::WallTime> last_commit_;
  std::optional<std::chrono::steady_clock::time_point> kept_at_;
  Durations durations_;
  std::atomic<std::uint64_t> dead_letters_dropped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace app

// Writes commits to the store on a thread of its own, one at a time, until each is known to be kept.
#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/store.h"

namespace app {

/// A commit that fails for a while (store locked, disk full) is tried again until it succeeds; what fails for good is
/// kept in fault() and nothing is written any more. Thread-safe. Constructing starts the thread, destroying ends it.
class Committer {
 public:
  /// `committed` is called on the committer's thread after each commit that was kept.
  Committer(std::unique_ptr<core::Store> store, std::function<void(const core::Progress&)> committed);
  ~Committer();

  core::Store& store() { return *store_; }  ///< Only while idle().

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
  /// Dead letters that the limits have dropped since the store was made.
  std::uint64_t dead_letters_dropped();
  /// How long commits took to write, for floorwatch_commit_seconds.
  struct Durations {
    static constexpr std::array<double, 12> kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                       0.1,   0.25,   0.5,   1,    2.5,   10};
    std::array<std::uint64_t, kBounds.size()> cumulative{};
    std::uint64_t count = 0;
    double sum = 0;
    void add(double seconds);
  };
  Durations durations();

 private:
  void work();

  std::unique_ptr<core::Store> store_;
  std::function<void(const core::Progress&)> committed_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<core::Commit> pending_;
  std::optional<Fault> fault_;
  std::optional<core::WallTime> last_commit_;
  Durations durations_;
  std::uint64_t dead_letters_dropped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace app

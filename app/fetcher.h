// The thread of one source: polls it, hands its batches over, and is the one place that tries again after a fault.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/inbox.h"
#include "core/source.h"

namespace app {

/// Constructing starts nothing. start() and stop() are for the thread that owns it; committed() and health() are
/// thread-safe.
class Fetcher {
 public:
  /// `index` is the source's place in the pipeline; `inbox` outlives the fetcher.
  Fetcher(std::unique_ptr<core::Source> source, std::string name, std::size_t index, Inbox& inbox);
  ~Fetcher() { stop(); }
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  void start(core::ResumePoints resume);
  /// Ends a poll that waits. Thread-safe.
  void stop_soon();
  void stop();

  /// What the store is known to have; the source is told before its next poll.
  void committed(const core::ResumePoints& points);
  core::Source::Health health() const;

 private:
  void work(const core::ResumePoints& resume);
  core::Result<core::Source::State> step(bool& started, const core::ResumePoints& resume, core::RawBatch& batch);
  void wait_after(const core::Failure& failure);
  void tell_committed();

  std::unique_ptr<core::Source> source_;
  const std::string name_;
  const std::size_t index_;
  Inbox& inbox_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<core::ResumePoints> kept_;  ///< To be told.
  std::string fault_;                       ///< Empty while the source answers.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace app

// Log files and standard input as a source: NDJSON or the lines of any other format.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/source.h"
#include "ingest/log_tail.h"
#include "ingest/sources.h"

namespace ingest {

/// Reads the files one after another as one log, or follows all of them as they grow and are rotated.
///
/// A partition is one file, known by the first bytes of its (decompressed) content, so that a file that was rotated or
/// compressed is not read twice. Its position is a byte and a line of that content. A file appears in `partitions` of
/// the batches from its first message on, and for the last time with its last line. A missing file or a directory is
/// a Failure of start(); a compressed file that breaks off one without retry, after all that came before the break. A
/// line longer than the limit is left out and told in `faults`.
/// Confined to the thread that polls, but for stop_soon() and health(), which are thread-safe.
class FileSource final : public core::Source {
 public:
  explicit FileSource(FileOptions options);
  ~FileSource() override;

  core::Result<void> start(const core::ResumePoints& resume) override;
  core::Result<State> poll(core::RawBatch& batch, core::Millis patience) override;
  void stop_soon() override;
  void stop() override;
  Health health() const override;

 private:
  core::Result<bool> read_one_after_another(core::RawBatch& batch);
  core::Result<bool> read_all(core::RawBatch& batch);
  core::Result<void> begin_next();
  core::Result<State> give_then_fail(const core::Failure& failure, core::RawBatch& batch);
  void remember(const core::RawBatch& batch);
  void wait(core::Millis patience);
  void report(bool connected, std::string message);

  const FileOptions options_;
  core::ResumePoints resume_;
  std::shared_ptr<BlockPool> blocks_;
  std::vector<std::unique_ptr<LogTail>> tails_;  // following: all; else the one that is read
  std::size_t next_path_ = 0;                    // of those that are read one after another
  std::optional<core::Failure> failure_;         // to be told when the batch before it is taken
  const int wake_;                               // an event descriptor: stop_soon() ends a wait
  std::atomic<bool> stopping_{false};

  mutable std::mutex mutex_;
  Health health_;
};

}  // namespace ingest

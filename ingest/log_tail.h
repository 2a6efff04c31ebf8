// One configured path as a log: the file that it names, those that it named before, and those that it will name.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "core/batch.h"
#include "core/source.h"
#include "ingest/block_pool.h"
#include "ingest/line_reader.h"
#include "ingest/rotated.h"
#include "ingest/sources.h"

namespace ingest {

/// Reads a path to its end, or follows it through rotations.
///
/// Following: a file that was renamed is read on until its successor at the path has its first bytes (its writer has
/// turned to the new one then), and to its end. A file that was truncated may have a copy beside it ("copytruncate"):
/// the rest is read there. What was rotated while nobody read is found by the same comparison of heads among the
/// files beside the path whose names begin with its name ("queue_log.1", "queue_log-20260302.gz"): the rest of the
/// file that a resume point knows, and the files that were written after it. Confined to one thread.
class LogTail {
 public:
  /// `options` must outlive the tail.
  LogTail(std::string path, const FileOptions& options, std::shared_ptr<BlockPool> blocks);

  /// Opens what is to be read, so that a rotation from now on loses nothing. Missing files are Failures.
  core::Result<void> start(const core::ResumePoints& resume);

  /// Adds the lines that are there and the state of the file that they are from.
  core::Result<Read::Outcome> read(core::RawBatch& batch, core::WallTime now);

  bool finished() const { return finished_; }
  bool caught_up() const { return caught_up_; }

  /// What to wait on where a pipe has nothing yet; -1 for files.
  int pipe() const;

 private:
  core::Result<void> open_path();
  void read_next();
  core::Result<void> turn_over(core::RawBatch& batch, std::uint32_t partition, core::WallTime now);
  core::Result<void> begin_anew();
  bool rotated_away() const;

  const std::string path_;
  const FileOptions& options_;
  std::shared_ptr<BlockPool> blocks_;
  core::ResumePoints resume_;
  std::deque<OpenedLog> waiting_;  // to be read after the reader's, the last one is the path's
  std::unique_ptr<LineReader> reader_;
  bool leaving_ = false;  // rotated away: read once more to the end, since it was seen there before
  bool finished_ = false, caught_up_ = false;
};

}  // namespace ingest

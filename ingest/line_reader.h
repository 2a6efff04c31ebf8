// Cuts one open log file into lines and knows where it stands.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/batch.h"
#include "core/source.h"
#include "ingest/block_pool.h"
#include "ingest/decompress.h"
#include "ingest/raw_input.h"
#include "ingest/sources.h"

namespace ingest {

/// The lines of one input, from where the resume points say that it was left.
///
/// Positions are bytes and lines of the decompressed content. A carriage return before the newline and a byte order
/// mark at the beginning of the content belong to no message; empty lines are nothing but advance the position. A line
/// longer than the limit is a fault of the batch, with its position and beginning, and no message. Lines are not
/// copied: they lie in blocks that the batch owns. Confined to one thread.
class LineReader {
 public:
  /// `options` and `resume` must outlive the reader.
  LineReader(std::string label, std::unique_ptr<RawInput> input, const FileOptions& options,
             const core::ResumePoints& resume, std::shared_ptr<BlockPool> blocks);

  /// Adds the whole lines that are there, at most about a block of them. `partition` is their index in the batch, and
  /// `now` when they were fetched. Content that breaks off or is damaged is a Failure once all before it was given.
  core::Result<Read::Outcome> read(core::RawBatch& batch, std::uint32_t partition, core::WallTime now);

  /// Nothing will come any more: adds a last line without newline. A compressed stream that is not at its end is a
  /// Failure, and the line that it cuts is left out.
  core::Result<void> finish(core::RawBatch& batch, std::uint32_t partition, core::WallTime now);

  /// nullopt until the file had a message or was known again: before, nothing tells it from others.
  std::optional<core::PartitionState> state() const;

  /// The file's content is no longer what was read: it was truncated, and perhaps written anew.
  bool replaced() const;

  const RawInput& input() const { return content_.input(); }

 private:
  core::Result<Read::Outcome> fill();
  void make_room();
  bool place(Read::Outcome& outcome);
  std::int64_t line_start(std::int64_t offset) const;
  Read::Outcome skip_known(Read::Outcome outcome, core::RawBatch& batch);
  void give_lines(core::RawBatch& batch, std::uint32_t partition, core::WallTime now);
  void take_line(std::string_view text, std::int64_t newline, core::RawBatch& batch, core::RawMessage message);
  void refuse_long_line(std::string_view text, std::int64_t length, core::RawBatch& batch,
                        const core::RawMessage& message);

  const std::string label_;
  const FileOptions& options_;
  const core::ResumePoints& resume_;
  std::shared_ptr<BlockPool> blocks_;
  Decompressor content_;
  std::optional<core::Failure> failure_;

  std::shared_ptr<char[]> block_;
  bool shared_ = false;              // a batch has the block: nothing may be written into it
  std::size_t begin_ = 0, end_ = 0;  // of what was read and not given yet, within the block
  bool lines_left_ = false;          // the block has whole lines that the last batch had no room for

  std::int64_t offset_ = 0, line_ = 0;  // where the line at begin_ begins, less what long_bytes_ says
  std::int64_t long_bytes_ = 0;         // already thrown away of a line that is too long
  std::string long_begin_;              // the first of them
  std::string key_;
  std::string head_;
  bool head_open_ = true;                // what is read continues head_
  bool placed_ = false;                  // compared with the resume points
  std::optional<core::Resume> skip_to_;  // compressed, or a pipe: read, but not given, up to here
  std::optional<core::WallTime> end_read_;
};

}  // namespace ingest

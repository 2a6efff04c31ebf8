#include "ingest/log_tail.h"

#include "ingest/file_identity.h"

namespace ingest {
namespace {

constexpr core::Millis kPathMissingRetry{250};

}  // namespace

LogTail::LogTail(std::string path, const FileOptions& options, std::shared_ptr<BlockPool> blocks)
    : path_(std::move(path)), options_(options), blocks_(std::move(blocks)) {}

core::Result<void> LogTail::start(const core::ResumePoints& resume) {
  resume_ = resume;
  auto opened = open_path();
  if (!opened) return opened;
  if (options_.follow && waiting_.back().input->regular() && longest_head(resume, options_.source) > 0 &&
      !is_known(path_, resume, options_.source)) {
    auto rotated = find_rotated(path_, resume, options_.source, true);
    while (!rotated.empty()) waiting_.push_front(std::move(rotated.back())), rotated.pop_back();
  }
  read_next();
  return {};
}

core::Result<void> LogTail::open_path() {
  auto input = RawInput::open(path_);
  if (!input) return tl::unexpected(input.error());
  waiting_.push_back({path_, std::move(*input)});
  return {};
}

void LogTail::read_next() {
  reader_ = std::make_unique<LineReader>(waiting_.front().path, std::move(waiting_.front().input), options_, resume_,
                                         blocks_);
  waiting_.pop_front();
  leaving_ = false;
}

core::Result<Read::Outcome> LogTail::read(core::RawBatch& batch, core::WallTime now) {
  const bool at_path = waiting_.empty();
  if (options_.follow && at_path && reader_->replaced()) {
    const auto begun = begin_anew();
    if (!begun) return tl::unexpected(begun.error());
    return Read::Outcome::kData;
  }
  const auto partition = static_cast<std::uint32_t>(batch.partitions.size());
  auto outcome = reader_->read(batch, partition, now);
  if (!outcome) return outcome;
  if (*outcome == Read::Outcome::kEnd) {
    caught_up_ = caught_up_ || at_path;
    if (!options_.follow || !at_path || leaving_ || !reader_->input().regular()) {
      const auto turned = turn_over(batch, partition, now);
      if (!turned) return tl::unexpected(turned.error());
      return finished_ ? Read::Outcome::kEnd : Read::Outcome::kData;
    }
    // What was written between the end that was seen and the rotation is still to be read.
    if (rotated_away()) leaving_ = true, outcome = Read::Outcome::kData;
  }
  if (auto state = reader_->state()) batch.partitions.push_back(std::move(*state));
  return outcome;
}

/// The reader's file is read to its end for good: gives its last line, and goes to the next file if there is one.
core::Result<void> LogTail::turn_over(core::RawBatch& batch, std::uint32_t partition, core::WallTime now) {
  auto last = reader_->finish(batch, partition, now);
  if (auto state = reader_->state()) batch.partitions.push_back(std::move(*state));
  if (!last && !options_.follow) return last;
  if (!last) batch.faults.push_back({path_, last.error().message, {}, 0});
  if (!options_.follow || !reader_->input().regular()) {
    finished_ = true;
    return {};
  }
  if (waiting_.empty()) {
    const auto opened = open_path();
    if (!opened) return core::fail(opened.error().message, kPathMissingRetry);
  }
  // The resume points have spoken about the files before; what begins now begins at its beginning.
  if (waiting_.size() == 1) resume_.clear();
  read_next();
  return {};
}

/// Truncated: the rest may be in a copy; then the path from its beginning.
core::Result<void> LogTail::begin_anew() {
  core::ResumePoints left;
  if (const auto state = reader_->state()) left[state->key] = {state->next_offset, state->next_line};
  auto copies = find_rotated(path_, left, options_.source, false);
  const auto opened = open_path();
  if (!opened) return core::fail(opened.error().message, kPathMissingRetry);
  resume_ = copies.empty() ? core::ResumePoints{} : std::move(left);
  if (!copies.empty()) waiting_.push_front(std::move(copies.front()));
  read_next();
  return {};
}

bool LogTail::rotated_away() const {
  const auto found = look_at(path_);
  return found && found->id != reader_->input().id() && found->size > 0;
}

int LogTail::pipe() const { return reader_ && !reader_->input().regular() ? reader_->input().descriptor() : -1; }

}  // namespace ingest

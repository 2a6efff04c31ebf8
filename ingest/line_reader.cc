#include "ingest/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "ingest/file_identity.h"

namespace ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

LineReader::LineReader(std::string label, std::unique_ptr<RawInput> input, const FileOptions& options,
                       const core::ResumePoints& resume, std::shared_ptr<BlockPool> blocks)
    : label_(std::move(label)),
      options_(options),
      resume_(resume),
      blocks_(std::move(blocks)),
      content_(label_, std::move(input)) {}

core::Result<Read::Outcome> LineReader::read(core::RawBatch& batch, std::uint32_t partition, core::WallTime now) {
  auto outcome = Read::Outcome::kData;
  if (!lines_left_) {
    const auto filled = fill();
    if (!filled) return filled;
    outcome = *filled;
  }
  if (!placed_ && !place(outcome)) return outcome;
  if (skip_to_) outcome = skip_known(outcome, batch);
  if (!skip_to_) give_lines(batch, partition, now);
  if (lines_left_) outcome = Read::Outcome::kData;
  end_read_ = outcome == Read::Outcome::kEnd ? std::optional(now) : std::nullopt;
  return outcome;
}

void LineReader::make_room() {
  if (block_ && !shared_) {
    if (begin_ > 0) std::memmove(block_.get(), block_.get() + begin_, end_ - begin_);
  } else {
    auto next = blocks_->take();
    if (block_) std::memcpy(next.get(), block_.get() + begin_, end_ - begin_);
    block_ = std::move(next);
    shared_ = false;
  }
  end_ -= begin_;
  begin_ = 0;
}

core::Result<Read::Outcome> LineReader::fill() {
  if (failure_) return tl::unexpected(*failure_);
  make_room();
  auto outcome = Read::Outcome::kData;
  const std::size_t before = end_;
  while (end_ < blocks_->block_bytes()) {
    const auto got = content_.read({block_.get() + end_, blocks_->block_bytes() - end_});
    if (!got) {
      failure_ = got.error();
      if (end_ == before) return tl::unexpected(*failure_);
      break;
    }
    outcome = got->outcome;
    if (outcome != Read::Outcome::kData) break;
    if (head_open_ && head_.size() < kHeadBytes)
      head_.append(block_.get() + end_, std::min(got->bytes, kHeadBytes - head_.size()));
    end_ += got->bytes;
  }
  return outcome;
}

/// False while too little of a pipe is there to know it again.
bool LineReader::place(Read::Outcome& outcome) {
  if (head_.size() < longest_head(resume_, options_.source) && outcome == Read::Outcome::kNotYet) return false;
  placed_ = true;
  const auto known = find_resume(resume_, options_.source, head_);
  if (known == resume_.end()) return true;
  const auto& [next_offset, next_line] = known->second;
  if (!content_.plain() || !input().regular()) {
    key_ = known->first;
    skip_to_ = known->second;
  } else if (input().size() >= next_offset) {  // else it only begins like the file that we know
    key_ = known->first;
    const std::int64_t start = line_start(next_offset);
    content_.seek(start);
    head_open_ = false;
    begin_ = end_ = 0;
    offset_ = start;
    line_ = start == next_offset ? next_line : next_line - 1;
    outcome = Read::Outcome::kData;  // no longer at the end that was seen before the leap
  }
  return true;
}

/// Where reading goes on if it stopped at `offset`: there, or, if that was the end of a last line without newline and
/// the file has grown since, where that line begins, so that its other half is not taken for a line.
std::int64_t LineReader::line_start(std::int64_t offset) const {
  if (offset == 0 || (!options_.follow && input().size() == offset)) return offset;
  const std::int64_t from = std::max<std::int64_t>(0, offset - static_cast<std::int64_t>(options_.max_line) - 1);
  std::string before(static_cast<std::size_t>(offset - from), '\0');
  before.resize(input().read_at(from, before));
  const auto newline = before.rfind('\n');
  if (newline != std::string::npos) return from + static_cast<std::int64_t>(newline) + 1;
  return from == 0 ? 0 : offset;
}

Read::Outcome LineReader::skip_known(Read::Outcome outcome, core::RawBatch& batch) {
  const auto bytes = std::min(static_cast<std::int64_t>(end_ - begin_), skip_to_->next_offset - offset_);
  begin_ += static_cast<std::size_t>(bytes);
  offset_ += bytes;
  const bool shorter = offset_ < skip_to_->next_offset;
  if (shorter && outcome != Read::Outcome::kEnd) return outcome;
  if (shorter && input().regular()) {
    // Another file, that only begins like the one that we know. Its messages count.
    content_.rewind();
    head_open_ = false;
    key_.clear();
    begin_ = end_ = 0;
    offset_ = line_ = 0;
    outcome = Read::Outcome::kData;
  } else {
    if (shorter)
      batch.faults.push_back({label_,
                              fmt::format("ends at byte {}, but was read up to byte {} before: nothing is new", offset_,
                                          skip_to_->next_offset),
                              {},
                              offset_});
    offset_ = skip_to_->next_offset;
    line_ = skip_to_->next_line;
  }
  skip_to_.reset();
  return outcome;
}

void LineReader::give_lines(core::RawBatch& batch, std::uint32_t partition, core::WallTime now) {
  const core::RawMessage message{.value = {}, .headers = {}, .partition = partition, .appended = now};
  const std::size_t before = batch.messages.size();
  const char* const block = block_.get();
  lines_left_ = false;
  while (begin_ < end_) {
    const auto* newline = static_cast<const char*>(std::memchr(block + begin_, '\n', end_ - begin_));
    if (newline == nullptr) break;
    if (batch.messages.size() - before == options_.lines) {
      lines_left_ = true;
      break;
    }
    const std::string_view text(block + begin_, newline);
    begin_ += text.size() + 1;
    take_line(text, 1, batch, message);
  }
  if (!lines_left_ && end_ - begin_ > options_.max_line) {
    if (long_bytes_ == 0) long_begin_.assign(block + begin_, std::min(end_ - begin_, core::InputFault::kMostKept));
    long_bytes_ += static_cast<std::int64_t>(end_ - begin_);
    begin_ = end_;
  }
  if (batch.messages.size() == before) return;
  batch.owners.emplace_back(block_, block);
  shared_ = true;
}

void LineReader::take_line(std::string_view text, std::int64_t newline, core::RawBatch& batch,
                           core::RawMessage message) {
  message.offset = offset_;
  message.line = ++line_;
  const std::int64_t length = long_bytes_ + static_cast<std::int64_t>(text.size());
  offset_ += length + newline;
  if (length > static_cast<std::int64_t>(options_.max_line)) {
    return refuse_long_line(text, length, batch, message);
  }
  if (message.offset == 0 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return;
  if (key_.empty()) key_ = file_key(options_.source, head_);
  message.value = text;
  batch.messages.push_back(message);
}

/// `text` is the end of the line, of which long_bytes_ were thrown away before.
void LineReader::refuse_long_line(std::string_view text, std::int64_t length, core::RawBatch& batch,
                                  const core::RawMessage& message) {
  if (long_bytes_ == 0) long_begin_ = text.substr(0, core::InputFault::kMostKept);
  batch.faults.push_back({core::line_position(label_, message.line, message.offset),
                          fmt::format("line too long: {} bytes, at most {} are read; of these the first {} are kept",
                                      length, options_.max_line, long_begin_.size()),
                          std::move(long_begin_), message.offset});
  long_bytes_ = 0;
  long_begin_.clear();
}

core::Result<void> LineReader::finish(core::RawBatch& batch, std::uint32_t partition, core::WallTime now) {
  if (!content_.complete())
    return core::fail(
        fmt::format("{}: the compressed data breaks off at byte {} of the file", label_, input().position()));
  if (begin_ == end_ && long_bytes_ == 0) return {};
  const std::size_t before = batch.messages.size();
  const std::string_view text(block_.get() + begin_, end_ - begin_);
  begin_ = end_;
  take_line(text, 0, batch, {.value = {}, .headers = {}, .partition = partition, .appended = now});
  if (batch.messages.size() > before) batch.owners.emplace_back(block_, block_.get());
  shared_ = true;
  return {};
}

std::optional<core::PartitionState> LineReader::state() const {
  if (key_.empty()) return std::nullopt;
  core::PartitionState state{.key = key_, .label = label_, .end_read = end_read_};
  state.next_offset = skip_to_ ? skip_to_->next_offset : offset_;
  state.next_line = skip_to_ ? skip_to_->next_line : line_;
  if (input().regular())
    state.lag = std::max<std::int64_t>(0, input().size() - (content_.plain() ? offset_ : input().position()));
  return state;
}

bool LineReader::replaced() const {
  if (!input().regular()) return false;
  if (input().size() < input().position()) return true;
  if (!content_.plain()) return false;
  std::string head(head_.size(), '\0');
  head.resize(input().read_at(0, head));
  return head != head_;
}

}  // namespace ingest

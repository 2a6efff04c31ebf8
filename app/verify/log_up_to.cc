#include "app/verify/log_up_to.h"

#include <algorithm>

namespace app {
namespace {

/// So many first messages say how far in time a beginning that is gone may have reached: one of them may be late
/// itself.
constexpr int kOpening = 100;

}  // namespace

StoreReach::StoreReach(const core::Progress& progress, std::vector<core::DeadLetter> refused)
    : letters_(std::move(refused)) {
  for (const auto& [key, partition] : progress.partitions) ends_[key] = partition.resume;
  for (const core::DeadLetter& letter : letters_) by_offset_.emplace(letter.offset, &letter);
}

bool StoreReach::covers(const std::string& key, std::int64_t offset) const {
  const auto end = ends_.find(key);
  return end != ends_.end() && offset < end->second.next_offset;
}

const core::DeadLetter* StoreReach::refused(const std::string& source, const core::RawMessage& message) const {
  const auto [begin, end] = by_offset_.equal_range(message.offset);
  const auto found = std::find_if(
      begin, end, [&](const auto& at) { return at.second->source == source && at.second->content == message.value; });
  return found == end ? nullptr : found->second;
}

void LogFindings::saw(const core::PartitionState& state) {
  const std::lock_guard lock(mutex_);
  LogPart& part = parts_[state.key];
  part.first = state.first_offset, part.end = state.next_offset;
}

void LogFindings::saw_opening(const std::string& key, core::EventTime time) {
  const std::lock_guard lock(mutex_);
  auto& opening = parts_[key].opening;
  opening = opening ? std::max(*opening, time) : time;
}

void LogFindings::left_out(const core::DeadLetter& letter) {
  const std::lock_guard lock(mutex_);
  left_out_.push_back(letter);
}

std::map<std::string, LogPart> LogFindings::parts() const {
  const std::lock_guard lock(mutex_);
  return parts_;
}

std::vector<core::DeadLetter> LogFindings::left_out() const {
  const std::lock_guard lock(mutex_);
  return left_out_;
}

LogUpTo::LogUpTo(std::unique_ptr<core::Source> log, std::unique_ptr<core::Decoder> decoder,
                 std::shared_ptr<const StoreReach> reach, std::shared_ptr<LogFindings> findings)
    : log_(std::move(log)), decoder_(std::move(decoder)), reach_(std::move(reach)), findings_(std::move(findings)) {}

/// A file is read from its beginning under the key that the store knows it by, though it may have grown since.
core::Result<void> LogUpTo::start(const core::ResumePoints&) {
  core::ResumePoints beginnings;
  for (const auto& [key, end] : reach_->ends()) {
    if (key.starts_with("file:")) beginnings[key] = {};
  }
  return log_->start(beginnings);
}

core::Result<core::Source::State> LogUpTo::poll(core::RawBatch& batch, core::Millis patience) {
  auto state = log_->poll(batch, patience);
  cut(batch);
  if (state && all_read(batch.source)) return State::kFinished;
  return state;
}

void LogUpTo::cut(core::RawBatch& batch) {
  for (const core::PartitionState& state : batch.partitions) {
    findings_->saw(state);
    read_to_[state.key] = state.next_offset;
  }
  std::erase_if(batch.messages, [&](const core::RawMessage& message) {
    const core::PartitionState& partition = batch.partitions[message.partition];
    if (!reach_->covers(partition.key, message.offset)) return true;
    const core::DeadLetter* const letter = reach_->refused(batch.source, message);
    if (letter != nullptr) {
      findings_->left_out(*letter);
      return true;
    }
    if (partition.first_offset > 0) look_at_opening(message, partition.key);
    return false;
  });
}

void LogUpTo::look_at_opening(const core::RawMessage& message, const std::string& key) {
  if (openings_[key]++ >= kOpening) return;
  decoded_.clear();
  decoder_->decode(message, 0, decoded_);
  for (const core::Event& event : decoded_.events) findings_->saw_opening(key, event.time);
}

bool LogUpTo::all_read(const std::string& source) const {
  return std::ranges::all_of(reach_->ends(), [&](const auto& entry) {
    const auto& [key, end] = entry;
    if (!key.starts_with("kafka:" + source + "/") && !key.starts_with("file:" + source + "/")) return true;
    const auto read = read_to_.find(key);
    return read != read_to_.end() && read->second >= end.next_offset;
  });
}

}  // namespace app

// Applying a batch: to the floor, to the counts, to the place in the log and to the event clocks.
#include <fmt/format.h>

#include <algorithm>

#include "app/pipeline.h"
#include "core/header_text.h"

namespace app {
namespace {

/// So many rounds are one where the archive is asked for much.
constexpr std::size_t kTogether = 4;

/// "contact-events/3/1234" or "/var/log/queue_log:17 (byte 1602)".
std::string position_of(const core::RawMessage& message, const core::PartitionState& partition) {
  if (message.line > 0) return core::line_position(partition.label, message.line, message.offset);
  return fmt::format("{}/{}", partition.label, message.offset);
}

}  // namespace

void Pipeline::apply(Fetched& fetched) {
  const PipelineSource& source = sources_[fetched.source];
  const auto late_before =
      progress_.watermark ? std::optional(*progress_.watermark - source.allowed_lateness) : std::nullopt;
  const std::size_t round = (floor_.asks_archive() ? kTogether : 1) * options_.round;
  Applied applied = floor_.apply(fetched.batch, source.rules, late_before, round);
  progress_.counts[source.rules.name] += applied.counts;
  keep_dead_letters(fetched, applied.rejections);
  move_on(fetched, applied);
  retire_absent(fetched);
  if (!fetched.batch.messages.empty()) progress_.sealed = false, touched_ = true;
}

void Pipeline::move_on(const Fetched& fetched, const Applied& applied) {
  const core::RawBatch& batch = fetched.batch;
  std::vector<bool> had_messages(batch.partitions.size(), false);
  for (const auto& message : batch.messages) had_messages[message.partition] = true;
  for (const auto& [partition, time] : applied.latest) clocks_.saw_event(batch.partitions[partition].key, time);
  for (std::size_t i = 0; i < batch.partitions.size(); ++i) {
    const core::PartitionState& state = batch.partitions[i];
    clocks_.saw_partition(state.key, state.end_read, had_messages[i]);
    auto& resume = progress_.partitions[state.key].resume;
    touched_ = touched_ || resume.next_offset != state.next_offset;
    resume = {state.next_offset, state.next_line};
    lag_[state.key] = state.lag;
    // Of one that never falls silent no end is ever said.
    if (had_messages[i] && state.lag == 0) catch_up_.saw_no_lag(state.key);
  }
}

/// A partition that its source does not name any more is gone: a file that was read to its end or rotated away.
void Pipeline::retire_absent(const Fetched& fetched) {
  if (fetched.batch.partitions.empty()) return;
  std::set<std::string> now;
  for (const auto& state : fetched.batch.partitions) now.insert(state.key);
  auto& before = shown_[fetched.source];
  for (const std::string& key : before) {
    if (now.contains(key)) continue;
    clocks_.retire(key);
    lag_.erase(key);
  }
  before = std::move(now);
}

std::optional<core::EventTime> Pipeline::watermark(core::WallTime now) {
  // A source that has shown nothing yet may hold anything.
  const auto silent = [](const auto& shown) { return shown.empty(); };
  return std::any_of(shown_.begin(), shown_.end(), silent) ? progress_.watermark : clocks_.watermark(now);
}

void Pipeline::keep_dead_letters(const Fetched& fetched, std::vector<core::Rejection>& rejections) {
  const core::RawBatch& batch = fetched.batch;
  const std::string& source = sources_[fetched.source].rules.name;
  const auto keep = [this](core::DeadLetter letter) {
    dead_letter_bytes_ += letter.content.size();
    dead_letters_.push_back(std::move(letter));
  };
  for (auto& rejection : rejections) {
    const core::RawMessage& message = batch.messages[rejection.message];
    keep({source, position_of(message, batch.partitions[message.partition]),
          std::string(core::kRejectReasonWords[core::index(rejection.reason)]), std::move(rejection.detail),
          std::string(message.value), wall_now(), core::write_headers(message.headers), message.offset});
  }
  for (const core::InputFault& fault : batch.faults) {
    core::EventCounts one;
    one.received = one.rejected = 1;
    one.rejected_by["malformed_line"] = 1;
    progress_.counts[source] += one;
    keep({source, fault.position, "malformed_line", fault.detail, fault.beginning, wall_now(), {}, fault.offset,
          false});
  }
}

}  // namespace app

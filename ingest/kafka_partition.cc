#include "ingest/kafka_partition.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ingest {

std::string KafkaPartition::key_of(const KafkaOptions& options, const std::string& topic, std::int32_t partition) {
  return fmt::format("kafka:{}/{}/{}", options.source, topic, partition);
}

KafkaPartition::KafkaPartition(const KafkaOptions& options, const FoundPartition& found,
                               const core::ResumePoints& resume, bool new_topic)
    : topic_(found.topic),
      number_(found.partition),
      key_(key_of(options, found.topic, found.partition)),
      label_(fmt::format("{}/{}", found.topic, found.partition)),
      low_(found.low),
      high_(found.high) {
  const auto point = resume.find(key_);
  if (point != resume.end()) {
    next_ = point->second.next_offset;
  } else if (new_topic && options.start == KafkaOptions::Start::kLatest) {
    next_ = found.high;
  } else {
    next_ = found.low;
    from_beginning_ = true;
  }
  if (options.bounded) end_ = found.high;
  done_ = end_ && next_ >= *end_;
}

bool KafkaPartition::take(std::int64_t offset) {
  if (done_ || offset < next_) return false;
  if (end_ && offset >= *end_) {
    next_ = *end_;  // past markers of transactions
    done_ = true;
    return false;
  }
  next_ = offset + 1;
  done_ = end_ && next_ >= *end_;
  from_beginning_ = false;
  end_read_.reset();
  return true;
}

void KafkaPartition::reached_end(std::int64_t offset, core::WallTime now) {
  if (offset < next_ || done_) return;
  next_ = offset;  // past markers of transactions
  seen_end_ = true;
  if (!end_read_) end_read_ = now;
  // The end of a bounded reading is older than this evidence: what is not there now never came, or is not committed.
  done_ = end_.has_value();
}

bool KafkaPartition::begin_later(std::int64_t low) {
  if (!from_beginning_ || low <= next_) return false;
  next_ = low_ = low;
  return true;
}

bool KafkaPartition::set_reachable(bool reachable) {
  if (!reachable) end_read_.reset();
  return !std::exchange(reachable_, reachable) && reachable;
}

core::PartitionState KafkaPartition::state(std::int64_t high) const {
  core::PartitionState state{.key = key_,
                             .label = label_,
                             .next_offset = next_,
                             .end_read = end_read_,
                             .first_offset = low_,
                             .number = static_cast<std::uint32_t>(number_)};
  const std::int64_t end = end_ ? *end_ : std::max(high, high_);
  if (!end_read_ && !done_) state.lag = std::max<std::int64_t>(0, end - next_);
  return state;
}

}  // namespace ingest

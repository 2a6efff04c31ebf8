#include "ingest/kafka_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "ingest/kafka_config.h"
#include "ingest/kafka_fetch.h"

namespace ingest {
namespace {

using core::Millis;

constexpr Millis kBrokersAwayRetry{250};
constexpr Millis kProblemRetry{1000};
// Below this the local queue cannot be full, and librdkafka's threads need no waking (see KafkaScout).
constexpr std::int64_t kLagThatStalls = 5000;
constexpr int kLastQuestionMs = 1000;
// A batch costs as much as many messages, from the wake-up to the round of the floor. So one of fewer is gathered for a
// moment, which is short beside what a person or a scrape waits for.
constexpr std::size_t kWorthABatch = 2048;
constexpr Millis kGather{5};

core::WallTime wall_now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

}  // namespace

KafkaSource::KafkaSource(KafkaOptions options) : options_(std::move(options)) {}

KafkaSource::~KafkaSource() { stop(); }

core::Result<void> KafkaSource::start(const core::ResumePoints& resume) {
  if (options_.group.empty()) return core::fail(fmt::format("source {}: the Kafka group has no name", options_.source));
  resume_ = resume;
  buffer_.resize(std::max<std::size_t>(options_.max_batch, 1));
  auto trouble = std::make_shared<KafkaTrouble>();
  auto consumer = make_consumer(options_, trouble);
  if (!consumer) return tl::unexpected(consumer.error());
  consumer_ = std::move(*consumer);
  {
    const std::lock_guard lock(mutex_);
    queue_.reset(rd_kafka_queue_get_consumer(consumer_.get()));
  }
  scout_ = std::make_unique<KafkaScout>(consumer_, options_, std::move(trouble),
                                        [queue = queue_.get()] { rd_kafka_queue_yield(queue); });
  scout_->start();
  return {};
}

core::Result<core::Source::State> KafkaSource::poll(core::RawBatch& batch, Millis patience) {
  batch.source = options_.source;
  if (failure_) {
    const core::Failure failure = *failure_;
    if (failure.retry_after) failure_.reset();
    return tl::unexpected(failure);
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (batch.messages.empty()) {
    const auto found = take_found();
    if (!found) return tl::unexpected(found.error());
    const auto left = std::chrono::ceil<Millis>(deadline - std::chrono::steady_clock::now());
    const bool may_wait = left > Millis::zero() && !stopping_;
    const std::size_t count = fetch(may_wait ? left : Millis::zero());
    deliver(count, batch);
    if (batch.messages.empty() && (count > 0 || !may_wait || failure_)) return without_messages(batch);
  }
  auto report = scout_->report();
  report.connected = true;
  tell_health(report);
  tell_states(batch, report.connected);
  told_away_ = false;
  return State::kMore;
}

core::Result<void> KafkaSource::take_found() {
  const auto found = scout_->take_found();
  const std::size_t before = partitions_.size();
  for (const auto& partition : found) {
    const std::string topic_prefix = fmt::format("kafka:{}/{}/", options_.source, partition.topic);
    const auto first = resume_.lower_bound(topic_prefix);
    const bool read_before = std::any_of(partitions_.begin(), partitions_.begin() + static_cast<std::ptrdiff_t>(before),
                                         [&](const KafkaPartition& other) { return other.topic() == partition.topic; });
    const bool new_topic = !read_before && (first == resume_.end() || !first->first.starts_with(topic_prefix));
    partitions_.emplace_back(options_, partition, resume_, new_topic);
    ++of_topic_[partition.topic];
    reassign_ = true;
  }
  if (!found.empty()) topics_.clear();
  return reassign_ ? assign() : core::Result<void>{};
}

/// Anew for all partitions, each at its own next offset: whatever lies in the queue for them is outdated then.
core::Result<void> KafkaSource::assign() {
  const KafkaPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions_.size())));
  for (const auto& partition : partitions_) {
    if (partition.done()) continue;
    rd_kafka_topic_partition_list_add(list.get(), partition.topic().c_str(), partition.number())->offset =
        partition.next();
  }
  const auto error = rd_kafka_assign(consumer_.get(), list.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return core::fail(fmt::format("Kafka: cannot assign partitions: {}", rd_kafka_err2str(error)), kProblemRetry);
  reassign_ = false;
  return {};
}

/// Waits for one message and takes what else is there, or comes at once. (The batch call by itself waits until the
/// batch is full.)
std::size_t KafkaSource::fetch(Millis patience) {
  std::size_t count = 0;
  const auto take = [&](std::int64_t wait_ms, std::size_t most) {
    const auto taken =
        rd_kafka_consume_batch_queue(queue_.get(), static_cast<int>(wait_ms), buffer_.data() + count, most);
    count += static_cast<std::size_t>(std::max<ssize_t>(taken, 0));
  };
  take(patience.count(), 1);
  if (count == 0) return 0;
  take(0, buffer_.size() - count);
  if (count < std::min(kWorthABatch, buffer_.size()) && !stopping_) {
    std::this_thread::sleep_for(kGather);  // At the queue every answer of the broker would wake this thread.
    take(0, buffer_.size() - count);
  }
  return count;
}

void KafkaSource::deliver(std::size_t count, core::RawBatch& batch) {
  if (count == 0) return;
  const auto fetched = std::make_shared<FetchedMessages>(consumer_);
  fetched->messages.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(count));
  batch.messages.reserve(count);
  const auto now = wall_now();
  for (auto* message : fetched->messages) {
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      take(*message, now, *fetched, batch);
    } else {
      take_problem(*message, now);
    }
  }
  if (!batch.messages.empty()) batch.owners.push_back(fetched);
}

void KafkaSource::take(rd_kafka_message_t& message, core::WallTime now, FetchedMessages& fetched,
                       core::RawBatch& batch) {
  const auto index = index_of(message);
  if (!index || !partitions_[*index].take(message.offset)) return;
  auto kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t time = rd_kafka_message_timestamp(&message, &kind);
  batch.messages.push_back({.value = {static_cast<const char*>(message.payload), message.len},
                            .headers = fetched.headers_of(message),
                            .partition = *index,
                            .offset = message.offset,
                            .line = 0,
                            .appended = kind == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? core::wall_time(time) : now});
}

void KafkaSource::take_problem(const rd_kafka_message_t& message, core::WallTime now) {
  const auto index = message.rkt != nullptr ? index_of(message) : std::nullopt;
  switch (message.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      if (index) partitions_[*index].reached_end(message.offset, now);
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      if (index) out_of_range(partitions_[*index]);
      return;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      return;  // the scout tells it, with the topic's name
    default:
      if (failure_ && !failure_->retry_after) return;
      failure_ = core::Failure{fmt::format("Kafka: {}", rd_kafka_message_errstr(&message)), kProblemRetry};
      // The partition may have left the fetch list with this error.
      reassign_ = true;
  }
}

void KafkaSource::out_of_range(KafkaPartition& partition) {
  std::int64_t low = -1, high = -1;
  const auto error = rd_kafka_query_watermark_offsets(consumer_.get(), partition.topic().c_str(), partition.number(),
                                                      &low, &high, kLastQuestionMs);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR && partition.begin_later(low)) {
    reassign_ = true;
    return;
  }
  const std::int64_t next = partition.next();
  std::string what;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    what = fmt::format("offset {} is out of range", next);
  } else if (next < low) {
    what = fmt::format("offsets {} to {} are gone: the broker deleted them before they were read; raise its retention",
                       next, low - 1);
  } else {
    what = fmt::format("offset {} was to be read next, but the log ends at {}: the topic was made anew or lost data",
                       next, high);
  }
  failure_ = core::Failure{fmt::format("{}: {}. To go on without them, begin a new store, or restate from another log",
                                       partition.label(), what),
                           std::nullopt};
}

std::optional<std::uint32_t> KafkaSource::index_of(const rd_kafka_message_t& message) {
  const auto& topic = topic_index(message.rkt);
  const auto number = static_cast<std::size_t>(message.partition);
  return number < topic.partitions.size() ? topic.partitions[number] : std::nullopt;
}

/// By the handle's address, as names are slow to compare for every message.
KafkaSource::TopicIndex& KafkaSource::topic_index(const rd_kafka_topic_t* topic) {
  for (auto& known : topics_)
    if (known.topic == topic) return known;
  TopicIndex index{topic, rd_kafka_topic_name(topic), {}};
  for (std::uint32_t i = 0; i < partitions_.size(); ++i) {
    if (partitions_[i].topic() != index.name) continue;
    const auto number = static_cast<std::size_t>(partitions_[i].number());
    if (index.partitions.size() <= number) index.partitions.resize(number + 1);
    index.partitions[number] = i;
  }
  return topics_.emplace_back(std::move(index));
}

void KafkaSource::tell_states(core::RawBatch& batch, bool connected) {
  std::int64_t lag = 0;
  batch.partitions.clear();
  for (auto& partition : partitions_) {
    std::int64_t low = -1, high = -1;
    rd_kafka_get_watermark_offsets(consumer_.get(), partition.topic().c_str(), partition.number(), &low, &high);
    const bool reachable = connected && scout_->answers(partition.topic(), partition.number());
    // librdkafka says an end once; assigned anew it says it again, after what has come meanwhile.
    reassign_ = partition.set_reachable(reachable) || reassign_;
    batch.partitions.push_back(partition.state(high));
    if (reachable && batch.partitions.back().lag == 0) partition.saw_no_lag();
    batch.partitions.back().of_topic = of_topic_[partition.topic()];
    lag += batch.partitions.back().lag;
  }
  scout_->set_lagging(lag > kLagThatStalls);
}

core::Result<core::Source::State> KafkaSource::without_messages(core::RawBatch& batch) {
  const auto report = scout_->report();
  tell_health(report);
  tell_states(batch, report.connected);
  if (failure_ && !failure_->retry_after) return tl::unexpected(*failure_);
  if (all_done(report)) return State::kFinished;
  if (options_.bounded && report.final) return core::fail(report.message);
  const bool away = !report.connected || std::ranges::none_of(partitions_, [](auto& p) { return p.reachable(); });
  if (!away || report.message.empty()) {
    told_away_ = false;
    return State::kIdle;
  }
  // First the batch that takes back the evidence of the ends, then the Failure.
  if (!std::exchange(told_away_, true) && !partitions_.empty()) return State::kIdle;
  return core::fail(report.message, kBrokersAwayRetry);
}

bool KafkaSource::all_done(const KafkaScout::Report& report) const {
  return options_.bounded && report.complete && std::ranges::all_of(partitions_, &KafkaPartition::done);
}

void KafkaSource::tell_health(const KafkaScout::Report& report) {
  const std::lock_guard lock(mutex_);
  health_.connected = report.connected && !partitions_.empty();
  health_.caught_up = report.complete && std::ranges::all_of(partitions_, &KafkaPartition::seen_end);
  health_.message = report.message;
}

void KafkaSource::committed(const core::ResumePoints& points) {
  if (!scout_ || !scout_->report().connected) return;
  const KafkaPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions_.size())));
  for (const auto& partition : partitions_) {
    const auto point = points.find(partition.key());
    if (point == points.end()) continue;
    auto& told = told_[partition.key()].next_offset;
    if (told == point->second.next_offset) continue;
    told = point->second.next_offset;
    rd_kafka_topic_partition_list_add(list.get(), partition.topic().c_str(), partition.number())->offset = told;
  }
  if (list->cnt > 0) rd_kafka_commit(consumer_.get(), list.get(), 1);
}

void KafkaSource::stop_soon() {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  if (queue_) rd_kafka_queue_yield(queue_.get());
}

void KafkaSource::stop() {
  if (scout_) scout_->stop();
  scout_.reset();
  {
    const std::lock_guard lock(mutex_);
    queue_.reset();
    health_ = {.connected = false, .caught_up = health_.caught_up, .message = "stopped"};
  }
  consumer_.reset();
}

core::Source::Health KafkaSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace ingest

#include "ingest/kafka_scout.h"

#include <fmt/format.h>

#include <algorithm>

namespace ingest {
namespace {

using core::Millis;
using Clock = std::chrono::steady_clock;

constexpr int kAnswerWithinMs = 1000;
constexpr Millis kAskEvery{2};
constexpr Millis kLookSoon{200};  // while something is missing

// Timestamps that stand for the ends of a log in Kafka's ListOffsets request.
constexpr std::int64_t kEarliest = RD_KAFKA_OFFSET_BEGINNING, kLatest = RD_KAFKA_OFFSET_END;

}  // namespace

KafkaScout::KafkaScout(KafkaConsumer consumer, const KafkaOptions& options, std::shared_ptr<KafkaTrouble> trouble,
                       std::function<void()> on_news)
    : consumer_(std::move(consumer)), options_(options), trouble_(std::move(trouble)), on_news_(std::move(on_news)) {}

void KafkaScout::start() {
  for (const auto& topic : options_.topics)
    topics_.emplace(topic, KafkaTopic(rd_kafka_topic_new(consumer_.get(), topic.c_str(), nullptr)));
  thread_ = std::thread([this] { run(); });
}

void KafkaScout::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  topics_.clear();
}

void KafkaScout::run() {
  auto next_look = Clock::now();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const bool lagging = lagging_;
    lock.unlock();
    if (Clock::now() >= next_look) {
      look();
      const auto seen = report();
      next_look = Clock::now() +
                  (seen.connected && seen.complete ? options_.look_around : std::min(options_.look_around, kLookSoon));
    }
    if (lagging) ask();
    lock.lock();
    const auto until = lagging ? std::min(next_look, Clock::now() + kAskEvery) : next_look;
    wake_.wait_until(lock, until, [&] { return stopping_ || lagging_ != lagging; });
  }
}

void KafkaScout::look() {
  std::vector<Partition> fresh;
  std::string message;
  Report report{.connected = true, .complete = false, .final = false, .message = {}};
  led_by_.clear();
  for (const auto& [topic, handle] : topics_) {
    const auto why = look_at(topic, fresh, report);
    if (!why.empty()) message = why;
  }
  if (!fresh.empty()) {
    const auto why = resolve(fresh);
    if (!why.empty()) message = why;
  }
  if (const auto why = look_at_leaders(); !why.empty()) message = why;
  report.complete = message.empty();
  report.message = std::move(message);
  if (report.connected) trouble_->clear();
  publish(std::move(report), std::exchange(resolved_, {}));
}

/// What is wrong with a topic; empty if nothing is.
std::string KafkaScout::look_at(const std::string& topic, std::vector<Partition>& fresh, Report& report) {
  const rd_kafka_metadata_t* raw = nullptr;
  const auto error = rd_kafka_metadata(consumer_.get(), 0, topics_.at(topic).get(), &raw, kAnswerWithinMs);
  const KafkaMetadata metadata(raw);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    report.connected = false;
    const auto trouble = trouble_->text();
    return fmt::format("no answer from Kafka at {}: {}", options_.brokers,
                       trouble.empty() ? rd_kafka_err2str(error) : trouble);
  }
  const auto& found = metadata->topics[0];
  switch (found.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return take_metadata(found, fresh);
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      report.final = true;
      return fmt::format("topic {} does not exist at {}", topic, options_.brokers);
    default:
      return fmt::format("topic {} cannot be read at {}: {}", topic, options_.brokers, rd_kafka_err2str(found.err));
  }
}

std::string KafkaScout::take_metadata(const rd_kafka_metadata_topic_t& topic, std::vector<Partition>& fresh) {
  std::string why;
  for (int i = 0; i < topic.partition_cnt; ++i) {
    const auto& found = topic.partitions[i];
    Partition partition{topic.topic, found.id};
    if (found.leader < 0) {
      why = fmt::format("{}/{} has no leader", topic.topic, found.id);
      continue;
    }
    led_by_[found.leader].push_back(partition);
    if (!known_.contains(partition)) fresh.push_back(std::move(partition));
  }
  return why;
}

/// Finds where new partitions begin and end. What is wrong; empty if nothing is.
std::string KafkaScout::resolve(const std::vector<Partition>& fresh) {
  std::map<Partition, std::int64_t> lows, highs;
  std::string why = query(fresh, kEarliest, lows);
  if (why.empty()) why = query(fresh, kLatest, highs);
  if (!why.empty()) return why;
  for (const auto& partition : fresh) {
    known_.insert(partition);
    resolved_.push_back({partition.first, partition.second, lows[partition], highs[partition]});
  }
  return {};
}

std::string KafkaScout::query(const std::vector<Partition>& partitions, std::int64_t time,
                              std::map<Partition, std::int64_t>& out) {
  const KafkaPartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const auto& [topic, partition] : partitions)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = time;
  auto error = rd_kafka_offsets_for_times(consumer_.get(), list.get(), kAnswerWithinMs);
  for (int i = 0; i < list->cnt; ++i) {
    const auto& element = list->elems[i];
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = element.err;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return fmt::format("the offsets of {}/{} are not known: {}", element.topic, element.partition,
                         rd_kafka_err2str(error));
    out[{element.topic, element.partition}] = element.offset;
  }
  return {};
}

/// Metadata come from any broker: the one that has a partition may be out of reach all the same. What is wrong; empty
/// if nothing is.
std::string KafkaScout::look_at_leaders() {
  std::string why;
  std::set<Partition> silent = known_;
  for (const auto& [leader, partitions] : led_by_) {
    const auto& [topic, partition] = partitions.front();
    std::map<Partition, std::int64_t> ends;
    // Unlike the query for watermarks (librdkafka 2.0.2), this one keeps to its time limit.
    const std::string fault = query({partitions.front()}, kLatest, ends);
    if (fault.empty()) {
      for (const auto& answered : partitions) silent.erase(answered);
    } else {
      why = fmt::format("the broker that leads {}/{} does not answer: {}", topic, partition, fault);
    }
  }
  const std::lock_guard lock(mutex_);
  silent_ = std::move(silent);
  return why;
}

void KafkaScout::ask() {
  ++turn_;
  for (const auto& [leader, partitions] : led_by_) {
    const auto& [topic, partition] = partitions[turn_ % partitions.size()];
    if (silent_.contains({topic, partition})) continue;  // The query would wait for its leader without end.
    std::int64_t low = 0, high = 0;
    rd_kafka_query_watermark_offsets(consumer_.get(), topic.c_str(), partition, &low, &high, kAnswerWithinMs);
  }
}

void KafkaScout::publish(Report report, std::vector<FoundPartition> found) {
  bool news = !found.empty();
  {
    const std::lock_guard lock(mutex_);
    news = news || report.connected != report_.connected || report.complete != report_.complete ||
           report.message != report_.message;
    report_ = std::move(report);
    found_.insert(found_.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  if (news) on_news_();
}

std::vector<FoundPartition> KafkaScout::take_found() {
  const std::lock_guard lock(mutex_);
  return std::exchange(found_, {});
}

KafkaScout::Report KafkaScout::report() const {
  const std::lock_guard lock(mutex_);
  Report report = report_;
  report.complete = report.complete && found_.empty();
  return report;
}

bool KafkaScout::answers(const std::string& topic, std::int32_t partition) const {
  const std::lock_guard lock(mutex_);
  return silent_.empty() || !silent_.contains({topic, partition});
}

void KafkaScout::set_lagging(bool lagging) {
  {
    const std::lock_guard lock(mutex_);
    if (lagging_ == lagging) return;
    lagging_ = lagging;
  }
  wake_.notify_all();
}

}  // namespace ingest

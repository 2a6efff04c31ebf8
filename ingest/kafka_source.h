// Kafka topics as a source.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/source.h"
#include "ingest/kafka_handles.h"
#include "ingest/kafka_partition.h"
#include "ingest/kafka_scout.h"
#include "ingest/sources.h"

namespace ingest {

struct FetchedMessages;

/// All partitions of the topics, from the resume points on; new partitions are found while it runs.
///
/// What happens when: no broker, no topic, wrong credentials or no permission: polls give temporary Failures that say
/// so, until it is there; the same when the brokers are lost, and librdkafka connects again by itself (a bounded
/// reading ends with a final Failure where a topic does not exist). Data that is gone before it was read (retention, a
/// topic made anew): a final Failure that names the offsets. Messages stay in librdkafka's memory, which the batches
/// own; batches may outlive the source.
///
/// `end_read` of a partition is when its end was first seen after its last message, and absent while there is more to
/// read or while its broker is away. `lag` is in offsets, as far as known.
/// Confined to the thread that polls, but for stop_soon() and health(), which are thread-safe.
class KafkaSource final : public core::Source {
 public:
  explicit KafkaSource(KafkaOptions options);
  ~KafkaSource() override;

  core::Result<void> start(const core::ResumePoints& resume) override;
  core::Result<State> poll(core::RawBatch& batch, core::Millis patience) override;
  void committed(const core::ResumePoints& points) override;
  void stop_soon() override;
  void stop() override;
  Health health() const override;

 private:
  struct TopicIndex {
    const rd_kafka_topic_t* topic;
    std::string name;
    std::vector<std::optional<std::uint32_t>> partitions;  // by Kafka's number: index into partitions_
  };

  core::Result<void> take_found();
  core::Result<void> assign();
  std::size_t fetch(core::Millis patience);
  void deliver(std::size_t count, core::RawBatch& batch);
  void take(rd_kafka_message_t& message, core::WallTime now, FetchedMessages& fetched, core::RawBatch& batch);
  void take_problem(const rd_kafka_message_t& message, core::WallTime now);
  void out_of_range(KafkaPartition& partition);
  std::optional<std::uint32_t> index_of(const rd_kafka_message_t& message);
  TopicIndex& topic_index(const rd_kafka_topic_t* topic);
  void tell_states(core::RawBatch& batch, bool connected);
  core::Result<State> without_messages(core::RawBatch& batch);
  bool all_done(const KafkaScout::Report& report) const;
  void tell_health(const KafkaScout::Report& report);

  const KafkaOptions options_;
  core::ResumePoints resume_;
  KafkaConsumer consumer_;
  KafkaQueue queue_;
  std::unique_ptr<KafkaScout> scout_;
  std::vector<KafkaPartition> partitions_;
  std::map<std::string, std::uint32_t> of_topic_;  // how many of them
  std::vector<TopicIndex> topics_;
  std::vector<rd_kafka_message_t*> buffer_;
  core::ResumePoints told_;               // what the group's offsets say
  std::optional<core::Failure> failure_;  // to be told when the batch before it is taken
  bool reassign_ = false;
  bool told_away_ = false;  // a batch said that the brokers are away
  std::atomic<bool> stopping_{false};

  mutable std::mutex mutex_;  // guards what other threads use: health_, and queue_ while it is made or ended
  Health health_;
};

}  // namespace ingest

// librdkafka's handles, each with its destroy function: nothing else calls one.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace ingest {

template <auto kDestroy>
struct DestroyWith {
  template <typename T>
  void operator()(T* handle) const {
    kDestroy(handle);
  }
};

using KafkaConf = std::unique_ptr<rd_kafka_conf_t, DestroyWith<rd_kafka_conf_destroy>>;
using KafkaQueue = std::unique_ptr<rd_kafka_queue_t, DestroyWith<rd_kafka_queue_destroy>>;
using KafkaTopic = std::unique_ptr<rd_kafka_topic_t, DestroyWith<rd_kafka_topic_destroy>>;
using KafkaPartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyWith<rd_kafka_topic_partition_list_destroy>>;

struct DestroyMetadata {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
using KafkaMetadata = std::unique_ptr<const rd_kafka_metadata_t, DestroyMetadata>;

/// Without leaving a group: we assign partitions ourselves and are in none.
struct DestroyConsumer {
  void operator()(rd_kafka_t* consumer) const {
    rd_kafka_destroy_flags(consumer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }
};
/// Shared with the messages that were fetched, which must not outlive it.
using KafkaConsumer = std::shared_ptr<rd_kafka_t>;

}  // namespace ingest

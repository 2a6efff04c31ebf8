// Messages as they lie in librdkafka's memory, owned by a batch.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory_resource>
#include <span>
#include <vector>

#include "core/batch.h"
#include "ingest/kafka_handles.h"

namespace ingest {

/// Destroys its messages at once when the last batch lets go of it, and keeps their consumer until then.
/// Confined to one thread until it is given away; then immutable.
struct FetchedMessages {
  explicit FetchedMessages(KafkaConsumer owner) : consumer(std::move(owner)) {}
  ~FetchedMessages() {
    for (auto* message : messages) rd_kafka_message_destroy(message);
  }
  FetchedMessages(const FetchedMessages&) = delete;
  FetchedMessages& operator=(const FetchedMessages&) = delete;

  /// The message's headers; the views live as long as this. Not even looked for where the value begins as a whole
  /// CloudEvent does: librdkafka allocates to find out that there are none.
  std::span<const core::Header> headers_of(rd_kafka_message_t& message);

  KafkaConsumer consumer;
  std::vector<rd_kafka_message_t*> messages;
  std::pmr::monotonic_buffer_resource headers;
};

}  // namespace ingest

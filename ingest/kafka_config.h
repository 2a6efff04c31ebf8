// Makes a librdkafka consumer from a source's options.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/result.h"
#include "ingest/kafka_handles.h"
#include "ingest/sources.h"

namespace ingest {

/// The latest complaint of the client's threads (a refused connection, a wrong password): why nothing comes, when a
/// request only says that it timed out. Thread-safe.
class KafkaTrouble {
 public:
  void note(std::string text);
  void clear();
  std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// A consumer that is connected to nothing yet. An unknown property, a value that is not allowed, or a property that
/// the source's guarantees rest upon is a Failure without retry that names the property, and never a secret's value.
/// The consumer keeps `trouble`.
core::Result<KafkaConsumer> make_consumer(const KafkaOptions& options, std::shared_ptr<KafkaTrouble> trouble);

}  // namespace ingest

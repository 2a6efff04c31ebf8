// Where the simulated centre's messages go.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace simulation {

/// Takes messages in order. A Failure is final. Confined to one thread.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  virtual core::Result<void> write(std::string_view key, std::string_view message) = 0;
  /// Makes what was written visible to readers.
  virtual core::Result<void> flush() = 0;
  /// Once, at the end: all of it has arrived, or a Failure.
  virtual core::Result<void> finish() = 0;
};

/// One message per line; the key is dropped. `path` "-" is standard output; names that end in .gz or .zst are
/// compressed. `append`: the file goes on where it ends; otherwise it is replaced. Only whole lines are written, so
/// that a reader of the growing file sees no half ones.
core::Result<std::unique_ptr<MessageSink>> open_file_sink(const std::string& path, bool append);

/// Messages keyed as Kafka's own partitioner expects it (murmur2), any bytes. `brokers` is "host:port,…".
core::Result<std::unique_ptr<MessageSink>> open_kafka_sink(const std::string& brokers, const std::string& topic);

}  // namespace simulation

// What the configuration says about a source of raw messages: plain options of FileSource and KafkaSource.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/time.h"

namespace ingest {

/// Log files, read as one log in the order in which they are listed.
struct FileOptions {
  std::string source;              ///< The source's name in the configuration; part of every partition's key.
  std::vector<std::string> paths;  ///< Plain, gzip or zstd, told apart by content; "-" is standard input.
  bool follow = false;             ///< Files that grow and are rotated: never finished. Else each is read to its end.
  std::size_t max_line = 1 << 20;  ///< Bytes without the newline. A longer line is left out and told in faults.
  std::size_t block = 2 << 20;     ///< Bytes read at a time, and about the size of a batch.
  std::size_t lines = 32768;       ///< At most so many of a file in a batch: bounds it where lines are tiny.
};

/// Kafka topics, all partitions of each.
struct KafkaOptions {
  enum class Start { kEarliest, kLatest };

  std::string source;   ///< The source's name in the configuration; part of every partition's key.
  std::string brokers;  ///< "host:port,host:port"
  std::vector<std::string> topics;
  std::string group = "floorwatch";  ///< Only for lag tools: offsets are committed to it, never read from it.
  std::map<std::string, std::string> properties;  ///< librdkafka's, over our defaults. May hold secrets.
  Start start = Start::kEarliest;                 ///< Where a topic begins that has no resume point in any partition.

  bool bounded = false;  ///< End at the end that each partition has when it is first seen.

  std::size_t max_batch = 16384;   ///< Messages.
  core::Millis look_around{1000};  ///< How often brokers and new partitions are looked for.
};

}  // namespace ingest

// Where a source stands in one partition of a topic, and which of the offsets that come it takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/batch.h"
#include "core/source.h"
#include "ingest/kafka_scout.h"
#include "ingest/sources.h"

namespace ingest {

/// The delivery rule of a partition: offsets rise, what lies below the next one is dropped, what lies at or beyond the
/// end of a bounded reading as well.
///
/// Offsets may leap: the markers of transactions, aborted transactions and what compaction removed have offsets and
/// are never given to a reader. Such a hole is the log's own. A hole of lost data cannot hide among them: a broker
/// answers a fetch below the beginning of its log with "offset out of range" and not with the next message it has, and
/// since auto.offset.reset is "error" that ends the source. Confined to one thread.
class KafkaPartition {
 public:
  /// `new_topic`: no partition of the topic has a resume point, so the options say where it begins. Else a partition
  /// without one appeared later, and is read from its beginning.
  KafkaPartition(const KafkaOptions& options, const FoundPartition& found, const core::ResumePoints& resume,
                 bool new_topic);

  static std::string key_of(const KafkaOptions& options, const std::string& topic, std::int32_t partition);

  /// True if the message at this offset is to be delivered.
  bool take(std::int64_t offset);

  /// The broker said that there is nothing at this offset yet.
  void reached_end(std::int64_t offset, core::WallTime now);

  /// Everything that the broker is known to have has been taken. A partition that never falls silent is at its end so
  /// only: brokers say an end where nothing has come for a while.
  void saw_no_lag() { seen_end_ = true; }

  /// The broker no longer has the next offset, its log begins at `low`: true if nothing is lost by beginning there,
  /// since this reading was to begin at the beginning and has not begun.
  bool begin_later(std::int64_t low);

  /// Whether the broker that has the partition answers. While it does not, nobody knows whether there is more, and what
  /// was seen of the end is no evidence. True: it is back, and must be asked for the end again.
  bool set_reachable(bool reachable);
  bool reachable() const { return reachable_; }

  /// `high`: the end as far as known; negative: unknown.
  core::PartitionState state(std::int64_t high) const;

  const std::string& topic() const { return topic_; }
  std::int32_t number() const { return number_; }
  const std::string& key() const { return key_; }
  const std::string& label() const { return label_; }
  std::int64_t next() const { return next_; }
  bool done() const { return done_; }  ///< A bounded reading is at its end.
  bool seen_end() const { return seen_end_; }

 private:
  std::string topic_;
  std::int32_t number_;
  std::string key_, label_;
  std::int64_t next_ = 0;
  std::int64_t low_, high_;          // when it was found
  std::optional<std::int64_t> end_;  // of a bounded reading
  std::optional<core::WallTime> end_read_;
  bool from_beginning_ = false;  // begins at the earliest message, and nothing came yet
  bool done_ = false, seen_end_ = false, reachable_ = true;
};

}  // namespace ingest

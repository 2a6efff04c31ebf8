// The pipeline's edge towards the outside: where raw messages come from.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/batch.h"
#include "core/result.h"

namespace core {

/// Where a stored pipeline stands in one partition, as the last commit said. Keyed by PartitionState::key.
struct Resume {
  std::int64_t next_offset = 0;
  std::int64_t next_line = 0;
};
using ResumePoints = std::map<std::string, Resume>;

/// A source of raw messages (Kafka topics, log files).
///
/// Delivery: at least once. Every message at or after the resume point of its partition is delivered, in order within
/// the partition and without a gap; a gap that cannot be closed (data gone) is a Failure without retry, never skipped
/// silently. Messages below the resume point are dropped here.
///
/// Life: start once, then poll until it reports kFinished or a final Failure, then stop (idempotent). Constructors
/// start nothing. Confined to the thread that polls, but for stop_soon() and health(), which are thread-safe.
class Source {
 public:
  enum class State {
    kMore,      ///< The batch has messages, or there may be some at once.
    kIdle,      ///< Nothing came within the patience.
    kFinished,  ///< A bounded source is read to its end: nothing will ever come again.
  };

  struct Health {
    bool connected = false;
    bool caught_up = false;     ///< The end of every partition has been seen at least once since the start.
    std::string message;        ///< Why it is not connected, for /readyz and the log.
  };

  virtual ~Source() = default;
  virtual Result<void> start(const ResumePoints& resume) = 0;

  /// Fills `batch` (which the caller has cleared) with what is there, waiting for the first message at most `patience`.
  /// A Failure with retry_after is temporary (broker away): the caller waits that long and polls again.
  virtual Result<State> poll(RawBatch& batch, Millis patience) = 0;

  /// Tells the outside (Kafka's group offsets, for lag tools only) what is committed. May be dropped.
  virtual void committed(const ResumePoints&) {}

  /// Makes a poll that waits return early. Thread-safe.
  virtual void stop_soon() {}
  virtual void stop() = 0;
  virtual Health health() const = 0;
};

}  // namespace core

// The two event clocks: as-of (how far time has come) and watermark (up to where everything has come).
//
// A partition whose end has been read advances by the wall time that has passed since that evidence, so figures of a
// quiet floor keep moving; one that is behind stays where its events are, so a stalled pipeline shows as lag. A
// partition that never had an event moves nothing. Pure: wall time comes in as a value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/store.h"
#include "core/time.h"

namespace core {

class EventClocks {
 public:
  /// `live`: partitions read to their end advance with the wall clock. A replay's clocks are its events' alone.
  explicit EventClocks(bool live) : live_(live) {}

  /// The largest event time of a partition in what was just applied.
  void saw_event(const std::string& partition, EventTime time);
  /// What the source says of a partition after a batch; `had_messages`: the batch had messages of it.
  void saw_partition(const std::string& partition, std::optional<WallTime> end_read, bool had_messages);
  /// The partition is gone (a file that was rotated away): nothing waits for it any more.
  void retire(const std::string& partition) { clocks_.erase(partition); }

  /// Continues from a commit. A partition's clock counts again when its source shows the partition, and advances when
  /// its end has been shown again: events may have come meanwhile.
  void restore(const Progress& progress);

  /// Maximum over partitions; absent while there has been no event at all. Never goes back.
  std::optional<EventTime> as_of(WallTime now);
  /// Minimum over partitions; absent while a partition that is not read to its end has had no event. Never goes back.
  std::optional<EventTime> watermark(WallTime now);

  /// Whether the partition has been read to its end, as far as its source has said.
  bool at_end(const std::string& partition) const;
  /// A partition's clock, for the commit; absent if it never had an event.
  std::optional<EventTime> clock_of(const std::string& partition, WallTime now) const;

 private:
  struct Clock {
    std::optional<EventTime> latest;
    std::optional<WallTime> end_read;
    std::optional<WallTime> counted_to;  ///< Up to here the wall time that has passed is in `latest`.
  };
  void settle(Clock& clock) const;
  /// What has passed has passed; time goes on from the new `now` and does not wait until the old one comes again.
  void wall_clock_was_set_back(WallTime now);
  std::optional<EventTime> time_of(const Clock& clock, WallTime now) const;

  bool live_;
  std::map<std::string, Clock> clocks_;
  std::map<std::string, EventTime> restored_;
  WallTime restored_at_{};
  std::optional<WallTime> last_now_;
  std::optional<EventTime> as_of_, watermark_;
};

}  // namespace core

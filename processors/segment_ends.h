// How one segment ends: gathered from the contact's marks, then worked out (events.md of the contract, "Which segment
// an event belongs to").
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <optional>

#include "processors/contact_view.h"

namespace processors {

/// Lives for one view.
struct SegmentEnds {
  std::optional<core::EventTime> wrapped, transferred, ended;  ///< the earliest of each at or after the segment's start
  std::optional<core::EventTime> ended_by_all;                 ///< the earliest `ended` without agent since the start
  bool early_wrap = false, early_transfer = false, early_end = false;  ///< marks before the pair's first start
  bool early_end_of_all = false;  ///< `ended` without agent before every segment of the contact
  boost::container::small_vector<core::EventTime, 4> held, retrieved;  ///< in order of time

  static void earliest(std::optional<core::EventTime>& known, core::EventTime time) {
    known = std::min(known.value_or(time), time);
  }

  /// A mark of the pair (contact, agent); `early`: before its first start. Marks come in order of time.
  void note(const Mark& mark, bool early);
  /// Whether the segment is complete, and then its talk, hold and wrap.
  void finish(SegmentView& segment, bool sends_wrap);

 private:
  core::Millis hold_until(core::EventTime talk_end) const;
};

}  // namespace processors

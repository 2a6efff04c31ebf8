#include "processors/segment_ends.h"

namespace processors {

using core::EventTime;
using core::Millis;

void SegmentEnds::note(const Mark& mark, bool early) {
  const auto end = [&](std::optional<EventTime>& own, bool& before_start) {
    if (early) {
      before_start = true;
    } else {
      earliest(own, mark.time);
    }
  };
  switch (mark.kind) {
    case MarkKind::kHeld:
      if (!early) held.push_back(mark.time);
      break;
    case MarkKind::kRetrieved:
      if (!early) retrieved.push_back(mark.time);
      break;
    case MarkKind::kTransferred:
      return end(transferred, early_transfer);
    case MarkKind::kEnded:
      return end(ended, early_end);
    default:
      return end(wrapped, early_wrap);
  }
}

void SegmentEnds::finish(SegmentView& s, bool sends_wrap) {
  // Marks before the first start count as spans of 0, and only where there are none of their kind after it.
  if (!ended && early_end) ended = s.start;
  if (!transferred && early_transfer) transferred = s.start;
  if (!wrapped && early_wrap) wrapped = s.start;
  if (!ended && !transferred && !ended_by_all && early_end_of_all) ended_by_all = s.start;
  s.transferred = transferred.has_value();
  const bool talk_ended = ended || transferred || ended_by_all;
  s.complete = wrapped || (talk_ended && !sends_wrap);
  if (!s.complete) return;
  const EventTime never = EventTime::max();
  const EventTime talk_end =
      talk_ended ? std::min({ended.value_or(never), transferred.value_or(never), ended_by_all.value_or(never)})
                 : *wrapped;
  s.completed = std::max(wrapped.value_or(talk_end), talk_end);
  s.wrap = s.completed - talk_end;
  s.hold = hold_until(talk_end);
  s.talk = (talk_end - s.start) - s.hold;
}

/// Σ held → retrieved, cut at the end of talking. A second held inside a hold is ignored.
Millis SegmentEnds::hold_until(EventTime talk_end) const {
  Millis total{0};
  std::size_t r = 0;
  for (std::size_t h = 0; h < held.size();) {
    const EventTime from = held[h];
    if (from >= talk_end) break;
    while (r < retrieved.size() && retrieved[r] < from) ++r;
    const EventTime to = r < retrieved.size() ? std::min(retrieved[r], talk_end) : talk_end;
    total += to - from;
    // `held` comes before `retrieved` at equal times, so a held at `to` was still inside this hold.
    while (h < held.size() && held[h] <= to) ++h;
    if (r < retrieved.size()) ++r;
  }
  return total;
}

}  // namespace processors

// Segments of a contact: which marks belong to which segment, and what they make of it.
#include <algorithm>
#include <map>
#include <utility>

#include "tests/oracle/contacts.h"

namespace oracle {
namespace {

/// The times of one kind of mark (transferred, ended, wrapped) that reached a segment.
struct Marks {
  std::optional<Ms> own;  ///< The earliest at or after the segment's start.
  bool early = false;     ///< One came before the pair's first start: a span of 0 where there is none of its own.

  void add(Ms time, Ms start) {
    if (time < start) {
      early = true;
    } else {
      own = std::min(own.value_or(time), time);
    }
  }
  std::optional<Ms> effective(Ms start) const { return own ? own : early ? std::optional(start) : std::nullopt; }
};

struct HoldMark {
  Ms time;
  bool retrieved;  ///< else held, which comes first at equal times
  auto operator<=>(const HoldMark&) const = default;
};

struct OpenSegment {
  SegmentStart begun;
  Marks transferred, ended, wrapped;
  std::optional<Ms> ended_by_all;  ///< contact.ended without agent
  std::vector<HoldMark> holds;

  std::optional<Ms> end_of_talking() const {
    std::optional<Ms> end;
    for (const auto& mark : {transferred.effective(begun.start), ended.effective(begun.start), ended_by_all}) {
      if (mark) end = std::min(end.value_or(*mark), *mark);
    }
    return end;
  }
};

/// The pair's segment with the latest start at or before `time`, else (an early mark) the pair's first one; at equal
/// starts the one that comes first in the list.
OpenSegment* owner(std::vector<OpenSegment>& segments, const std::string& agent, Ms time) {
  OpenSegment* latest = nullptr;
  OpenSegment* first = nullptr;
  for (OpenSegment& segment : segments) {
    if (segment.begun.agent != agent) continue;
    const Ms start = segment.begun.start;
    if (start <= time && (!latest || start > latest->begun.start)) latest = &segment;
    if (!first || start < first->begun.start) first = &segment;
  }
  return latest ? latest : first;
}

void add_mark(std::vector<OpenSegment>& segments, const Event& event) {
  OpenSegment* segment = owner(segments, event.agent, event.time);
  if (!segment) return;
  const Ms start = segment->begun.start;
  if (event.type == "contact.transferred") segment->transferred.add(event.time, start);
  if (event.type == "contact.ended") segment->ended.add(event.time, start);
  if (event.type == "contact.wrapped") segment->wrapped.add(event.time, start);
  const bool retrieved = event.type == "contact.retrieved";
  if ((event.type == "contact.held" || retrieved) && event.time >= start) {
    segment->holds.push_back({event.time, retrieved});
  }
}

/// contact.ended without agent: the end of every segment begun by then; where none was, of those without another end.
void end_all(std::vector<OpenSegment>& segments, const Events& ends) {
  for (OpenSegment& segment : segments) {
    for (const Event* end : ends) {
      if (segment.begun.start > end->time) continue;
      segment.ended_by_all = std::min(segment.ended_by_all.value_or(end->time), end->time);
    }
  }
  const bool early = std::any_of(ends.begin(), ends.end(), [&](const Event* end) {
    return std::none_of(segments.begin(), segments.end(),
                        [&](const OpenSegment& segment) { return segment.begun.start <= end->time; });
  });
  if (!early) return;
  for (OpenSegment& segment : segments) {
    if (!segment.end_of_talking()) segment.ended_by_all = segment.begun.start;
  }
}

/// The time on hold up to the end of talking.
Ms held(std::vector<HoldMark> marks, Ms end) {
  std::sort(marks.begin(), marks.end());
  Ms sum = 0, since = 0;
  bool on_hold = false;
  const auto close = [&](Ms until) {
    if (on_hold) sum += std::max<Ms>(0, std::min(until, end) - since);
    on_hold = false;
  };
  for (const HoldMark& mark : marks) {
    if (mark.retrieved) {
      close(mark.time);
    } else if (!on_hold) {
      on_hold = true;
      since = mark.time;
    }
  }
  close(end);
  return sum;
}

Segment settle(const OpenSegment& open, bool sends_wrap) {
  const Ms start = open.begun.start;
  Segment segment{open.begun.place, open.begun.agent, open.begun.arrival, start, std::nullopt, 0, 0, 0};
  const std::optional<Ms> wrapped = open.wrapped.effective(start);
  const std::optional<Ms> talking_ended = open.end_of_talking();
  const std::optional<Ms> end = talking_ended ? talking_ended : wrapped;
  if (!end || (sends_wrap && !wrapped)) return segment;
  segment.hold = held(open.holds, *end);
  segment.talk = *end - start - segment.hold;
  segment.wrap = std::max<Ms>(0, wrapped.value_or(*end) - *end);
  segment.completed = *end + segment.wrap;
  return segment;
}

}  // namespace

std::vector<Segment> segments_of(const std::vector<SegmentStart>& starts, const Events& contact_events,
                                 bool sends_wrap) {
  std::vector<OpenSegment> open;
  for (const SegmentStart& start : starts) open.push_back({start, {}, {}, {}, std::nullopt, {}});
  Events ends_of_all;
  for (const Event* event : contact_events) {
    if (event->type == "contact.ended" && event->agent.empty()) {
      ends_of_all.push_back(event);
    } else {
      add_mark(open, *event);
    }
  }
  end_all(open, ends_of_all);
  std::vector<Segment> segments;
  for (const OpenSegment& segment : open) segments.push_back(settle(segment, sends_wrap));
  return segments;
}

}  // namespace oracle

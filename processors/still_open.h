// What is open and not given up at a moment.
#pragma once

#include "processors/contact_view.h"
#include "processors/rules.h"

namespace processors {

inline bool still_waits(const VisitView& v, const Rules& rules, core::EventTime as_of) {
  return v.outcome == VisitView::Outcome::kOpen && as_of - v.begin <= rules.give_up_visit(v.key.c);
}
inline bool still_handled(const SegmentView& s, const Rules& rules, core::EventTime as_of) {
  return !s.complete && as_of - s.start <= rules.give_up().segment;
}

inline bool still_unanswered(const TurnView& t, const Rules& rules, core::EventTime as_of) {
  return t.outcome == TurnView::Outcome::kOpen && as_of - t.begin <= rules.give_up_visit(t.key.c);
}

}  // namespace processors

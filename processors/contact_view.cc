#include "processors/contact_view.h"

#include <algorithm>
#include <tuple>

#include "processors/segment_ends.h"

namespace processors {
namespace {

using core::EventTime;
using core::Millis;
using core::NameId;

template <typename T, std::size_t N>
using Few = boost::container::small_vector<T, N>;

/// Turns one record into its view. Lives for one call.
class Viewer {
 public:
  Viewer(const ContactRecord& record, Rules& rules, const core::Names& names, ContactView& view)
      : record_(record), rules_(rules), names_(names), view_(view) {}

  void look(ViewParts parts) {
    if (record_.has_messages() && parts.turns_from < EventTime::max()) {
      view_.turns = turns_of(record_, rules_, names_, parts.turns_from);
    }
    if (!parts.visits) return;
    visits();
    if (parts.offers) offers();
    if (parts.segments) start_segments();
    if (!view_.segments.empty()) end_segments();
  }

 private:
  CellKey key_of(const Visit& visit) {
    return rules_.place(visit.client.value, visit.queue.value, visit.channel.value);
  }

  const VisitView* queued(std::uint32_t visit) const {
    for (const VisitView& v : view_.visits) {
      if (v.visit == visit) return &v;
    }
    return nullptr;
  }

  void visits() {
    for (const Mark& mark : record_.marks()) {
      if (mark.kind != MarkKind::kQueued) continue;
      VisitView v;
      v.visit = mark.visit;
      v.key = key_of(record_.visits()[mark.visit]);
      v.entry = static_cast<core::Entry>(mark.code);
      v.begin = mark.time;
      end_visit(v);
      view_.visits.push_back(v);
    }
  }

  /// The earliest of answered and left; at equal times answered, of two agents the smaller name.
  void end_visit(VisitView& v) {
    for (const Mark& mark : record_.marks()) {
      if (mark.visit != v.visit || (mark.kind != MarkKind::kAnswered && mark.kind != MarkKind::kLeft)) continue;
      const bool answer = mark.kind == MarkKind::kAnswered;
      const bool first = v.outcome == VisitView::Outcome::kOpen || mark.time < v.end;
      const bool answer_at_once = answer && mark.time == v.end && v.outcome == VisitView::Outcome::kLeft;
      const bool smaller_agent = answer && mark.time == v.end && v.outcome == VisitView::Outcome::kAnswered &&
                                 names_.text(mark.agent) < names_.text(v.agent);
      if (!first && !answer_at_once && !smaller_agent) continue;
      v.end = mark.time;
      v.outcome = answer ? VisitView::Outcome::kAnswered : VisitView::Outcome::kLeft;
      v.agent = answer ? mark.agent : NameId::kNone;
      v.reason = answer ? core::LeaveReason{} : static_cast<core::LeaveReason>(mark.code);
    }
  }

  struct Ring {
    OfferView view;
    std::uint32_t visit;
    std::string_view id;
    bool ended = false;
    std::uint8_t end_code = 0;
  };

  /// An end reaches a ring: the earliest holds, at equal times the smaller reason.
  static void end_ring(Ring& ring, const Mark& mark) {
    const auto word = [](std::uint8_t code) { return core::kOfferEndWords[code]; };
    if (ring.ended && std::tuple(mark.time, word(mark.code)) >= std::tuple(ring.view.end, word(ring.end_code))) return;
    ring.ended = true, ring.view.end = mark.time, ring.end_code = mark.code;
  }

  void offers() {
    Few<Ring, 4> rings;
    const auto ring_of = [&](const Mark& mark, EventTime begin) {
      Ring ring{{}, mark.visit, record_.text(mark.text)};
      ring.view.agent = mark.agent;
      ring.view.begin = ring.view.end = begin;
      return ring;
    };
    for (const Mark& mark : record_.marks()) {
      if (mark.kind == MarkKind::kOffered) rings.push_back(ring_of(mark, mark.time));
    }
    const std::size_t begun = rings.size();
    for (const Mark& mark : record_.marks()) {
      if (mark.kind != MarkKind::kOfferEnded) continue;
      Ring* ring = nullptr;
      for (std::size_t i = 0; i < begun; ++i) {
        Ring& r = rings[i];
        if (r.visit != mark.visit) continue;
        if (mark.text != TextRef::kNone) {
          if (r.id == record_.text(mark.text)) ring = &r;
        } else if (r.view.agent == mark.agent && r.view.begin <= mark.time &&
                   (ring == nullptr || r.view.begin > ring->view.begin ||
                    (r.view.begin == ring->view.begin && r.id < ring->id))) {
          ring = &r;
        }
      }
      if (ring == nullptr) ring = &rings.emplace_back(ring_of(mark, mark.time));
      end_ring(*ring, mark);
    }
    for (Ring& ring : rings) {
      ring.view.key = key_of(record_.visits()[ring.visit]);
      ring.view.missed = ring.ended && (ring.end_code == core::index(core::OfferEnd::kTimeout) ||
                                        ring.end_code == core::index(core::OfferEnd::kRejected));
      const VisitView* visit = queued(ring.visit);
      ring.view.arrival = visit != nullptr ? visit->begin : ring.view.begin;
      if (!ring.view.missed) ring.view.end = ring.view.begin;
      ring.view.missed_arrival = visit != nullptr ? visit->begin : ring.view.end;
      view_.offers.push_back(ring.view);
    }
  }

  SegmentView* segment(std::uint32_t visit, NameId agent, bool outbound) {
    for (SegmentView& s : view_.segments) {
      if (s.visit == visit && s.agent == agent && s.outbound == outbound) return &s;
    }
    return nullptr;
  }

  /// Marks are in order of time, so the first of a (visit, agent) is the segment's start.
  void start_segments() {
    for (const Mark& mark : record_.marks()) {
      const bool outbound = mark.kind == MarkKind::kConnected;
      if (mark.kind == MarkKind::kDialled) view_.dials.push_back({key_of(record_.own()), mark.time});
      if ((mark.kind != MarkKind::kAnswered && !outbound) || segment(mark.visit, mark.agent, outbound)) continue;
      SegmentView s;
      s.visit = mark.visit;
      s.agent = mark.agent;
      s.outbound = outbound;
      s.start = s.arrival = mark.time;
      s.key = key_of(outbound ? record_.own() : record_.visits()[mark.visit]);
      const VisitView* visit = outbound ? nullptr : queued(mark.visit);
      if (visit != nullptr) s.arrival = visit->begin;
      if (outbound) s.arrival = std::min(s.start, first_dial(mark.agent).value_or(s.start));
      view_.segments.push_back(s);
    }
  }

  std::optional<EventTime> first_dial(NameId agent) const {
    for (const Mark& mark : record_.marks()) {
      if (mark.kind == MarkKind::kDialled && mark.agent == agent) return mark.time;
    }
    return std::nullopt;
  }

  /// Order of segments at equal starts: by visit id, outbound last.
  bool later(const SegmentView& a, const SegmentView& b) const {
    const auto rank = [&](const SegmentView& s) {
      return std::tuple(s.start, !s.outbound, s.outbound ? std::string_view{} : visit_id(s));
    };
    const auto [a_start, a_visit, a_id] = rank(a);
    const auto [b_start, b_visit, b_id] = rank(b);
    // The preferred one at equal starts is the visit segment with the smaller id.
    return std::tuple(a_start, a_visit) != std::tuple(b_start, b_visit)
               ? std::tuple(a_start, a_visit) > std::tuple(b_start, b_visit)
               : a_id < b_id;
  }
  std::string_view visit_id(const SegmentView& s) const { return record_.text(record_.visits()[s.visit].id); }

  /// The agent's segment with the latest start at or before `time`, else (early) the agent's first; none: size().
  std::size_t segment_at(NameId agent, EventTime time, bool& early) const {
    std::size_t at = view_.segments.size(), first = at;
    for (std::size_t i = 0; i < view_.segments.size(); ++i) {
      const SegmentView& s = view_.segments[i];
      if (s.agent != agent) continue;
      if (s.start <= time && (at == view_.segments.size() || later(s, view_.segments[at]))) at = i;
      if (first == view_.segments.size() || s.start < view_.segments[first].start ||
          (s.start == view_.segments[first].start && later(s, view_.segments[first]))) {
        first = i;
      }
    }
    early = at == view_.segments.size();
    return early ? first : at;
  }

  void end_segments() {
    Few<SegmentEnds, 2> ends(view_.segments.size());
    for (const Mark& mark : record_.marks()) {
      if (mark.kind < MarkKind::kHeld || mark.kind > MarkKind::kWrapped) continue;
      if (mark.kind == MarkKind::kEnded && mark.agent == NameId::kNone) {
        end_all(mark.time, ends);
        continue;
      }
      bool early = false;
      const std::size_t i = segment_at(mark.agent, mark.time, early);
      if (i < ends.size()) ends[i].note(mark, early);
    }
    const bool sends_wrap = rules_.sends_wrap(record_.source());
    for (std::size_t i = 0; i < ends.size(); ++i) ends[i].finish(view_.segments[i], sends_wrap);
  }

  /// `contact.ended` without agent.
  void end_all(EventTime time, Few<SegmentEnds, 2>& ends) const {
    bool any = false;
    for (const SegmentView& s : view_.segments) any = any || s.start <= time;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (view_.segments[i].start <= time) {
        SegmentEnds::earliest(ends[i].ended_by_all, time);
      } else if (!any) {
        ends[i].early_end_of_all = true;
      }
    }
  }

  const ContactRecord& record_;
  Rules& rules_;
  const core::Names& names_;
  ContactView& view_;
};

}  // namespace

bool ContactView::open() const {
  for (const VisitView& v : visits) {
    if (v.outcome == VisitView::Outcome::kOpen) return true;
  }
  for (const SegmentView& s : segments) {
    if (!s.complete) return true;
  }
  return is_open(turns);
}

ContactView view_of(const ContactRecord& record, Rules& rules, const core::Names& names, ViewParts parts) {
  ContactView view;
  Viewer(record, rules, names, view).look(parts);
  return view;
}

ViewParts parts_changed_by(const core::Event& event, NameId source, const ContactRecord& record,
                           const core::Names& names) {
  if (source != record.source() || record.moves_visit(event, names)) return {};
  const EventTime turns_from = record.has_messages() ? turns_changed_from(event, record) : EventTime::min();
  switch (event.type) {
    case core::EventType::kContactQueued:  // Its beginning counts for the visit's offers and segments, too.
      return {};
    case core::EventType::kContactOffered:
    case core::EventType::kContactOfferEnded:
      return {.offers = true, .segments = false, .turns_from = turns_from};
    case core::EventType::kChatMessage:
      return {.visits = false, .offers = false, .segments = false, .turns_from = turns_from};
    default:
      return {.offers = false, .segments = true, .turns_from = turns_from};
  }
}

}  // namespace processors

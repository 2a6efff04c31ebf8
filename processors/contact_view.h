// What a contact's record means: its visits, offers and segments, and the turns of a chat. A pure function of the
// record and the rules.
#pragma once

#include <boost/container/small_vector.hpp>
#include <optional>

#include "processors/chat_turns.h"
#include "processors/contact_record.h"
#include "processors/rules.h"
#include "processors/service_level.h"

namespace processors {

/// One stay in one queue. Only visits that were queued are in a view.
struct VisitView {
  enum class Outcome : std::uint8_t { kOpen, kAnswered, kLeft };
  CellKey key;  ///< (client, queue, channel)
  core::Entry entry{};
  Outcome outcome{};
  core::LeaveReason reason{};
  core::EventTime begin{}, end{};  ///< `end` as stated; it may lie before `begin` (two clocks): the wait is 0 then.
  core::NameId agent{};            ///< Who answered first.
  std::uint32_t visit = 0;
  core::Millis wait() const { return end > begin ? end - begin : core::Millis{0}; }
  friend bool operator==(const VisitView&, const VisitView&) = default;
};

/// One ring at one agent.
struct OfferView {
  CellKey key;
  core::NameId agent{};
  bool missed = false;  ///< ended by timeout or rejected
  core::EventTime begin{}, end{};
  core::EventTime arrival{}, missed_arrival{};  ///< The visit's begin; of one never queued, begin and end.
  friend bool operator==(const OfferView&, const OfferView&) = default;
};

/// One agent's part of a contact.
struct SegmentView {
  CellKey key;
  core::NameId agent{};
  bool transferred = false, complete = false, outbound = false;
  core::EventTime arrival{}, start{}, completed{};
  core::Millis talk{}, hold{}, wrap{};  ///< Zero until complete.
  std::uint32_t visit = 0;
  core::Millis handle() const { return talk + hold + wrap; }
  friend bool operator==(const SegmentView&, const SegmentView&) = default;
};

/// One outbound attempt.
struct DialView {
  CellKey key;
  core::EventTime time{};
  friend bool operator==(const DialView&, const DialView&) = default;
};

/// Of an ended visit, by the thresholds of `sla`.
inline ServiceClass service_class(const VisitView& v, const core::SlaVersion& sla) {
  return v.outcome == VisitView::Outcome::kAnswered ? answered_class(v.wait(), sla)
                                                    : left_class(v.wait(), v.reason, sla);
}

struct ContactView {
  boost::container::small_vector<VisitView, 2> visits;
  boost::container::small_vector<OfferView, 4> offers;
  boost::container::small_vector<SegmentView, 2> segments;
  boost::container::small_vector<DialView, 1> dials;
  Turns turns;

  /// A visit or a turn without end or a segment that is not complete: the overlay must look at it.
  bool open() const;
};

/// What a view shows beside the visits. What is left out is empty in it.
struct ViewParts {
  bool visits = true;  ///< Without them neither offers nor segments.
  bool offers = true;
  bool segments = true;                                 ///< And dials. Without them open() does not tell.
  core::EventTime turns_from = core::EventTime::min();  ///< Turns that ended before it are left out; max(): all are.
  bool all() const { return offers && segments && turns_from == core::EventTime::min(); }
};

ContactView view_of(const ContactRecord& record, Rules& rules, const core::Names& names, ViewParts parts = {});

/// What merging `event` may change in the view of `record`; all else stays as it is.
ViewParts parts_changed_by(const core::Event& event, core::NameId source, const ContactRecord& record,
                           const core::Names& names);

}  // namespace processors

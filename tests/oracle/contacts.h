// What a log says about contacts: visits, segments and offers, each by the textbook rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/event.h"

namespace oracle {

/// Where something counts.
struct Place {
  std::string client, queue, channel;
};

/// One stay in one queue that was seen to begin.
struct Visit {
  Place place;
  std::string entry;
  Ms begin = 0;
  std::optional<Ms> end;
  bool answered = false;  ///< else, with an end: left, for `reason`
  std::string reason;
  Ms wait() const { return *end < begin ? 0 : *end - begin; }
};

/// One agent's part of a contact. The spans mean something once it is complete.
struct Segment {
  Place place;
  std::string agent;
  Ms arrival = 0, start = 0;
  std::optional<Ms> completed;
  Ms talk = 0, hold = 0, wrap = 0;
  Ms handle() const { return talk + hold + wrap; }
};

/// One ring at one agent.
struct Offer {
  Place place;
  std::string agent;
  std::optional<Ms> arrival;  ///< The visit's begin, where it was queued.
  Ms begin = 0;
  std::optional<Ms> end;
  std::string reason;
  bool missed() const { return end && (reason == "timeout" || reason == "rejected"); }
};

struct Contacts {
  std::vector<Visit> visits;
  std::vector<Segment> segments;
  std::vector<Offer> offers;
};

/// `events` in order of time.
Contacts read_contacts(const std::vector<Event>& events, const Options& options);

using Events = std::vector<const Event*>;

/// Where the events say that they count.
Place place_of(const Events& events, const Options& options);

/// The offers of one visit, without place and arrival. `visit_events` are the visit's own events.
std::vector<Offer> offers_of(const Events& visit_events);

/// A segment's start, before anything is known about its end.
struct SegmentStart {
  Place place;
  std::string agent;
  Ms arrival = 0, start = 0;
};

/// The segments of one contact. `starts` are its visits' segments in order of visit id, then its outbound ones;
/// `contact_events` all events of the contact.
std::vector<Segment> segments_of(const std::vector<SegmentStart>& starts, const Events& contact_events,
                                 bool sends_wrap);

}  // namespace oracle

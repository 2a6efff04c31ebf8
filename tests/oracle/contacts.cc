#include "tests/oracle/contacts.h"

#include <algorithm>
#include <map>
#include <utility>

namespace oracle {
namespace {

bool is_visit_event(const std::string& type) {
  return type == "contact.queued" || type == "contact.offered" || type == "contact.offer_ended" ||
         type == "contact.answered" || type == "contact.left_queue";
}

bool is_outbound_event(const std::string& type) { return type == "contact.dialled" || type == "contact.connected"; }

/// The attribute that the latest of the events states; at equal times the smaller value.
std::string latest(const Events& events, std::string Event::*attribute) {
  const Event* best = nullptr;
  for (const Event* event : events) {
    if ((event->*attribute).empty()) continue;
    if (!best || event->time > best->time || (event->time == best->time && event->*attribute < best->*attribute)) {
      best = event;
    }
  }
  return best ? best->*attribute : std::string();
}

/// The earliest event of the type; at equal times the one with the smaller word.
const Event* milestone(const Events& events, const std::string& type) {
  const Event* first = nullptr;
  for (const Event* event : events) {
    if (event->type != type) continue;
    if (!first || std::pair(event->time, event->word) < std::pair(first->time, first->word)) first = event;
  }
  return first;
}

std::optional<Visit> visit_of(const Events& events, const Place& place) {
  const Event* queued = milestone(events, "contact.queued");
  if (!queued) return std::nullopt;
  Visit visit{place, queued->word, queued->time, std::nullopt, false, {}};
  const Event* answered = milestone(events, "contact.answered");
  const Event* left = milestone(events, "contact.left_queue");
  if (answered && (!left || answered->time <= left->time)) {
    visit.end = answered->time;
    visit.answered = true;
  } else if (left) {
    visit.end = left->time;
    visit.reason = left->word;
  }
  return visit;
}

/// Each agent's earliest event of the type.
std::map<std::string, Ms> first_by_agent(const Events& events, const std::string& type) {
  std::map<std::string, Ms> first;
  for (const Event* event : events) {
    if (event->type != type) continue;
    const auto [found, added] = first.emplace(event->agent, event->time);
    if (!added) found->second = std::min(found->second, event->time);
  }
  return first;
}

void add_outbound(const Events& contact_events, const Options& options, std::vector<SegmentStart>& starts) {
  Events outbound;
  std::copy_if(contact_events.begin(), contact_events.end(), std::back_inserter(outbound),
               [](const Event* event) { return is_outbound_event(event->type); });
  const Place place = place_of(outbound, options);
  const std::map<std::string, Ms> dialled = first_by_agent(outbound, "contact.dialled");
  for (const auto& [agent, start] : first_by_agent(outbound, "contact.connected")) {
    const auto dial = dialled.find(agent);
    starts.push_back({place, agent, dial == dialled.end() ? start : std::min(dial->second, start), start});
  }
}

void add_visit(const Events& events, const Options& options, std::vector<SegmentStart>& starts, Contacts& contacts) {
  const Place place = place_of(events, options);
  const std::optional<Visit> visit = visit_of(events, place);
  for (Offer& offer : offers_of(events)) {
    offer.place = place;
    if (visit) offer.arrival = visit->begin;
    contacts.offers.push_back(std::move(offer));
  }
  for (const auto& [agent, start] : first_by_agent(events, "contact.answered")) {
    starts.push_back({place, agent, visit ? visit->begin : start, start});
  }
  if (visit) contacts.visits.push_back(*visit);
}

}  // namespace

Place place_of(const Events& events, const Options& options) {
  Place place{latest(events, &Event::client), latest(events, &Event::queue), latest(events, &Event::channel)};
  if (place.client.empty()) {
    const auto listed = options.queue_client.find(place.queue);
    place.client = listed == options.queue_client.end() ? "default" : listed->second;
  }
  return place;
}

Contacts read_contacts(const std::vector<Event>& events, const Options& options) {
  std::map<std::string, Events> by_contact;
  for (const Event& event : events) {
    if (event.type.starts_with("contact.")) by_contact[event.contact].push_back(&event);
  }
  Contacts contacts;
  for (const auto& [id, contact_events] : by_contact) {
    std::map<std::string, Events> by_visit;
    for (const Event* event : contact_events) {
      if (is_visit_event(event->type)) by_visit[event->visit].push_back(event);
    }
    std::vector<SegmentStart> starts;
    for (const auto& [visit_id, visit_events] : by_visit) add_visit(visit_events, options, starts, contacts);
    add_outbound(contact_events, options, starts);
    for (Segment& segment : segments_of(starts, contact_events, options.sends_wrap)) {
      contacts.segments.push_back(std::move(segment));
    }
  }
  return contacts;
}

}  // namespace oracle

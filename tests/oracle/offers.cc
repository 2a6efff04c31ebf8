// Offers of a visit: with an id, one per id; without, one per agent and begin. Ends without an id look for their
// agent's latest offer begun at or before them, and are offers of their own where there is none.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "tests/oracle/contacts.h"

namespace oracle {
namespace {

/// The earliest end holds; at equal times the smaller reason.
void end_offer(Offer& offer, const Event& end) {
  if (!offer.end || std::pair(end.time, end.word) < std::pair(*offer.end, offer.reason)) {
    offer.end = end.time;
    offer.reason = end.word;
  }
}

/// Of an offer that was never seen to begin; the agent is that of the end that holds.
void end_lone_offer(Offer& offer, const Event& end) {
  if (!offer.end || std::tie(end.time, end.word, end.agent) < std::tie(*offer.end, offer.reason, offer.agent)) {
    offer.begin = end.time;
    offer.end = end.time;
    offer.reason = end.word;
    offer.agent = end.agent;
  }
}

class VisitOffers {
 public:
  void begin(const Event& event) {
    if (event.offer.empty()) {
      begun_.try_emplace({event.agent, event.time, ""}, offer_at(event));
      return;
    }
    const auto [found, added] = begun_with_id_.try_emplace(event.offer, offer_at(event));
    Offer& offer = found->second;
    if (!added && std::tie(event.time, event.agent) < std::tie(offer.begin, offer.agent)) offer = offer_at(event);
  }

  void end(const Event& event) {
    const auto with_id = begun_with_id_.find(event.offer);
    if (event.offer.empty()) {
      Offer* offer = latest(event.agent, event.time);
      if (offer) {
        end_offer(*offer, event);
      } else {
        end_lone_offer(lone_[{event.agent, event.time, ""}], event);
      }
    } else if (with_id != begun_with_id_.end()) {
      end_offer(with_id->second, event);
    } else {
      end_lone_offer(lone_[{"", 0, event.offer}], event);
    }
  }

  std::vector<Offer> all() const {
    std::vector<Offer> offers;
    for (const auto* group : {&begun_, &lone_}) {
      for (const auto& [key, offer] : *group) offers.push_back(offer);
    }
    for (const auto& [id, offer] : begun_with_id_) offers.push_back(offer);
    return offers;
  }

 private:
  using Key = std::tuple<std::string, Ms, std::string>;  // agent and begin, or the offer's id

  static Offer offer_at(const Event& event) {
    Offer offer;
    offer.agent = event.agent;
    offer.begin = event.time;
    return offer;
  }

  /// The agent's latest offer begun at or before `time`; of those begun at once the one without id, then the
  /// smaller id.
  Offer* latest(const std::string& agent, Ms time) {
    Offer* best = nullptr;
    const auto consider = [&](Offer& offer) {
      if (offer.agent == agent && offer.begin <= time && (!best || offer.begin > best->begin)) best = &offer;
    };
    for (auto& [key, offer] : begun_) consider(offer);
    for (auto& [id, offer] : begun_with_id_) consider(offer);
    return best;
  }

  std::map<Key, Offer> begun_, lone_;
  std::map<std::string, Offer> begun_with_id_;
};

}  // namespace

std::vector<Offer> offers_of(const Events& visit_events) {
  VisitOffers offers;
  for (const Event* event : visit_events) {
    if (event->type == "contact.offered") offers.begin(*event);
  }
  for (const Event* event : visit_events) {
    if (event->type == "contact.offer_ended") offers.end(*event);
  }
  return offers.all();
}

}  // namespace oracle

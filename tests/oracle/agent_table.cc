// Figures by client and agent: contacts count for the visit's client, time for the agent's home client.
#include "tests/oracle/grid.h"
#include "tests/oracle/oracle.h"

namespace oracle {
namespace {

const std::vector<std::string> kFigures = {
    "handled", "contacts_per_hour", "mean_handle_s", "offers",    "missed_offers", "talk_s",       "hold_s",  "wrap_s",
    "available_s", "away_s",        "occupancy",     "ringing_s", "on_contact_s",  "wrap_state_s", "staffed_s"};

struct AgentRow {
  Ms handled = 0, completed = 0, offers = 0, missed_offers = 0;
  Ms talk = 0, hold = 0, wrap = 0;
  std::map<std::string, Ms> states;

  Ms in(const std::string& state) const {
    const auto found = states.find(state);
    return found == states.end() ? 0 : found->second;
  }

  std::vector<std::string> cells() const {
    const Ms busy = in("on_contact") + in("wrap");
    const Ms staffed = in("available") + in("ringing") + busy;
    return {std::to_string(handled),
            quotient(handled * 3'600'000, staffed, 6),
            mean_seconds(talk + hold + wrap, completed),
            std::to_string(offers),
            std::to_string(missed_offers),
            seconds(talk),
            seconds(hold),
            seconds(wrap),
            seconds(in("available")),
            seconds(in("away")),
            quotient(busy, in("available") + busy, 6),
            seconds(in("ringing")),
            seconds(in("on_contact")),
            seconds(in("wrap")),
            seconds(staffed)};
  }
};

class AgentTable {
 public:
  AgentTable(const Floor& floor, const Query& query)
      : floor_(floor),
        query_(query),
        by_event_(query.basis == "event"),
        periods_(query, floor.options(), floor.as_of()),
        grid_(query_, periods_) {}

  std::string csv() {
    for (const Segment& segment : floor_.contacts().segments) {
      if (is_asked(segment.place, query_)) add(segment);
    }
    for (const Offer& offer : floor_.contacts().offers) {
      if (is_asked(offer.place, query_)) add(offer);
    }
    for (const StateSpan& span : floor_.agent_time()) {
      if (span.state == "offline" || (query_.client && *query_.client != span.client)) continue;
      grid_.add_span({span.client, span.agent}, span.from, span.to,
                     [&](AgentRow& row, Ms amount) { row.states[span.state] += amount; });
    }
    return grid_.csv({"client", "agent"}, kFigures);
  }

 private:
  void add(const Segment& segment) {
    const Keys key = {segment.place.client, segment.agent};
    grid_.add(key, by_event_ ? segment.start : segment.arrival, [](AgentRow& row) { ++row.handled; });
    if (!segment.completed) return;
    grid_.add(key, by_event_ ? *segment.completed : segment.arrival, [&](AgentRow& row) {
      ++row.completed;
      row.talk += segment.talk;
      row.hold += segment.hold;
      row.wrap += segment.wrap;
    });
  }

  void add(const Offer& offer) {
    const Keys key = {offer.place.client, offer.agent};
    grid_.add(key, by_event_ ? offer.begin : offer.arrival.value_or(offer.begin), [](AgentRow& row) { ++row.offers; });
    if (!offer.missed()) return;
    grid_.add(key, by_event_ ? *offer.end : offer.arrival.value_or(*offer.end),
              [](AgentRow& row) { ++row.missed_offers; });
  }

  const Floor& floor_;
  const Query query_;
  const bool by_event_;
  const Periods periods_;
  Grid<AgentRow> grid_;
};

}  // namespace

std::string agent_csv(const Floor& floor, const Query& query) { return AgentTable(floor, query).csv(); }

}  // namespace oracle

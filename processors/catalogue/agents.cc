#include "processors/catalogue/catalogue.h"

namespace processors {
namespace {

constexpr RowsBehind kContacts{core::RowKind::kContacts, "outcome", "answered"};

CataloguedFigure time_in(std::string_view name, std::string_view state, std::string_view input,
                         std::string_view words) {
  return {.name = name,
          .symbols = state,
          .words = words,
          .inputs = {input},
          .unit = "seconds",
          .edges =
              "Split over the intervals that it covers. A running state counts up to now; one older than "
              "give_up_after.agent_state gives no time."};
}

std::vector<CataloguedFigure> work() {
  return {
      {.name = "handled",
       .symbols = "Σ segments begun by the agent",
       .words = "Contacts per agent: parts of contacts that the agent began, for the client of the contact.",
       .rows = kContacts},
      {.name = "contacts_per_hour",
       .symbols = "handled / staffed hours",
       .words = "Contacts begun in an hour of staffed time.",
       .inputs = {"handled", "staffed_s"},
       .unit = "per hour",
       .edges = "No staffed time: no value. Contacts count at the contact's client, time at the agent's home client.",
       .rows = kContacts,
       .series = {"floorwatch_contacts_per_agent_hour"}},
      {.name = "mean_handle_s",
       .symbols = "(Σ talk + Σ hold + Σ wrap) / completed",
       .words = "Average handle time (AHT) of the agent's completed segments.",
       .inputs = {"talk_ms", "hold_ms", "wrap_ms", "completed"},
       .unit = "seconds",
       .edges = "No completed segment: no value.",
       .rows = kContacts},
      {.name = "offers",
       .symbols = "Σ rings at the agent",
       .words = "Rings, seen by their begin or by their end.",
       .inputs = {"offers"}},
      {.name = "missed_offers",
       .symbols = "offers ended by timeout or rejected",
       .words = "Rings that the agent did not take (RONA).",
       .inputs = {"missed_offers"}},
      {.name = "talk_s",
       .symbols = "Σ talk",
       .words = "From answers to ends of talking less hold, of completed segments.",
       .inputs = {"talk_ms"},
       .unit = "seconds",
       .rows = kContacts},
      {.name = "hold_s",
       .symbols = "Σ hold",
       .words = "From held to retrieved, of completed segments.",
       .inputs = {"hold_ms"},
       .unit = "seconds",
       .rows = kContacts},
      {.name = "wrap_s",
       .symbols = "Σ wrap",
       .words = "From ends of talking to ends of after-contact work, of completed segments.",
       .inputs = {"wrap_ms"},
       .unit = "seconds",
       .edges = "By the contacts' events; wrap_state_s is by the agent's own states.",
       .rows = kContacts}};
}

}  // namespace

CatalogueTable agent_table() {
  CatalogueTable table{core::FigureKey::kAgent, "Agents, by client and agent",
                       "What an agent did, and the time in each of the agent's states. Contacts count for the "
                       "contact's client, time for "
                       "the agent's home client, so that rows add up to the agent's whole.",
                       "Contacts: arrival or event as those of queues. Time: clock, always: split pro rata over the "
                       "intervals it covers.",
                       work()};
  std::vector<CataloguedFigure>& figures = table.figures;
  figures.push_back(time_in("available_s", "Σ time available", "state_available_ms", "Ready for a contact."));
  figures.push_back(
      time_in("away_s", "Σ time away", "state_away_ms", "Logged in, and not for contacts: lunch, training."));
  figures.push_back({.name = "occupancy",
                     .symbols = "(on_contact + wrap) / (available + on_contact + wrap)",
                     .words = "The share of working time that was with contacts.",
                     .inputs = {"on_contact_s", "wrap_state_s", "available_s"},
                     .unit = "ratio",
                     .edges = "Ringing is in neither. No such time: no value.",
                     .series = {"floorwatch_occupancy_ratio"}});
  figures.push_back(time_in("ringing_s", "Σ time ringing", "state_ringing_ms", "A contact rings at the agent."));
  figures.push_back(time_in("on_contact_s", "Σ time on contact", "state_on_contact_ms", "Talking, hold included."));
  figures.push_back(time_in("wrap_state_s", "Σ time in wrap-up", "state_wrap_ms", "After-contact work by the states."));
  figures.push_back({.name = "staffed_s",
                     .symbols = "available + ringing + on_contact + wrap",
                     .words = "The time in which the agent was there for contacts.",
                     .inputs = {"available_s", "ringing_s", "on_contact_s", "wrap_state_s"},
                     .unit = "seconds",
                     .series = {"floorwatch_agents"}});
  return table;
}

}  // namespace processors

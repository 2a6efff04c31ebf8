#include "tests/oracle/leads.h"

#include <map>
#include <set>

namespace oracle {
namespace {

/// All that the log says about one lead, as sets of times.
struct Marks {
  std::string client, campaign;
  std::set<Ms> created, attempts, contacts, closed;

  void add(const Event& event) {
    if (event.type == "contact.dialled") attempts.insert(event.time);
    if (event.type == "contact.connected") contacts.insert(event.time);
    if (!event.type.starts_with("lead.")) return;
    if (!event.client.empty()) client = event.client;
    if (!event.campaign.empty()) campaign = event.campaign;
    if (event.type == "lead.created") created.insert(event.time);
    if (event.type == "lead.closed") closed.insert(event.time);
    if (event.type == "lead.contacted" && !event.automated) {
      attempts.insert(event.time);
      if (event.reached) contacts.insert(event.time);
    }
  }
};

std::optional<Ms> first(const std::set<Ms>& times) {
  return times.empty() ? std::nullopt : std::optional(*times.begin());
}

int counted_attempts(const Marks& marks, const Lead& lead, Ms redial_gap) {
  int counted = 0;
  std::optional<Ms> previous;
  for (const Ms attempt : marks.attempts) {
    if ((lead.contacted && attempt > *lead.contacted) || (lead.closed && attempt > *lead.closed)) break;
    if (!previous || attempt - *previous > redial_gap) ++counted;
    previous = attempt;
  }
  return counted;
}

}  // namespace

std::vector<Lead> read_leads(const std::vector<Event>& events, const Options& options) {
  std::map<std::string, Marks> by_lead;
  for (const Event& event : events) {
    const bool outbound = event.type == "contact.dialled" || event.type == "contact.connected";
    if ((event.type.starts_with("lead.") || outbound) && !event.lead.empty()) by_lead[event.lead].add(event);
  }
  std::vector<Lead> leads;
  for (const auto& [id, marks] : by_lead) {
    if (marks.created.empty()) continue;
    Lead lead;
    lead.client = marks.client.empty() ? "default" : marks.client;
    lead.campaign = marks.campaign;
    lead.created = *marks.created.begin();
    lead.attempted = first(marks.attempts);
    lead.contacted = first(marks.contacts);
    lead.closed = first(marks.closed);
    lead.counted_attempts = counted_attempts(marks, lead, options.client(lead.client).redial_gap);
    leads.push_back(lead);
  }
  return leads;
}

}  // namespace oracle

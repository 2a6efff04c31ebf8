// Figures by client and campaign.
#include <algorithm>

#include "tests/oracle/grid.h"
#include "tests/oracle/oracle.h"

namespace oracle {
namespace {

const std::vector<std::string> kFigures = {
    "created",       "attempted",        "contacted",         "median_response_s", "p90_response_s",
    "within_target", "median_contact_s", "attempts_per_lead", "open",              "oldest_open_s"};

struct LeadRow {
  bool by_event = false;
  Ms created = 0, within_target = 0, attempts = 0, leads_with_attempts = 0, open = 0, oldest_open = 0;
  std::vector<Ms> responses, contacts;

  std::vector<std::string> cells() const {
    const Ms attempted = static_cast<Ms>(responses.size());
    return {std::to_string(created),
            std::to_string(attempted),
            std::to_string(contacts.size()),
            quantile_seconds(responses, 50),
            quantile_seconds(responses, 90),
            quotient(within_target, by_event ? attempted : created, 6),
            quantile_seconds(contacts, 50),
            quotient(attempts, leads_with_attempts, 6),
            std::to_string(open),
            open > 0 ? seconds(oldest_open) : std::string()};
  }
};

void add(const Lead& lead, const Floor& floor, bool by_event, Grid<LeadRow>& grid) {
  const Keys key = {lead.client, lead.campaign};
  grid.add(key, lead.created, [&](LeadRow& row) {
    row.by_event = by_event;
    ++row.created;
    if (!lead.open()) return;
    ++row.open;
    row.oldest_open = std::max(row.oldest_open, floor.as_of() - lead.created);
  });
  if (lead.attempted) {
    grid.add(key, by_event ? *lead.attempted : lead.created, [&](LeadRow& row) {
      row.by_event = by_event;
      row.responses.push_back(lead.response());
      row.within_target += lead.response() <= floor.options().client(lead.client).lead_target;
      row.attempts += lead.counted_attempts;
      row.leads_with_attempts += lead.counted_attempts > 0;
    });
  }
  if (lead.contacted) {
    grid.add(key, by_event ? *lead.contacted : lead.created, [&](LeadRow& row) {
      row.by_event = by_event;
      row.contacts.push_back(lead.contact());
    });
  }
}

}  // namespace

std::string lead_csv(const Floor& floor, const Query& query) {
  const Periods periods(query, floor.options(), floor.as_of());
  Grid<LeadRow> grid(query, periods);
  for (const Lead& lead : floor.leads()) {
    if (!query.client || *query.client == lead.client) add(lead, floor, query.basis == "event", grid);
  }
  return grid.csv({"client", "campaign"}, kFigures);
}

}  // namespace oracle

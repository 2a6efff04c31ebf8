#include "processors/catalogue/catalogue.h"

namespace processors {
namespace {

constexpr auto kLeads = core::RowKind::kLeads;
constexpr std::string_view kQuantile = "Nearest rank, within 1.6 %. No such lead: no value.";

}  // namespace

CatalogueTable lead_table() {
  return {
      core::FigureKey::kLead,
      "Leads, by client and campaign",
      "The clock runs from lead.created to the first attempt by a person (response) and to the first contact. Leads "
      "without one stay in sight: open and oldest_open_s.",
      "arrival: everything at the lead's creation (a cohort); event: attempts and contacts at their own time. Open "
      "leads "
      "always stand at their creation.",
      {{.name = "created",
        .symbols = "Σ leads created",
        .words = "Leads that came in.",
        .edges = "A lead without lead.created gives no figure.",
        .rows = {kLeads},
        .series = {"floorwatch_leads_created_total"}},
       {.name = "attempted",
        .symbols = "Σ leads with a first attempt",
        .words = "Leads that a person tried to reach: contact.dialled, or lead.contacted that is not automated.",
        .rows = {kLeads, "outcome", "attempted"},
        .series = {"floorwatch_leads_attempted_total"}},
       {.name = "contacted",
        .symbols = "Σ leads with a first contact",
        .words = "Leads that were reached: contact.connected, or lead.contacted with reached.",
        .rows = {kLeads, "outcome", "contacted"},
        .series = {"floorwatch_leads_contacted_total"}},
       {.name = "median_response_s",
        .symbols = "quantile 0.50 of (first attempt − created)",
        .words = "Lead response time: half of the attempted leads were tried within this time. Wall clock.",
        .inputs = {"leads_response"},
        .unit = "seconds",
        .edges = kQuantile,
        .rows = {kLeads, "outcome", "attempted"},
        .series = {"floorwatch_lead_response_median_seconds", "floorwatch_lead_response_seconds"}},
       {.name = "p90_response_s",
        .symbols = "quantile 0.90 of (first attempt − created)",
        .words = "Nine in ten attempted leads were tried within this time. Wall clock.",
        .inputs = {"leads_response"},
        .unit = "seconds",
        .edges = kQuantile,
        .rows = {kLeads, "outcome", "attempted"}},
       {.name = "within_target",
        .symbols = "leads with response ≤ target / created",
        .words = "The share that was tried within the client's leads.target (5 min by default).",
        .inputs = {"leads_within_target", "created"},
        .unit = "ratio",
        .edges = "Exactly the target is within. Basis event: of attempted instead of created. No lead: no value.",
        .rows = {kLeads, "outcome", "within_target"}},
       {.name = "median_contact_s",
        .symbols = "quantile 0.50 of (first contact − created)",
        .words = "Half of the leads that were reached were reached within this time. Wall clock.",
        .inputs = {"leads_contact"},
        .unit = "seconds",
        .edges = kQuantile,
        .rows = {kLeads, "outcome", "contacted"}},
       {.name = "attempts_per_lead",
        .symbols = "Σ counted attempts / leads with one",
        .words = "Attempts until the first contact or the close.",
        .inputs = {"leads_attempts", "leads_attempted_leads"},
        .unit = "per lead",
        .edges =
            "An attempt at most leads.redial_gap (30 s) after the one before does not count again; none after contact "
            "or close counts. No lead with an attempt: no value.",
        .rows = {kLeads, "outcome", "attempted"}},
       {.name = "open",
        .symbols = "Σ leads neither contacted nor closed",
        .words = "Leads that still wait, at the interval of their creation.",
        .rows = {kLeads, "outcome", "open"}},
       {.name = "oldest_open_s",
        .symbols = "as-of − min created of open leads",
        .words = "The age of the lead that waits longest.",
        .inputs = {"open"},
        .unit = "seconds",
        .edges = "No open lead: no value.",
        .rows = {kLeads, "outcome", "open"}}}};
}

}  // namespace processors

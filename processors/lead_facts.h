// The facts of a lead: to which cells it adds, and how much.
#pragma once

#include "processors/cells.h"
#include "processors/lead_view.h"
#include "processors/rules.h"
#include "processors/sla_facts.h"

namespace processors {

/// Adds (+1) or takes back (-1) a lead's facts.
template <typename Book>
void add_lead(const LeadView& v, Rules& rules, std::int32_t sign, Book& book) {
  const auto created = [&](LeadCell& cell) { cell.count(LeadCount::kCreated, sign); };
  const auto attempted = [&](LeadCell& cell) {
    cell.count(LeadCount::kAttempted, sign);
    cell.sum(LeadSum::kResponse, sign * v.response().count());
    cell.span(LeadHist::kResponse, v.response().count(), sign);
    if (v.within_target) cell.count(LeadCount::kWithinTarget, sign);
    cell.count(LeadCount::kAttempts, sign * v.attempts);
    if (v.attempts > 0) cell.count(LeadCount::kAttemptedLeads, sign);
  };
  const auto contacted = [&](LeadCell& cell) {
    cell.count(LeadCount::kContacted, sign);
    cell.sum(LeadSum::kContact, sign * v.contact().count());
    cell.span(LeadHist::kContact, v.contact().count(), sign);
  };
  const auto both = [&](core::EventTime time, const auto& add) {
    book.lead(core::Basis::kArrival, v.created, v.key, add);
    book.lead(core::Basis::kEvent, time, v.key, add);
  };
  both(v.created, created);
  if (v.first_attempt) both(*v.first_attempt, attempted);
  if (v.first_contact) both(*v.first_contact, contacted);
  add_lead_contract(v, rules, sign, book);
}

}  // namespace processors

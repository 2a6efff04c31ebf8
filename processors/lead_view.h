// What a lead's record means, and its facts. A pure function of the record and the rules.
#pragma once

#include <optional>

#include "processors/attribute_record.h"
#include "processors/cells.h"
#include "processors/rules.h"

namespace processors {

/// Only leads that were created have a view.
struct LeadView {
  CellKey key;  ///< (client, campaign)
  core::EventTime created{};
  std::optional<core::EventTime> first_attempt, first_contact;
  std::int32_t attempts = 0;  ///< counted attempts
  bool open = false;          ///< neither contacted nor closed
  bool within_target = false;
  core::Millis response() const { return std::max(core::Millis{0}, *first_attempt - created); }
  core::Millis contact() const { return std::max(core::Millis{0}, *first_contact - created); }
  friend bool operator==(const LeadView&, const LeadView&) = default;
};

std::optional<LeadView> view_of(const AttributeRecord& record, Rules& rules, core::Names& names);

/// Adds (+1) or takes back (-1) a lead's facts.
template <typename Book>
void add_lead(const LeadView& v, std::int32_t sign, Book& book) {
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
}

}  // namespace processors

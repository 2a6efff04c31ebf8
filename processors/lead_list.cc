#include "processors/lead_view.h"
#include "processors/listing.h"
#include "processors/row_lists.h"

namespace processors {
namespace {

using core::Value;

bool has_outcome(const LeadView& v, std::string_view outcome) {
  if (outcome == "open") return v.open;
  if (outcome == "attempted") return v.first_attempt.has_value();
  if (outcome == "within_target") return v.within_target;
  if (outcome == "contacted") return v.first_contact.has_value();
  return !v.open && !v.first_contact;
}

std::string state_of(const LeadView& v) { return v.open ? "open" : v.first_contact ? "contacted" : "closed"; }

void add(const AttributeRecord& record, const LeadView& v, const core::Names& names, Listing& listing) {
  const std::string lead(record.id());
  const auto text = [&](Field field) { return listed_text(record.field(field)); };
  listing.add(
      v.created, lead, {},
      {lead, std::string(names.text(v.key.a)), listed_text(names.text(v.key.b)), text(Field::kOrigin),
       text(Field::kAgent), text(Field::kCustomer), listed_time(v.created), state_of(v), listed_time(v.first_attempt),
       listed_time(v.first_contact), v.first_attempt ? listed_seconds(v.response()) : Value{},
       v.first_contact ? listed_seconds(v.contact()) : Value{}, std::int64_t{v.attempts},
       std::string(v.within_target ? "yes" : "no")});
}

}  // namespace

const std::vector<std::string> kLeadListColumns = {
    "lead",  "client",        "campaign",      "origin",     "agent",     "customer", "created",
    "state", "first_attempt", "first_contact", "response_s", "contact_s", "attempts", "within_target"};

void list_leads(Shard& shard, const core::RowQuery& query, Listing& listing) {
  shard.each_lead(query.from.value_or(core::EventTime::min()), query.to.value_or(core::EventTime::max()),
                  [&](const AttributeRecord& record) {
                    const auto v = view_of(record, shard.rules(), shard.names());
                    if (!v || !listing.in_time(v->created) || (query.outcome && !has_outcome(*v, *query.outcome)))
                      return;
                    const bool wanted = listing.is("client", shard.names().text(v->key.a)) &&
                                        listing.is("campaign", shard.names().text(v->key.b)) &&
                                        listing.is("origin", record.field(Field::kOrigin)) &&
                                        listing.is("agent", record.field(Field::kAgent)) &&
                                        listing.is("customer", record.field(Field::kCustomer));
                    if (wanted) add(record, *v, shard.names(), listing);
                  });
}

}  // namespace processors

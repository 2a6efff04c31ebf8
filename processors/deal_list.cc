#include <algorithm>
#include <limits>

#include "processors/contract_judgement.h"
#include "processors/deal_view.h"
#include "processors/listing.h"
#include "processors/row_lists.h"

namespace processors {
namespace {

using core::Value;

constexpr std::int64_t kMsPerDay = 86'400'000;

std::string_view outcome_of(const DealView& v) { return !v.closed ? "open" : v.won ? "won" : "lost"; }

bool has_outcome(const DealView& v, std::string_view outcome) {
  if (outcome == "opened") return v.opened.has_value();
  if (outcome == "closed") return v.closed.has_value();
  return outcome == outcome_of(v);
}

/// The sum of many costs may be more than a number can show.
Value costs_value(core::Wide costs) {
  using Limits = std::numeric_limits<std::int64_t>;
  return money_value({static_cast<std::int64_t>(std::clamp<core::Wide>(costs, Limits::min(), Limits::max()))});
}

void add(const AttributeRecord& record, const DealView& v, core::EventTime at, const core::Names& names,
         Listing& listing) {
  const std::string deal(record.id());
  const auto text = [&](Field field) { return listed_text(record.field(field)); };
  const auto cycle = v.cycle();
  listing.add(
      at, deal, {},
      {deal, std::string(names.text(v.key.a)), listed_text(names.text(v.key.b)), text(Field::kProduct),
       text(Field::kStage), text(Field::kAgent), text(Field::kLead), listed_time(v.opened), listed_time(v.closed),
       std::string(outcome_of(v)), v.amount ? money_value({*v.amount}) : Value{},
       v.costs ? costs_value(*v.costs) : Value{}, cycle ? Value{core::ratio(cycle->count(), kMsPerDay, 6)} : Value{}});
}

}  // namespace

const std::vector<std::string> kDealListColumns = {"deal",   "client", "currency",  "product", "stage",
                                                   "agent",  "lead",   "opened",    "closed",  "outcome",
                                                   "amount", "costs",  "cycle_days"};

void list_deals(Shard& shard, const core::RowQuery& query, Listing& listing) {
  const bool by_close = query.outcome && !query.outcome->starts_with("open");
  shard.each_deal(query.from.value_or(core::EventTime::min()), query.to.value_or(core::EventTime::max()),
                  [&](const AttributeRecord& record) {
                    const auto v = deal_view_of(record, shard.rules(), shard.names());
                    if (!v) return;
                    const auto at = by_close || !v->opened ? v->closed : v->opened;
                    if (!at || !listing.in_time(*at)) return;
                    if (query.outcome && !has_outcome(*v, *query.outcome)) return;
                    const bool wanted = listing.is("client", shard.names().text(v->key.a)) &&
                                        listing.is("currency", shard.names().text(v->key.b)) &&
                                        listing.is("product", record.field(Field::kProduct)) &&
                                        listing.is("agent", record.field(Field::kAgent)) &&
                                        listing.is("lead", record.field(Field::kLead));
                    if (wanted) add(record, *v, *at, shard.names(), listing);
                  });
}

}  // namespace processors

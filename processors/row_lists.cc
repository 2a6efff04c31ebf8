#include "processors/row_lists.h"

#include <utility>

namespace processors {

void RowLister::add(Shard& shard, const ReadPoint& point) {
  switch (query_.kind) {
    case core::RowKind::kContacts:
      return list_contacts(shard, query_, point, listing_);
    case core::RowKind::kLeads:
      return list_leads(shard, query_, listing_);
    case core::RowKind::kDeals:
      return list_deals(shard, query_, listing_);
  }
}

core::FigureTable RowLister::table() && {
  const auto& columns = query_.kind == core::RowKind::kContacts ? kContactListColumns
                        : query_.kind == core::RowKind::kLeads  ? kLeadListColumns
                                                                : kDealListColumns;
  return std::move(listing_).table(columns);
}

core::FigureTable row_list(std::span<Shard* const> shards, const core::RowQuery& query, const ReadPoint& point) {
  RowLister lister(query);
  for (Shard* shard : shards) lister.add(*shard, point);
  return std::move(lister).table();
}

}  // namespace processors

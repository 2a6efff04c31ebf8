// The rows behind the figures: visits, leads and deals, one row each.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/figure_table.h"
#include "core/row_query.h"
#include "processors/figures.h"
#include "processors/listing.h"

namespace processors {

/// Lists rows shard by shard, so that each can be looked at when nobody changes it. Confined to one thread; the query
/// outlives it.
class RowLister {
 public:
  explicit RowLister(const core::RowQuery& query) : query_(query), listing_(query) {}
  /// Not while the shard is being changed.
  void add(Shard& shard, const ReadPoint& point);
  core::FigureTable table() &&;

 private:
  const core::RowQuery& query_;
  Listing listing_;
};

/// All shards at once. Only to be called while no shard is being changed.
core::FigureTable row_list(std::span<Shard* const> shards, const core::RowQuery& query, const ReadPoint& point);

/// Visits in order of begin, then contact and visit; talk_s, hold_s and wrap_s are of the segment of who answered, the
/// interaction is the contact where none is stated.
extern const std::vector<std::string> kContactListColumns;
void list_contacts(Shard& shard, const core::RowQuery& query, const ReadPoint& point, Listing& listing);

/// In order of creation, then lead. `state`: open, contacted, closed; `within_target`: yes, no.
extern const std::vector<std::string> kLeadListColumns;
void list_leads(Shard& shard, const core::RowQuery& query, Listing& listing);

/// In order of opening (of won, lost or closed ones: of close), then deal. `outcome`: open, won, lost; `costs` where
/// every cost is stated that the client asks for.
extern const std::vector<std::string> kDealListColumns;
void list_deals(Shard& shard, const core::RowQuery& query, Listing& listing);

}  // namespace processors

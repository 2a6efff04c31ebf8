// The rows of deals: cells summed by client, currency and interval, and how many were open at each interval's end.
#include <algorithm>
#include <map>
#include <vector>

#include "processors/deal_facts.h"
#include "processors/shard_rows.h"

namespace processors {
namespace {

using core::EventTime;

/// Takes the facts of deals one by one: for totals whose bounds cut intervals.
struct DealPicker {
  ShardRows<DealRow>& rows;
  template <typename Add>
  void deal(EventTime time, const CellKey& key, Add&& add) {
    if (DealRow* row = rows.row(key, time, core::Millis{0})) add(row->cell);
  }
};

void pick_deals(Shard& shard, ShardRows<DealRow>& rows) {
  DealPicker book{rows};
  shard.each_deal(EventTime::min(), EventTime::max(), [&](const AttributeRecord& record) {
    if (const auto view = deal_view_of(record, shard.rules(), shard.names())) add_deal(*view, +1, book);
  });
}

/// While some of an opening's cohort are open it is not final.
void unsettle_open(Shard& shard, ShardRows<DealRow>& rows) {
  shard.deals().each_open([&](const AttributeRecord& record) {
    const auto view = deal_view_of(record, shard.rules(), shard.names());
    if (!view || !view->opened) return;
    if (DealRow* row = rows.row(view->key, *view->opened, core::Millis{0})) rows.unsettle(*row);
  });
}

/// How the number of open deals of a (client, currency) has changed, and what it is now.
class Stock {
 public:
  void add(core::Slot slot, std::int64_t change) { changes_.emplace_back(slot, change); }
  void count(std::int64_t open) { now_ += open; }
  std::int64_t now() const { return now_; }

  /// From each change on, how much came together.
  void close() {
    std::ranges::sort(changes_);
    std::int64_t since = 0;
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) change->second = since += change->second;
  }
  /// What has changed from then on is taken back.
  std::int64_t at(EventTime end) const {
    const core::Slot first = core::slot_of(end - core::Millis{1}, core::kInterval) + 1;
    const auto later = std::ranges::lower_bound(changes_, first, {}, &std::pair<core::Slot, std::int64_t>::first);
    return later == changes_.end() ? now_ : now_ - later->second;
  }

 private:
  std::int64_t now_ = 0;
  std::vector<std::pair<core::Slot, std::int64_t>> changes_;
};

std::int64_t change(const DealCell& cell) { return cell[DealCount::kOpened] - cell[DealCount::kLeftStock]; }

}  // namespace

Rows<DealRow> deal_rows(std::span<Shard* const> shards, Placement& placement) {
  Rows<DealRow> result;
  for (Shard* shard : shards) {
    shard->settle_maxima();
    ShardRows<DealRow> rows(*shard, placement);
    if (placement.cuts_intervals()) {
      pick_deals(*shard, rows);
    } else {
      sum_intervals<DealCell>(*shard, placement, rows);
    }
    unsettle_open(*shard, rows);
    rows.hand_over(result, false, [&](const RowKey& key) { return matches(placement.query().client, key.a); });
  }
  return result;
}

void count_open_deals(std::span<Shard* const> shards, Placement& placement, Rows<DealRow>& rows) {
  std::map<std::pair<std::string, std::string>, Stock> stocks;
  EventTime first = EventTime::max();
  for (const auto& [key, row] : rows) stocks[{key.a, key.b}], first = std::min(first, row.period.end);
  const bool total = placement.query().every == core::Every::kTotal;
  for (Shard* shard : shards) {
    boost::unordered_flat_map<CellKey, Stock*, boost::hash<CellKey>> known;  // A name is looked up once.
    const auto stock_of = [&](const CellKey& key) -> Stock* {
      const auto [it, fresh] = known.try_emplace(key, nullptr);
      if (!fresh) return it->second;
      const auto stock =
          stocks.find({std::string(shard->names().text(key.a)), std::string(shard->names().text(key.b))});
      return it->second = stock == stocks.end() ? nullptr : &stock->second;
    };
    if (const auto* page = shard->book().deal_totals.page(0)) {
      page->each([&](const CellKey& key, const DealCell& cell) {
        if (Stock* stock = stock_of(key)) stock->count(change(cell));
      });
    }
    if (total || rows.empty()) continue;
    shard->each_page<DealCell>({}, first, EventTime::max(), [&](core::Slot slot, auto& page) {
      page.each([&](const CellKey& key, const DealCell& cell) {
        if (Stock* stock = stock_of(key)) stock->add(slot, change(cell));
      });
    });
  }
  for (auto& [key, stock] : stocks) stock.close();
  for (auto& [key, row] : rows) {
    const Stock& stock = stocks.at({key.a, key.b});
    row.currency = key.b;
    row.stock = total ? stock.now() : stock.at(row.period.end);
  }
}

}  // namespace processors

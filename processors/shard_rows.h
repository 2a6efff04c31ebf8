// The rows of one shard while they are added up.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>
#include <utility>

#include "processors/figure_rows.h"

namespace processors {

inline bool matches(const std::optional<std::string>& wanted, const std::string& value) {
  return !wanted || *wanted == value;
}

/// Sums one shard's cells by interned key and interval, then hands them over by name.
template <typename Row>
class ShardRows {
 public:
  ShardRows(Shard& shard, Placement& placement) : shard_(shard), placement_(placement) {}

  /// The row for a fact or slot, or nullptr if it is not asked for. `width`: of the slot, 0 for a moment.
  Row* row(const CellKey& key, core::EventTime time, core::Millis width) {
    const auto period = placement_.place(shard_.names().text(key.a), time);
    if (!period) return nullptr;
    Row& row = rows_[{key, core::to_ms(period->start)}];
    row.period = *period;
    const core::EventTime end = width == core::kSlice ? time + width : core::interval_start(time) + core::kInterval;
    row.status = std::min(row.status, placement_.status(end, *period));
    return &row;
  }
  /// An open record contributes to a row: it is not final.
  void unsettle(Row& row) const {
    if (!placement_.point().sealed) row.status = std::min(row.status, Status::kProvisional);
  }

  template <typename Wanted>
  void hand_over(Rows<Row>& rows, bool without_parts, Wanted&& wanted) {
    const auto& names = shard_.names();
    for (auto& [key, row] : rows_) {
      RowKey name{std::string(names.text(key.first.a)), std::string(names.text(key.first.b)),
                  std::string(names.text(key.first.c)), core::event_time(key.second)};
      if (!wanted(name)) continue;
      if (without_parts) name.b.clear(), name.c.clear();
      const auto [it, fresh] = rows.try_emplace(std::move(name), row);
      if (fresh) continue;
      it->second.merge(row);
      it->second.status = std::min(it->second.status, row.status);
    }
  }

 private:
  using Key = std::pair<CellKey, std::int64_t>;
  Shard& shard_;
  Placement& placement_;
  boost::unordered_flat_map<Key, Row, boost::hash<Key>> rows_;
};

/// Cells of one family in their intervals.
template <typename CellType, typename Row>
void sum_intervals(Shard& shard, Placement& placement, ShardRows<Row>& rows) {
  const core::Period reach = placement.reach();
  shard.each_page<CellType>(placement.basis(), reach.start, reach.end, [&](core::Slot slot, auto& page) {
    const core::EventTime start = core::slot_start(slot, core::kInterval);
    page.each([&](const CellKey& key, CellType& cell) {
      if (Row* row = rows.row(key, start, core::kInterval)) row->cell.merge(cell);
    });
  });
}

}  // namespace processors

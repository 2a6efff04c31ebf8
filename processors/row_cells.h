// Where rows get their cells: from the intervals, from the slices, or from facts picked out of the records.
#pragma once

#include <type_traits>

#include "processors/contact_facts.h"
#include "processors/shard_rows.h"

namespace processors {

/// Takes the facts of one family one by one and keeps those that the rows ask for: for totals whose bounds cut
/// intervals.
template <typename CellType, typename Row>
class PickingBook {
 public:
  PickingBook(core::Basis basis, ShardRows<Row>& rows) : basis_(basis), rows_(rows) {}

  template <typename Add>
  void queue(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    pick<QueueCell>(basis, time, key, add);
  }
  template <typename Add>
  void agent(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    pick<AgentCell>(basis, time, key, add);
  }
  template <typename Add>
  void lead(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    pick<LeadCell>(basis, time, key, add);
  }
  template <typename Add>
  void chat(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    pick<ChatCell>(basis, time, key, add);
  }
  template <typename Add>
  void chat_agent(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    pick<ChatAgentCell>(basis, time, key, add);
  }
  template <typename Add>
  void contract(const CellKey&, core::Slot, core::Slot, Add&&) {}

 private:
  template <typename Of, typename Add>
  void pick(core::Basis basis, core::EventTime time, const CellKey& key, Add& add) {
    if constexpr (std::is_same_v<Of, CellType>) {
      if (basis != basis_) return;
      if (Row* row = rows_.row(key, time, core::Millis{0})) add(row->cell);
    }
  }

  core::Basis basis_;
  ShardRows<Row>& rows_;
};

/// Cells of one family that the query needs: intervals, slices, or, by pick(book), facts.
template <typename CellType, typename Row, typename Pick>
void sum_cells(Shard& shard, CellBook::Family<CellType>& family, Placement& placement, ShardRows<Row>& rows,
               Pick&& pick) {
  if (placement.cuts_intervals()) {
    PickingBook<CellType, Row> book(placement.basis(), rows);
    return pick(book);
  }
  if (!placement.rolling()) return sum_intervals<CellType>(shard, placement, rows);
  family.slices.pages([&](core::Slot slot, auto& page) {
    const core::EventTime start = core::slot_start(slot, core::kSlice);
    page.each([&](const CellKey& key, CellType& cell) {
      if (Row* row = rows.row(key, start, core::kSlice)) row->cell.merge(cell);
    });
  });
}

/// The same of a family to which contacts add.
template <typename CellType, typename Row>
void sum_contact_cells(Shard& shard, CellBook::Family<CellType>& family, Placement& placement, ShardRows<Row>& rows) {
  sum_cells(shard, family, placement, rows, [&](auto& book) {
    shard.each_contact(core::EventTime::min(), core::EventTime::max(), [&](const ContactRecord& record) {
      const ContactView view = view_of(record, shard.rules(), shard.names());
      if (shard.retains(record) || view.open()) add_contact(view, shard.rules(), +1, book);
    });
  });
}

template <typename Visit>
void each_open_contact(Shard& shard, Visit&& visit) {
  shard.contacts().each_open([&](const ContactRecord& r) { visit(view_of(r, shard.rules(), shard.names())); });
}

}  // namespace processors

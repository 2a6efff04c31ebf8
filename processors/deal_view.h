// What a deal's record means. A pure function of the record and the rules.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/wide.h"
#include "processors/attribute_record.h"
#include "processors/cell_table.h"
#include "processors/rules.h"

namespace processors {

/// Only deals that were opened or closed have a view. Money is in ten-thousandths of its currency.
struct DealView {
  CellKey key;  ///< (client, currency), as last stated
  std::optional<core::EventTime> opened, closed;
  bool won = false;  ///< Of a closed one: the earlier of won and lost holds, at equal times won.
  std::optional<std::int64_t> amount;
  std::optional<core::Wide> costs;  ///< Their sum, where every cost is stated that the client asks for.

  bool open() const { return opened && !closed; }
  /// From opening to close; two clocks may have it end before it began.
  std::optional<core::Millis> cycle() const {
    if (!opened || !closed) return std::nullopt;
    return std::max(core::Millis{0}, *closed - *opened);
  }
  friend bool operator==(const DealView&, const DealView&) = default;
};

std::optional<DealView> deal_view_of(const AttributeRecord& record, Rules& rules, core::Names& names);

}  // namespace processors

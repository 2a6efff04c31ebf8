// What a lead's record means. A pure function of the record and the rules.
#pragma once

#include <optional>

#include "processors/attribute_record.h"
#include "processors/cell_table.h"
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

}  // namespace processors

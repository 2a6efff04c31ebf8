// What two states can be compared by: records in words, and 15-minute cells summed over shards. Neither depends on
// shards, on the order of events or on internal numbers.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/figure_config.h"
#include "core/periods.h"
#include "processors/shard.h"

namespace processors {

enum class RecordKind : std::uint8_t { kContact, kLead, kDeal, kAgent };
inline constexpr std::array<std::string_view, 4> kRecordKindWords = {"contact", "lead", "deal", "agent"};

/// Valid during the visit.
struct RecordText {
  std::string_view id;
  std::string text;           ///< The canonical form.
  bool reaches_back = false;  ///< It has an event before `since`.
  bool reaches_past = false;  ///< A contact with an event before what its shard shows.
};

/// Every record of a kind that its shard retains, archived contacts included, in no order. With `since` an agent's text
/// has only the states from then on, and no agent reaches back. Throws core::ArchiveFailure and core::CorruptState.
void each_record(std::span<Shard* const> shards, RecordKind kind, std::optional<core::EventTime> since,
                 const std::function<void(const RecordText&)>& visit);

/// A record without its text: of all of them at once there would be too much.
struct RecordPrint {
  std::string id;
  std::array<unsigned char, 32> hash;  ///< SHA-256 of the text.
  bool reaches_back, reaches_past;
};

/// As each_record(), in order of id. Those of whom nothing is left since `since` are left out.
std::vector<RecordPrint> record_prints(std::span<Shard* const> shards, RecordKind kind,
                                       std::optional<core::EventTime> since);

/// A table of stored cells, as CellBook counts them. `basis` is absent for agents' time, which goes by the clock, for
/// contracts, which go by their own, and for deals, which have none.
struct CellTableName {
  std::string_view family;
  std::optional<core::Basis> basis;
};
inline constexpr std::array<CellTableName, CellBook::kTables> kCellTables = {{{"queues", core::Basis::kArrival},
                                                                              {"queues", core::Basis::kEvent},
                                                                              {"agents", core::Basis::kArrival},
                                                                              {"agents", core::Basis::kEvent},
                                                                              {"leads", core::Basis::kArrival},
                                                                              {"leads", core::Basis::kEvent},
                                                                              {"times", std::nullopt},
                                                                              {"contracts", std::nullopt},
                                                                              {"deals", std::nullopt},
                                                                              {"chats", core::Basis::kArrival},
                                                                              {"chats", core::Basis::kEvent},
                                                                              {"chat-agents", core::Basis::kArrival},
                                                                              {"chat-agents", core::Basis::kEvent}}};

/// Where a cell lies: its interval and up to three names; unused ones are empty.
struct CellPlace {
  core::Slot interval = 0;
  std::string a, b, c;
  auto operator<=>(const CellPlace&) const = default;
};

/// The cells of a table summed over shards, packed, in order of place; zero cells are left out. Lost maxima are to be
/// settled before.
void each_cell(std::span<Shard* const> shards, std::size_t table,
               const std::function<void(const CellPlace& place, std::string_view packed)>& visit);

/// The columns in which two packed cells of a table differ: "offered_inbound 17, not 18". An absent cell is empty.
std::string differing_columns(std::size_t table, std::string_view cell, std::string_view other);

}  // namespace processors

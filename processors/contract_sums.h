// What the contracts' figures are made of: the sums of all shards, by day and by quarter-hour, with what is open.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "processors/figures.h"
#include "processors/shard.h"

namespace processors {

/// (client, profile)
using ContractName = std::pair<std::string, std::string>;

/// Sums of contracts, read at one moment. Confined to one thread; no shard may be changed meanwhile.
class ContractSums {
 public:
  using Days = std::map<core::Slot, ContractCell>;      ///< by number of the client's local day
  using Quarters = std::map<core::Slot, ContractCell>;  ///< by interval

  /// Days before `since` (by number) are not read.
  ContractSums(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
               core::Slot since);

  /// All days with something judged, open visits beyond their threshold included. Empty where there are none.
  const Days& days(const ContractName& name) const;
  /// Whether something is open whose quarter-hour begins in the period: its figures are not final.
  bool open_in(const ContractName& name, const core::Period& period) const;
  /// Whether what is open counts on that day: its figure changes without an event.
  bool counts_open_in(const ContractName& name, core::Slot day) const;
  /// How often something of the contract's day has changed in all shards.
  std::uint64_t changes(const ContractName& name, core::Slot day) const;
  /// Single contacts without an event since then may be gone; absent: all are there.
  std::optional<core::EventTime> retained_since() const { return shards_.front()->retained_since(); }
  /// The quarter-hours of [from, to); what is away is read from the archive.
  Quarters quarters(const ContractName& name, core::EventTime from, core::EventTime to) const;
  /// What the first `most` visits by begin (then contact and visit) add up to, of those that begin in [from, to).
  ContractCell first_visits(const ContractName& name, core::EventTime from, core::EventTime to,
                            std::int64_t most) const;

 private:
  /// Whose an agent's time is, by the agent's name in a shard.
  using Homes = boost::unordered_flat_map<core::NameId, core::NameId>;
  static Homes homes_of(Shard& shard);
  /// Whether the cell is part of the contract: one of occupancy stands there for each agent of any client.
  static bool belongs(const CellKey& key, const Homes& homes) {
    if (key.c == core::NameId::kNone) return true;
    const auto home = homes.find(key.c);
    return home != homes.end() && home->second == key.a;
  }
  void read_days(Shard& shard, const Homes& homes, core::Slot since);
  void read_open(Shard& shard, bool leads);
  void read_running(Shard& shard, const Homes& homes, core::Slot since);
  void add_open(const ContractName& name, core::Slot interval, core::Slot day, const ContractCell& cell);

  std::span<Shard* const> shards_;
  std::vector<Homes> homes_;  ///< by shard
  ReadPoint point_;
  std::map<ContractName, Days> days_;
  std::map<ContractName, Quarters> open_;  ///< What is open and counts: visits beyond their threshold, running states.
  std::set<std::pair<ContractName, core::Slot>> unsettled_;  ///< Quarter-hours with something open.
  std::set<std::pair<ContractName, core::Slot>> counting_days_;
};

}  // namespace processors

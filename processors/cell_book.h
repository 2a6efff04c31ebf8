// All cells of a shard: stored intervals in both bases, and the slices of the rolling windows.
//
// Slices follow from the records, so they are not stored, and nobody needs them before the first window is read: a
// replay that serves none does not pay for them. A service that goes on keeps them from its start.
#pragma once

#include "core/figure_config.h"
#include "processors/away_intervals.h"
#include "processors/cell_table.h"
#include "processors/cells.h"
#include "processors/settled_cells.h"

namespace processors {

/// The longest rolling window that is summed from slices.
inline constexpr core::Millis kSliceHorizon{3'600'000};

/// Where facts go. `facts` code calls queue(), agent(), … with the basis and time of a fact and what to add; the book
/// finds the interval cell and, in basis `event`, the slice while it is within the horizon and slices are kept.
/// Confined to the shard thread.
class CellBook {
 public:
  /// `interval_stay`: see AwayIntervals.
  explicit CellBook(std::uint64_t interval_stay = 1) : away_(interval_stay) {}

  template <typename CellType>
  struct Family {
    std::array<CellTable<CellType>, 2> intervals;  ///< by core::Basis
    CellTable<CellType> slices;                    ///< basis `event`
    CellTable<CellType> totals;                    ///< all of it, in slot 0: for Prometheus' counters
  };

  template <typename Add>
  void queue(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    put(queues, basis, time, key, add);
  }
  template <typename Add>
  void agent(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    put(agents, basis, time, key, add);
  }
  template <typename Add>
  void lead(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    put(leads, basis, time, key, add);
  }
  static constexpr core::Slot kNoSlice = std::numeric_limits<core::Slot>::min();
  /// `day`: the client's local day of the interval, by its number.
  template <typename Add>
  void contract(const CellKey& key, core::Slot interval, core::Slot day, Add&& add) {
    if (interval < std::max(frozen_before_, contracts_frozen_before_)) return;
    away_.need(interval);
    ContractCell& cell = contracts.at(interval, key);
    if (settled_.covers(interval)) [[unlikely]]
      settled_.note(IntervalKey{{}, interval, key}, cell);
    add(cell), add(contract_days.at(day, key));
    ++contract_changes_[{key, day}];
  }
  /// How often something of this day has changed since the book was made: who has looked at its intervals need not look
  /// again while it is the same.
  std::uint64_t contract_changes(const CellKey& key, core::Slot day) const {
    const auto found = contract_changes_.find({key, day});
    return found == contract_changes_.end() ? 0 : found->second;
  }
  /// Facts of contracts in intervals before this one are passed over, whatever they are of; kNoSlice: none.
  void freeze_contracts_before(core::Slot first = kNoSlice) { contracts_frozen_before_ = first; }
  /// Clock basis: `amount_ms` of an interval's time in a state.
  void agent_time(core::Slot interval, core::NameId agent, core::AgentState state, std::int64_t amount_ms) {
    if (intervals_frozen()) return;
    away_.need(interval);
    AgentTimeCell& cell = agent_times.at(interval, CellKey{agent});
    if (settled_.covers(interval)) settled_.note(IntervalKey{{}, interval, CellKey{agent}}, cell);
    cell.sum(static_cast<TimeSum>(core::index(state)), amount_ms);
  }

  /// Drops slices that no window can reach any more; facts for them are ignored from then on.
  void advance(core::EventTime as_of) {
    const core::Slot first = core::slot_of(as_of - kSliceHorizon, core::kSlice);
    if (first <= first_slice_) return;
    first_slice_ = first;
    queues.slices.drop_before(first), agents.slices.drop_before(first), leads.slices.drop_before(first);
  }

  /// From now on slices are kept; what they must hold already comes from the records.
  void keep_slices() { slices_kept_ = true; }
  void forget_slices() {
    slices_kept_ = false;
    queues.slices.clear(), agents.slices.clear(), leads.slices.clear();
  }
  bool slices_kept() const { return slices_kept_; }
  /// Facts before it reach no slice.
  core::EventTime slices_begin() const {
    return first_slice_ == kNoSlice ? core::EventTime::min() : core::slot_start(first_slice_, core::kSlice);
  }

  /// While frozen, facts reach only the slices: the interval cells came from the store with the records.
  void freeze_intervals(bool frozen) { frozen_before_ = frozen ? kFrozen : kNoSlice; }
  bool intervals_frozen() const { return frozen_before_ == kFrozen; }
  /// The same for facts of intervals before this one, until freeze_intervals(false).
  void freeze_intervals_before(core::Slot first) { frozen_before_ = first; }

  /// What settled cells were before the running commit's events.
  SettledCells& settled() { return settled_; }

  /// Which intervals are in memory: need() comes before their cells are looked at in the tables below.
  AwayIntervals& away() { return away_; }
  const AwayIntervals& away() const { return away_; }

  /// Tables of intervals have numbers, which are the store's format: queues, agents and leads by basis, agents' time,
  /// contracts.
  static constexpr std::size_t kTables = 8;
  template <typename Use>
  void with_table(std::size_t number, Use&& use) {
    with_table_of(*this, number, use);
  }
  template <typename Use>
  void with_table(std::size_t number, Use&& use) const {
    with_table_of(*this, number, use);
  }

  /// So have the tables of totals: queues, agents, leads, days of contracts.
  static constexpr std::uint8_t kTotals = 4;
  template <typename Use>
  void with_totals(std::size_t number, Use&& use) {
    if (number == 0) return use(queues.totals);
    if (number == 1) return use(agents.totals);
    return number == 2 ? use(leads.totals) : use(contract_days);
  }

  template <typename CellType>
  static constexpr std::size_t number_of(core::Basis basis) {
    if constexpr (std::is_same_v<CellType, QueueCell>) return core::index(basis);
    if constexpr (std::is_same_v<CellType, AgentCell>) return 2 + core::index(basis);
    if constexpr (std::is_same_v<CellType, LeadCell>) return 4 + core::index(basis);
    return std::is_same_v<CellType, AgentTimeCell> ? 6 : 7;
  }
  /// Of agents' time and of contracts there is one, whatever the basis.
  template <typename CellType>
  CellTable<CellType>& table(core::Basis basis) {
    if constexpr (std::is_same_v<CellType, QueueCell>) return queues.intervals[core::index(basis)];
    if constexpr (std::is_same_v<CellType, AgentCell>) return agents.intervals[core::index(basis)];
    if constexpr (std::is_same_v<CellType, LeadCell>) return leads.intervals[core::index(basis)];
    if constexpr (std::is_same_v<CellType, AgentTimeCell>) return agent_times;
    if constexpr (std::is_same_v<CellType, ContractCell>) return contracts;
  }

  /// Sums the totals again from the intervals: those of a store that has not kept them.
  /// day_of(client, interval) is the number of its day.
  template <typename DayOf>
  void total_up(DayOf&& day_of) {
    total_up(queues), total_up(agents), total_up(leads);
    contract_days.clear(), contract_changes_.clear();
    contracts.pages([&](core::Slot interval, auto& page) {
      page.each([&](const CellKey& key, const ContractCell& cell) {
        contract_days.at(day_of(key.a, interval), key).merge(cell);
      });
    });
  }
  /// Forgets all cells, but for those of contacts in intervals before `first`.
  void clear_from(core::Slot first) {
    const auto clear = [first](auto& family) {
      for (auto& table : family.intervals) table.drop_from(first);
      family.slices.clear(), family.totals.clear();
    };
    clear(queues), clear(agents);
    leads = {};
    agent_times.clear();
    contracts.drop_from(first), contract_days.clear();
  }

  Family<QueueCell> queues;
  Family<AgentCell> agents;
  Family<LeadCell> leads;
  CellTable<AgentTimeCell> agent_times;
  CellTable<ContractCell> contracts;
  CellTable<ContractCell> contract_days;  ///< by number of the client's local day; they stay when intervals leave

 private:
  template <typename Book, typename Use>
  static void with_table_of(Book& book, std::size_t number, Use&& use) {
    const std::size_t basis = number % 2;
    switch (number / 2) {
      case 0:
        return use(book.queues.intervals[basis]);
      case 1:
        return use(book.agents.intervals[basis]);
      case 2:
        return use(book.leads.intervals[basis]);
      default:
        if (number == 6) return use(book.agent_times);
        return use(book.contracts);
    }
  }

  template <typename CellType>
  static void total_up(Family<CellType>& family) {
    family.totals.clear();
    family.intervals[0].pages([&](core::Slot, auto& page) {
      page.each([&](const CellKey& key, const CellType& cell) { family.totals.at(0, key).merge(cell); });
    });
  }

  template <typename CellType>
  CellType& interval_cell(Family<CellType>& family, core::Basis basis, core::Slot interval, const CellKey& key) {
    CellType& cell = family.intervals[core::index(basis)].at(interval, key);
    if (settled_.covers(interval)) [[unlikely]] settled_.note(IntervalKey{basis, interval, key}, cell);
    return cell;
  }

  template <typename CellType, typename Add>
  void put(Family<CellType>& family, core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    const core::Slot slot = core::slot_of(time, core::kInterval);
    const bool counts = slot >= frozen_before_;
    if (counts) away_.need(slot), add(interval_cell(family, basis, slot, key));
    if (basis == core::Basis::kArrival) {
      if (counts) add(family.totals.at(0, key));
      return;
    }
    if (!slices_kept_) return;
    const core::Slot slice = core::slot_of(time, core::kSlice);
    if (slice >= first_slice_) add(family.slices.at(slice, key));
  }

  static constexpr core::Slot kFrozen = std::numeric_limits<core::Slot>::max();

  SettledCells settled_;
  AwayIntervals away_;
  using ContractDayKey = std::pair<CellKey, core::Slot>;
  boost::unordered_flat_map<ContractDayKey, std::uint64_t, boost::hash<ContractDayKey>> contract_changes_;
  core::Slot first_slice_ = kNoSlice, frozen_before_ = kNoSlice, contracts_frozen_before_ = kNoSlice;
  bool slices_kept_ = false;
};

}  // namespace processors

// All cells of a shard: stored intervals in both bases, and the slices of the rolling windows.
//
// Slices follow from the records, so they are not stored, and nobody needs them before the first window is read: a
// replay that serves none does not pay for them. A service that goes on keeps them from its start.
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>

#include "core/figure_config.h"
#include "processors/away_intervals.h"
#include "processors/cell_table.h"
#include "processors/cells.h"
#include "processors/settled_cells.h"

namespace processors {

template <typename... CellTypes>
using CellKinds = std::tuple<std::type_identity<CellTypes>...>;

/// What the tables of intervals hold, in the order of the store's format: a new family comes last. A family that is
/// counted in two bases has two tables, arrival first.
using StoredKinds = CellKinds<QueueCell, QueueCell, AgentCell, AgentCell, LeadCell, LeadCell, AgentTimeCell,
                              ContractCell, DealCell, ChatCell, ChatCell, ChatAgentCell, ChatAgentCell>;

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
    CellTable<CellType> totals;                    ///< all of it, in slot 0: for Prometheus' counters, see kTotalled
  };

  /// Of agents no counter is shown.
  template <typename CellType>
  static constexpr bool kTotalled = !std::is_same_v<CellType, AgentCell> && !std::is_same_v<CellType, ChatAgentCell>;

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
  template <typename Add>
  void chat(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    put(chats, basis, time, key, add);
  }
  template <typename Add>
  void chat_agent(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    put(chat_agents, basis, time, key, add);
  }
  template <typename Add>
  void deal(core::EventTime time, const CellKey& key, Add&& add) {
    const core::Slot interval = core::slot_of(time, core::kInterval);
    if (interval < frozen_before_) return;
    away_.need(interval);
    DealCell& cell = deals.at(interval, key);
    if (settled_.covers(interval)) [[unlikely]]
      settled_.note(IntervalKey{{}, interval, key}, cell);
    add(cell), add(deal_totals.at(0, key));
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
    ++contract_changes_[{{key.a, key.b}, day}];
  }
  /// How often something of this day has changed since the book was made: who has looked at its intervals need not look
  /// again while it is the same.
  std::uint64_t contract_changes(const CellKey& key, core::Slot day) const {
    const auto found = contract_changes_.find({key, day});
    return found == contract_changes_.end() ? 0 : found->second;
  }
  /// An agent has another home client: all its time belongs to other contracts.
  void note_home_change() { ++home_changes_; }
  std::uint64_t home_changes() const { return home_changes_; }
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
    each_family([first](auto& family) { family.slices.drop_before(first); });
  }

  /// From now on slices are kept; what they must hold already comes from the records.
  void keep_slices() { slices_kept_ = true; }
  void forget_slices() {
    slices_kept_ = false;
    each_family([](auto& family) { family.slices.clear(); });
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

  /// Tables of intervals have numbers, which are the store's format: their place in StoredKinds.
  static constexpr std::size_t kTables = std::tuple_size_v<StoredKinds>;
  template <typename Use>
  void with_table(std::size_t number, Use&& use) {
    use_nth(interval_tables(*this), number, use);
  }
  template <typename Use>
  void with_table(std::size_t number, Use&& use) const {
    use_nth(interval_tables(*this), number, use);
  }

  /// use(std::type_identity<CellType>{}) of what the table of this number holds.
  template <typename Use>
  static void with_kind(std::size_t number, Use&& use) {
    use_nth(StoredKinds{}, number, use);
  }

  /// So have the tables of totals.
  static constexpr std::size_t kTotals = 6;
  template <typename Use>
  void with_totals(std::size_t number, Use&& use) {
    use_nth(total_tables(*this), number, use);
  }

  /// Of families without a basis there is one table, whatever `basis` says.
  template <typename CellType>
  static constexpr std::size_t number_of(core::Basis basis) {
    return first_of<CellType>() + (tables_of<CellType>() == 2 ? core::index(basis) : 0);
  }
  template <typename CellType>
  CellTable<CellType>& table(core::Basis basis) {
    const auto tables = interval_tables(*this);
    constexpr std::size_t first = first_of<CellType>(), last = first + tables_of<CellType>() - 1;
    return basis == core::Basis::kArrival ? std::get<first>(tables) : std::get<last>(tables);
  }

  /// Sums the totals again from the intervals: those of a store that has not kept them.
  /// day_of(client, interval) is the number of its day.
  template <typename DayOf>
  void total_up(DayOf&& day_of) {
    each_family([]<typename CellType>(Family<CellType>& family) {
      if constexpr (kTotalled<CellType>) total_up(family.intervals[0], family.totals);
    });
    total_up(deals, deal_totals);
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
    clear(queues), clear(agents), clear(chats), clear(chat_agents);
    leads = {};
    agent_times.clear();
    contracts.drop_from(first), contract_days.clear();
    deals.clear(), deal_totals.clear();
  }

  Family<QueueCell> queues;
  Family<AgentCell> agents;
  Family<LeadCell> leads;
  Family<ChatCell> chats;
  Family<ChatAgentCell> chat_agents;
  CellTable<AgentTimeCell> agent_times;
  CellTable<ContractCell> contracts;
  CellTable<ContractCell> contract_days;  ///< by number of the client's local day; they stay when intervals leave
  CellTable<DealCell> deals, deal_totals;  ///< The totals in slot 0.

  /// Those that are counted in two bases and have slices.
  template <typename Use>
  void each_family(Use&& use) {
    use(queues), use(agents), use(leads), use(chats), use(chat_agents);
  }

 private:
  /// As StoredKinds lists them.
  template <typename Book>
  static auto interval_tables(Book& b) {
    return std::tie(b.queues.intervals[0], b.queues.intervals[1], b.agents.intervals[0], b.agents.intervals[1],
                    b.leads.intervals[0], b.leads.intervals[1], b.agent_times, b.contracts, b.deals,
                    b.chats.intervals[0], b.chats.intervals[1], b.chat_agents.intervals[0], b.chat_agents.intervals[1]);
  }
  template <typename Book>
  static auto total_tables(Book& b) {
    return std::tie(b.queues.totals, b.agents.totals, b.leads.totals, b.contract_days, b.deal_totals, b.chats.totals);
  }
  template <typename Tables, typename Use>
  static void use_nth(const Tables& tables, std::size_t number, Use&& use) {
    std::size_t at = 0;
    std::apply([&](auto&&... table) { ((at++ == number ? use(table) : void()), ...); }, tables);
  }
  template <typename CellType>
  static constexpr std::size_t first_of() {
    return std::apply(
        [](auto... kinds) {
          std::size_t first = 0;
          (void)((std::is_same_v<typename decltype(kinds)::type, CellType> || (++first, false)) || ...);
          return first;
        },
        kKinds);
  }
  template <typename CellType>
  static constexpr std::size_t tables_of() {
    return std::apply(
        [](auto... kinds) { return (std::size_t{std::is_same_v<typename decltype(kinds)::type, CellType>} + ...); },
        kKinds);
  }

  template <typename CellType>
  static void total_up(const CellTable<CellType>& intervals, CellTable<CellType>& totals) {
    totals.clear();
    intervals.pages([&](core::Slot, const auto& page) {
      page.each([&](const CellKey& key, const CellType& cell) { totals.at(0, key).merge(cell); });
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
      if constexpr (kTotalled<CellType>) {
        if (counts) add(family.totals.at(0, key));
      }
      return;
    }
    if (!slices_kept_) return;
    const core::Slot slice = core::slot_of(time, core::kSlice);
    if (slice >= first_slice_) add(family.slices.at(slice, key));
  }

  static constexpr StoredKinds kKinds{};
  static constexpr core::Slot kFrozen = std::numeric_limits<core::Slot>::max();

  SettledCells settled_;
  AwayIntervals away_;
  using ContractDayKey = std::pair<CellKey, core::Slot>;
  boost::unordered_flat_map<ContractDayKey, std::uint64_t, boost::hash<ContractDayKey>> contract_changes_;
  std::uint64_t home_changes_ = 0;
  core::Slot first_slice_ = kNoSlice, frozen_before_ = kNoSlice, contracts_frozen_before_ = kNoSlice;
  bool slices_kept_ = false;
};

}  // namespace processors

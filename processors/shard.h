// A shard: the records of its entities, and the cells that their facts add up to.
//
// A pure state machine: what it holds depends only on the set of events applied and the figure configuration. It sees
// no clock, no thread and no I/O; time comes in as a value.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive.h"
#include "core/event.h"
#include "core/figure_config.h"
#include "core/hash_filter.h"
#include "core/names.h"
#include "core/snapshot.h"
#include "processors/agent_record.h"
#include "processors/attribute_record.h"
#include "processors/cell_book.h"
#include "processors/contact_view.h"
#include "processors/deal_view.h"
#include "processors/interval_page.h"
#include "processors/lead_view.h"
#include "processors/packed_pieces.h"
#include "processors/record_table.h"
#include "processors/resting_table.h"
#include "processors/rules.h"
#include "processors/running_state.h"
#include "processors/touch.h"

namespace processors {

/// What a shard may hold in memory.
struct MemoryLimits {
  std::size_t awake_contacts = 4096;  ///< Contacts ready for merging; the others rest packed.
  /// Leads and deals have fewer events.
  std::size_t awake_leads() const { return awake_contacts / 8 + 1; }
  /// Through so many snapshots an interval stays in memory after it was asked for.
  std::uint64_t interval_stay = 1;

  /// Of a shard whose contacts may take `bytes`: those awake at most half, or nothing could rest and leave.
  static MemoryLimits within(std::size_t bytes) {
    MemoryLimits limits;
    limits.awake_contacts = std::min(limits.awake_contacts, ContactTable::awake_within(bytes / 2));
    return limits;
  }
};

/// Confined to the shard thread; between rounds, to whoever reads figures. The configuration outlives it.
class Shard {
 public:
  /// `number` among the shards of its store.
  explicit Shard(const core::FigureConfig& config, MemoryLimits limits = {}, std::uint32_t number = 0)
      : rules_(config, names_),
        book_(limits.interval_stay),
        contacts_(limits.awake_contacts),
        leads_(limits.awake_leads()),
        deals_(limits.awake_leads()),
        number_(number) {}
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// The configured source whose events come next.
  void set_source(std::string_view name) {
    source_ = names_.intern(name);
    book_.settled().set_source(names_.text(source_));
  }
  /// `hash`: of home_hash(), for a caller who has it already.
  Change apply(const core::Event& event, Touch touch, std::uint64_t hash);
  Change apply(const core::Event& event, Touch touch) { return apply(event, touch, home_hash(event, touch)); }
  /// Has what apply() will look at loaded, step by step.
  void prefetch(const core::Event& event, Touch touch, std::uint64_t hash, core::Ahead step, core::Found& found) const;

  /// Slices that no window can reach any more are dropped.
  void advance(core::EventTime as_of) { as_of_ = as_of, book_.advance(as_of); }

  // ---- the diary of corrections (shard_settled.cc) ----

  /// Intervals that end before `time` are settled from now on: what changes them is noted in book().settled().
  void settle_before(core::EventTime time, bool sealed = false);
  /// Notes the rows to which a record contributes that is open, and was so at the last commit. Before pack_changes().
  void hold_rows_of_open_contacts();
  void hold_rows_of_open_leads();
  void hold_rows_of_open_deals();
  void hold_rows_of_running_states();
  /// The agent's state at as-of; nullopt if there is none, it gives no time, or it is given up.
  std::optional<RunningState> running_state(const AgentRecord& agent) const {
    const std::optional<StatePoint> point = agent.current(as_of_, rules_.give_up().agent_state);
    if (!point || point->state == core::AgentState::kOffline) return std::nullopt;
    return RunningState{point->state, point->time};
  }

  /// Fills the slices of the rolling windows from the records, once, and keeps them from then on. Call before slices
  /// are read.
  void keep_slices();
  /// Of a shard whose state is yet to be restored: they are filled as it comes, and keep_slices() adds what the archive
  /// has, before anything else leaves memory.
  void keep_slices_from_now() { book_.keep_slices(), slices_lack_archive_ = true; }

  /// Finds again the maxima that were taken back, from the records. Call before cells are read.
  void settle_maxima();

  /// The records that changed since the last call, packed; empty if none did.
  std::string pack_changes();
  /// How many records the next pack_changes() will hold.
  std::size_t dirty_records() const {
    return contacts_.dirty().size() + leads_.dirty().size() + deals_.dirty().size() + agents_.dirty().size();
  }
  /// The records of entities with an event in [from, to), packed as one journal entry: for another, empty shard.
  std::string pack_within(core::EventTime from, core::EventTime to);
  /// The whole state in pages of about 64 KiB: cells first, then records. Of the intervals before `lasting_from` those
  /// that were not asked for lately leave memory: their pages go with it, and let_go() follows once it is kept.
  core::Snapshot pack_snapshot(core::Slot lasting_from = core::kFirstInterval);
  /// Bytes that this snapshot would have, and that would leave with it, roughly. Decides when one pays.
  struct Weight {
    std::size_t staying = 0, leaving = 0;
  };
  Weight weigh(core::Slot lasting_from = core::kFirstInterval) const;
  /// Takes in a piece: the pages of the snapshot, then the entries of the journal, the last one first. Of a record that
  /// several entries have, the others pass over what is older. restored() follows the last piece, and takes in the
  /// agents. Both throw core::CorruptState.
  void restore(std::string_view bytes);
  /// As restore(), of a journal entry whose records are not in the store yet: they count as changed.
  void take_changes(std::string_view bytes);
  /// Forgets the cells and adds the facts of all records again (`--rebuild`). Those of contacts in intervals of whose
  /// contacts some were dropped stay as they are.
  void rebuild();
  /// Another configuration holds from now on; what was added up by the former one waits for rebuild().
  void judge_by(const core::FigureConfig& config) { rules_ = Rules(config, names_); }

  // ---- retention: contacts are dropped, and what they have added to the cells stays ----

  /// Contacts without an event at or after `time` are not shown any more, though they may not be dropped yet.
  void retain_since(core::EventTime time) { retained_since_ = time; }
  std::optional<core::EventTime> retained_since() const { return retained_since_; }
  bool retains(const ContactRecord& record) const { return !retained_since_ || record.last() >= *retained_since_; }
  /// Whether it has an event before what is shown.
  bool reaches_past(const ContactRecord& record) const {
    return retained_since_ && record.touches(core::EventTime::min(), *retained_since_);
  }
  /// Contacts without an event at or after `time` are gone, but for open ones: the overlay looks at them. True: the
  /// next commit must have a snapshot (a journal of before has records that are to stay counted), and their pages go
  /// with it. After pack_changes().
  bool drop_before(core::EventTime time);
  std::optional<core::EventTime> dropped_before() const { return dropped_before_; }

  /// Sums the cells of all time again where the snapshot did not have them. After restored().
  void total_up() {
    if (!totals_kept_) total_up_anew();
  }

  // ---- the archive (shard_archive.cc) ----

  /// Contacts, leads and deals leave for `archive` and come back from it. Before the state is restored.
  void set_archive(core::Archive* archive);
  /// They leave until the others take at most `target` bytes: the pages of those that the archive does not have,
  /// for the next commit. They are gone with let_go(), once that commit is kept.
  std::vector<core::ArchivePage> pack_leaving(std::size_t target);
  void let_go();
  /// Records at rest move together where that gives memory back.
  void close_ranks() { contacts_.close_ranks(), leads_.close_ranks(), deals_.close_ranks(); }
  /// Archived versions that events since the last call have made old.
  std::vector<core::Superseded> take_superseded();
  /// Whether what the event touches must be looked for in the archive before it is applied.
  bool may_be_archived(const core::Event& event, Touch touch, std::uint64_t hash) const;
  /// This event comes next: fetch_wanted() brings back what it touches if that is archived. Before it is applied.
  void want(const core::Event& event, Touch touch, std::uint64_t hash);
  bool has_archived() const { return !archived_.empty(); }
  /// How many were looked for.
  std::size_t fetch_wanted(std::optional<std::uint64_t> as_of_page = std::nullopt);
  /// Brings back what a piece to be restored replaces.
  void prepare(std::string_view piece);
  void restored();
  /// Every contact, lead or deal, in memory or archived with an event in [from, to]; in no order.
  void each_contact(core::EventTime from, core::EventTime to, const std::function<void(const ContactRecord&)>& visit);
  void each_lead(core::EventTime from, core::EventTime to, const std::function<void(const AttributeRecord&)>& visit);
  void each_deal(core::EventTime from, core::EventTime to, const std::function<void(const AttributeRecord&)>& visit);

  // ---- intervals that left memory (shard_intervals.cc) ----

  /// Brings back all intervals that overlap [from, to).
  void bring_back(core::EventTime from, core::EventTime to);
  /// Every page of a family's intervals with a part in [from, to): visit(interval, page). What is away is read, and
  /// stays away. In no order.
  template <typename CellType, typename Visit>
  void each_page(core::Basis basis, core::EventTime from, core::EventTime to, Visit&& visit) {
    const std::size_t table = CellBook::number_of<CellType>(basis);
    book_.table<CellType>(basis).pages(visit);
    if (book_.away().away().empty()) return;
    each_away(core::interval_at(from), core::interval_at(to), [&](core::Slot interval, std::string_view bytes) {
      CellTable<CellType> alone;
      IntervalPageReader(bytes, names_).cells(table, [&](const CellKey& key, StateReader& in) {
        alone.at(interval, key).unpack(in);
      });
      alone.pages(visit);
    });
  }

  core::Names& names() { return names_; }
  Rules& rules() { return rules_; }
  CellBook& book() { return book_; }
  ContactTable& contacts() { return contacts_; }
  AttributeTable& leads() { return leads_; }
  AttributeTable& deals() { return deals_; }
  RecordTable<AgentRecord>& agents() { return agents_; }

 private:
  Change apply_contact(const core::Event& event, std::uint64_t hash);
  Change apply_lead(const core::Event& event, std::uint64_t hash);
  Change apply_deal(const core::Event& event, std::uint64_t hash);
  Change apply_agent(const core::Event& event, std::uint64_t hash);

  void hold(const ContactView& view);
  void hold(const LeadView& view);
  void hold(const DealView& view);
  /// What agents' rows need to know beside the cells.
  struct AgentMoment {
    std::optional<RunningState> running;
    core::NameId home{};
  };
  AgentMoment moment_of(const AgentRecord& agent) const { return {running_state(agent), agent.home_client()}; }
  /// An agent without a home is the client `default`'s.
  core::NameId client_of(const AgentMoment& moment) {
    return moment.home == core::NameId::kNone ? names_.intern("default") : moment.home;
  }
  void note_agent(core::NameId agent, const AgentMoment& before, const AgentMoment& after);
  void note_occupancy(core::NameId agent, core::Slot interval, const AgentMoment& before, const AgentMoment& after);
  void hold(const AgentMoment& moment);

  /// facts(after) − facts(before) enter the cells; whether `after` is open. `before` may be nullptr.
  bool count_contact(const ContactRecord* before, const ContactRecord& after);
  bool count_lead(const AttributeRecord* before, const AttributeRecord& after);
  bool count_deal(const AttributeRecord* before, const AttributeRecord& after);
  /// The snapshot that was restored is of a build that did not count this family yet.
  template <typename CellType>
  bool lacks() const {
    return of_snapshot_ && CellBook::number_of<CellType>({}) >= tables_kept_;
  }
  void count_deals_anew();
  void count_chats_anew();
  void note_archived();
  /// Of one kind: `piece` says which.
  template <typename Record>
  void each_archived(Piece piece, core::EventTime from, core::EventTime to,
                     const std::function<void(std::uint64_t page, const Record&)>& visit);
  template <typename Use>
  void with_table_of(Piece piece, Use&& use);
  /// The hash by which the archive would know the record; nullopt: it need not be asked.
  template <typename Record>
  std::optional<std::uint64_t> in_archive(const RestingTable<Record>& table, Piece piece, std::string_view id,
                                          std::uint64_t hash) const;
  std::optional<std::uint64_t> in_archive(const core::Event& event, Touch touch, std::uint64_t hash) const;
  /// Archived contacts that are open by the rules of now come back: the overlay must find them in memory.
  void open_again();
  template <typename Record>
  void each_record(RestingTable<Record>& table, Piece piece, core::EventTime from, core::EventTime to,
                   const std::function<void(const Record&)>& visit);
  template <typename Record>
  void came_back(const Record& record);
  void fill_slices_from_archive();
  void fill_slices(const ContactRecord& record);
  void fill_slices(const AttributeRecord& lead);
  void leave_before(core::Slot lasting_from, core::Snapshot& snapshot);
  std::vector<core::Slot> leaving_before(core::Slot lasting_from) const;
  std::vector<core::IntervalPage> pack_intervals(const std::vector<core::Slot>& intervals);
  void let_go_of_intervals();
  void forget(core::Slot interval);  ///< its cells
  void bring_back(core::Slot interval);
  void take_back(core::Slot interval, std::string_view bytes);
  void each_away(core::Slot first, core::Slot last,
                 const std::function<void(core::Slot interval, std::string_view bytes)>& visit);
  void total_up_anew() {
    book_.total_up([&](core::NameId client, core::Slot interval) { return rules_.day_of(client, interval); });
  }
  void restore_cells(StateReader& in);
  void restore_totals(StateReader& in);
  void restore_record(StateReader& in, bool of_journal);
  void all_came();

  core::Names names_;
  Rules rules_;
  CellBook book_;
  ContactTable contacts_;
  AttributeTable leads_, deals_;
  RecordTable<AgentRecord> agents_;
  core::NameId source_{};
  core::EventTime as_of_{};
  std::optional<core::EventTime> retained_since_, dropped_before_;

  const std::uint32_t number_;
  core::Archive* archive_ = nullptr;
  bool totals_kept_ = false;     ///< The snapshot that was restored has the cells of all time.
  static constexpr std::size_t kTablesBeforeDeals = 8;  ///< Builds until then did not say how many they had.
  bool of_snapshot_ = false;     ///< There was one,
  std::size_t tables_kept_ = kTablesBeforeDeals;  ///< and it has so many tables of intervals.
  bool slices_lack_archive_ = false;
  std::uint64_t next_page_ = 1;  ///< Number of the next archive page.
  core::HashFilter archived_;    ///< Records that may be in the archive.
  /// Of the journal's entries, the last one first: what they have of agents, with the names that were read before it.
  struct AgentsOfEntry {
    std::string bytes;
    std::vector<core::NameId> names;
  };
  std::vector<AgentsOfEntry> agents_to_come_;
  std::vector<std::uint64_t> wanted_;
};

}  // namespace processors

// The contacts, leads or deals of a shard that are in memory, found by id. Those that events touched lately are records
// ready for merging; the others rest packed, in about a tenth of the memory, and are unpacked when they are asked for.
// Where memory is short, some of those at rest leave for the archive.
//
// Which of them rest or leave follows from use alone (a second chance for what was touched since the hand passed),
// never from what a record means, so it cannot change a figure. Open ones never leave: the overlay looks at them.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/blob_pool.h"
#include "core/hash_index.h"
#include "core/slab.h"
#include "core/text_hash.h"
#include "processors/attribute_record.h"
#include "processors/contact_record.h"

namespace processors {

/// Confined to the shard thread. A Slot stays where it is until the next at() or clear_dirty().
template <typename Record>
class RestingTable {
 public:
  /// `awake`: so many records may be unpacked before some are put to rest. Those that changed since the last commit
  /// stay awake beside them.
  explicit RestingTable(std::size_t awake = 4096) : most_awake_(awake > 0 ? awake : 1) {}
  /// How many may be awake so that they take at most `bytes`, roughly.
  static std::size_t awake_within(std::size_t bytes) { return bytes / (sizeof(Slot) + kHeldByRecord); }

  struct Slot {
    Record record;
    std::uint32_t entry = kNone;  ///< kNone: the slot is free.
    bool dirty = false;           ///< changed since the last commit
    bool touched = false;         ///< asked for since the hand passed
  };

  /// The record of this id, whose text_hash() is `hash`, made if there is none in memory.
  Slot& at(std::string_view id, std::uint64_t hash);
  Slot& at(std::string_view id) { return at(id, core::text_hash(id)); }
  /// Takes in what a start has read: it goes to rest at once, or in the place of what is in memory. Before that
  /// count(before, record) has the facts counted, `before` nullptr where there is none, and says whether it is open. A
  /// journal (`of_journal`) is read from its end: what it gave already is newer, and holds, until all_came().
  template <typename Count>
  void restore(Record record, bool of_journal, Count&& count);
  void all_came() { came_ = {}; }
  /// Has what at() will look at loaded, step by step.
  void prefetch(std::uint64_t hash, core::Ahead step, core::Found& found) const;
  bool holds(std::string_view id, std::uint64_t hash) const { return find(id, hash) != kNone; }
  bool holds(std::string_view id) const { return holds(id, core::text_hash(id)); }

  void mark_dirty(Slot& slot);
  const std::vector<Slot*>& dirty() const { return dirty_; }
  void clear_dirty();
  /// Has every record written again with the next commit.
  void mark_all_dirty();

  /// Whether the overlay must look at the record.
  void set_open(Slot& slot, bool open) { set_open(slot.entry, open); }
  /// Judges every record anew. An open one is written with the next commit where only the archive has it: a start
  /// looks for open ones in snapshot and journal.
  template <typename IsOpen>
  void judge_open(IsOpen&& is_open) {
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
      visit_entry(entries_[i], [&](const Record& record) { set_open(i, is_open(record)); });
      if (entries_[i].open_place != kNone && archived_.contains(i)) mark_dirty(awake(i));
    }
  }

  /// Where more than a seventh of the memory for records at rest is free, they move together, and the rest is given
  /// back: which sizes are many changes with the days, and what one size has left serves no other.
  void close_ranks();
  std::size_t held_for_resting() const { return pool_.held(); }

  std::size_t size() const { return entries_.size() - free_entries_.size(); }
  /// How much memory the records take, roughly.
  std::size_t bytes() const;

  /// Calls visit(const Record&) for each, or each open one, in no order.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) visit_entry(entries_[i], visit);
  }
  /// As each(), without those that the archive has as they are.
  template <typename Visit>
  void each_unarchived(Visit&& visit) const {
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
      if (!archived_.contains(i)) visit_entry(entries_[i], visit);
    }
  }
  /// As each_open(), of those that have not changed since the last commit.
  template <typename Visit>
  void each_open_unchanged(Visit&& visit) const {
    for (const std::uint32_t i : open_) {
      const Entry& entry = entries_[i];
      if (entry.stay != Stay::kAwake || !slots_[entry.place].dirty) visit_entry(entry, visit);
    }
  }
  template <typename Visit>
  void each_open(Visit&& visit) const {
    for (const std::uint32_t entry : open_) visit_entry(entries_[entry], visit);
  }

  // ---- leaving for the archive, and coming back ----

  /// Chooses records at rest until the others take at most `target` bytes, and calls archive(const Record&),
  /// which returns the number of the page that keeps it, for each that the archive does not have. They leave with
  /// let_go(), once the pages are committed.
  template <typename ToArchive>
  void choose_leaving(std::size_t target, ToArchive&& archive);
  /// Those that were chosen leave, but for those that events have touched since. Calls gone(id) for each.
  template <typename Gone>
  void let_go(Gone&& gone);
  /// An archived record comes back; false: one of its id is in memory already.
  bool take_back(const Record& record, std::uint64_t page);
  /// The record in memory is the same as this page's version.
  void is_archived(std::string_view id, std::uint64_t page);

  /// Those without an event at or after `time` are forgotten, but for open ones and those that changed since the last
  /// commit. How many.
  std::size_t drop_before(core::EventTime time);

  /// Versions in the archive that are not current since the last call: (page, hash).
  std::vector<std::pair<std::uint64_t, std::uint64_t>> take_superseded() { return std::exchange(superseded_, {}); }

 private:
  static constexpr std::uint32_t kNone = core::HashIndex::kNone;
  /// Bytes of what does not lie in the record, roughly: one in four has grown.
  static constexpr std::size_t kHeldByRecord = 200;
  static constexpr std::uint32_t kMostPlace = (1U << 30U) - 1;
  enum class Stay : std::uint32_t { kFree, kAwake, kAtRest, kLeaving };
  struct Entry {
    char* packed = nullptr;            ///< At rest or leaving; of the table's pool.
    std::uint32_t place : 30 = 0;      ///< Awake: its slot. At rest: the packed bytes.
    Stay stay : 2 = Stay::kFree;
    std::uint32_t open_place = kNone;  ///< place in the list of open ones
    std::string_view bytes() const { return {packed, place}; }
  };
  static_assert(sizeof(Entry) == 16, "there is one of each record in memory");

  template <typename Visit>
  void visit_entry(const Entry& entry, Visit&& visit) const {
    if (entry.stay == Stay::kFree) return;
    if (entry.stay == Stay::kAwake) return visit(slots_[entry.place].record);
    NumberedReader in(entry.bytes());
    visit(Record::unpack(in));
  }
  std::uint32_t find(std::string_view id, std::uint64_t hash) const;
  void set_open(std::uint32_t index, bool open);
  std::uint32_t new_entry(std::uint64_t hash);
  void remove(std::uint32_t entry, std::string_view id);
  Slot& awake(std::uint32_t entry);
  Slot& wake(std::uint32_t entry);
  void give_back(Entry& entry);
  void put_to_rest(Slot& slot);
  void pack_into(Entry& entry, const Record& record);
  void move_hand(std::size_t steps);

  std::size_t most_awake_;
  core::HashIndex index_;  ///< entries by the hash of the id
  core::Slab<Entry, 1024> entries_;
  core::Slab<Slot, 256> slots_;
  std::vector<std::uint32_t> free_entries_, free_slots_, open_, leaving_;
  std::vector<Slot*> dirty_;
  std::vector<bool> came_;                                            ///< by entry
  boost::unordered_flat_map<std::uint32_t, std::uint64_t> archived_;  ///< entry → page that has the same version
  std::vector<std::pair<std::uint64_t, std::uint64_t>> superseded_;
  std::size_t hand_ = 0, leaving_hand_ = 0, resting_bytes_ = 0;
  core::BlobPool pool_;
  std::string packing_;
  mutable std::string key_;  ///< room for find()
};

template <typename Record>
template <typename Count>
void RestingTable<Record>::restore(Record record, bool of_journal, Count&& count) {
  const std::uint64_t hash = core::text_hash(record.id());
  std::uint32_t index = find(record.id(), hash);
  if (of_journal && index < came_.size() && came_[index]) return;
  bool open = false;
  if (index == kNone) {
    open = count(nullptr, record);
    index = new_entry(hash);
    pack_into(entries_[index], record);
  } else {
    Slot& slot = awake(index);
    open = count(&slot.record, record);
    slot.record = std::move(record);
    archived_.erase(index);  // An event that is in the store already has changed it.
  }
  set_open(index, open);
  if (!of_journal) return;
  if (index >= came_.size()) came_.resize(std::max<std::size_t>(entries_.size(), 2 * came_.size()));
  came_[index] = true;
}

template <typename Record>
template <typename ToArchive>
void RestingTable<Record>::choose_leaving(std::size_t target, ToArchive&& archive) {
  std::size_t now = bytes();
  for (std::size_t steps = 0; steps < entries_.size() && now > target; ++steps) {
    leaving_hand_ = leaving_hand_ + 1 < entries_.size() ? leaving_hand_ + 1 : 0;
    const auto index = static_cast<std::uint32_t>(leaving_hand_);
    Entry& entry = entries_[index];
    if (entry.stay != Stay::kAtRest || entry.open_place != kNone) continue;
    now -= std::min<std::size_t>(now, entry.place);
    if (!archived_.contains(index)) visit_entry(entry, [&](const Record& r) { archived_[index] = archive(r); });
    entry.stay = Stay::kLeaving;
    leaving_.push_back(index);
  }
}

template <typename Record>
template <typename Gone>
void RestingTable<Record>::let_go(Gone&& gone) {
  for (const std::uint32_t index : std::exchange(leaving_, {})) {
    if (entries_[index].stay != Stay::kLeaving) continue;
    const std::string id(NumberedReader(entries_[index].bytes()).text());
    remove(index, id);
    gone(std::string_view(id));
  }
}

using ContactTable = RestingTable<ContactRecord>;
using AttributeTable = RestingTable<AttributeRecord>;  ///< leads or deals

}  // namespace processors

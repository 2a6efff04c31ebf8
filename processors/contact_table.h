// The contacts of a shard, found by id. Those that events touched lately are records ready for merging; the others rest
// packed, in about a tenth of the memory, and are unpacked when they are asked for.
//
// Which of them rest follows from use alone (a second chance for what was touched since the hand passed), never from
// what a contact means, so it cannot change a figure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/slab.h"
#include "processors/contact_record.h"

namespace processors {

/// Confined to the shard thread. A Slot stays where it is until the next at() or clear_dirty().
class ContactTable {
 public:
  /// `awake`: so many records may be unpacked before some are put to rest. Those that changed since the last commit
  /// stay awake beside them.
  explicit ContactTable(std::size_t awake = 4096) : most_awake_(awake > 0 ? awake : 1) {}

  struct Slot {
    ContactRecord record;
    std::uint32_t entry = kNone;  ///< kNone: the slot is free.
    bool dirty = false;           ///< changed since the last commit
    bool touched = false;         ///< asked for since the hand passed
  };

  /// The record of this id, made if there is none.
  Slot& at(std::string_view id);

  void mark_dirty(Slot& slot) {
    if (slot.dirty) return;
    slot.dirty = true;
    dirty_.push_back(&slot);
  }
  const std::vector<Slot*>& dirty() const { return dirty_; }
  void clear_dirty();
  /// Has every record written again with the next commit.
  void mark_all_dirty();

  /// Whether the overlay must look at the contact.
  void set_open(Slot& slot, bool open);

  std::size_t size() const { return entries_.size(); }
  /// Valid until the next at().
  std::string_view id(std::size_t i) const { return id_of(entries_[i]); }
  /// Calls visit(const ContactRecord&) for the i-th contact.
  template <typename Visit>
  void visit(std::size_t i, Visit&& visit) const {
    const Entry& entry = entries_[i];
    if (!entry.packed) return visit(slots_[entry.place].record);
    NumberedReader in(entry.bytes());
    visit(ContactRecord::unpack(in));
  }
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) this->visit(i, visit);
  }
  template <typename Visit>
  void each_open(Visit&& visit) const {
    for (const std::uint32_t entry : open_) this->visit(entry, visit);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  /// A contact is awake in a slot, or at rest in `packed`.
  struct Entry {
    std::unique_ptr<char[]> packed;
    std::uint32_t place = 0;           ///< Awake: its slot. At rest: the packed bytes.
    std::uint32_t next = kNone;        ///< another entry whose id has the same hash
    std::uint32_t open_place = kNone;  ///< place in the list of open ones
    std::string_view bytes() const { return {packed.get(), place}; }
  };
  struct SameHash {
    using is_avalanching = void;  // The key is a good hash already.
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };

  std::string_view id_of(const Entry& entry) const;
  Slot& wake(std::uint32_t entry, ContactRecord record);
  void put_to_rest(Slot& slot);
  void move_hand(std::size_t steps);

  std::size_t most_awake_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, SameHash> first_;
  core::Slab<Entry, 1024> entries_;
  core::Slab<Slot, 256> slots_;
  std::vector<std::uint32_t> free_, open_;
  std::vector<Slot*> dirty_;
  std::size_t hand_ = 0;
  std::string packing_;
};

}  // namespace processors

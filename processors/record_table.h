// The records of one kind in a shard that never leave memory, found by id, with the list of those that changed.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/hash_index.h"
#include "core/slab.h"
#include "core/text_hash.h"

namespace processors {

/// `Record` has id() and prefetch_parts(), and is made from an id. Records never move. Confined to the shard thread.
template <typename Record>
class RecordTable {
 public:
  struct Slot {
    Record record;
    bool dirty = false;                ///< changed since the last commit
  };

  /// The record of this id, whose text_hash() is `hash`, made if there is none.
  Slot& at(std::string_view id, std::uint64_t hash) {
    if (Slot* known = find(id, hash)) return *known;
    index_.add(hash, static_cast<std::uint32_t>(slots_.size()));
    Slot slot;
    slot.record = Record(id);
    return slots_.emplace_back(std::move(slot));
  }
  Slot& at(std::string_view id) { return at(id, core::text_hash(id)); }
  Slot* find(std::string_view id, std::uint64_t hash) {
    const std::uint32_t place = index_.find(hash, [&](std::uint32_t i) { return slots_[i].record.id() == id; });
    return place == kNone ? nullptr : &slots_[place];
  }
  Slot* find(std::string_view id) { return find(id, core::text_hash(id)); }

  /// Has what at() will look at loaded, step by step.
  void prefetch(std::uint64_t hash, core::Ahead step, core::Found& found) const {
    if (step == core::Ahead::kIndex) return index_.prefetch(hash);
    if (step == core::Ahead::kEntry) found.entry = index_.first(hash);
    if (found.entry == kNone) return;
    const Slot& slot = slots_[found.entry];
    if (step == core::Ahead::kParts) return slot.record.prefetch_parts();
    if (step == core::Ahead::kEntry) core::load_ahead(&slot, sizeof slot);
  }

  void mark_dirty(Slot& slot) {
    if (slot.dirty) return;
    slot.dirty = true;
    dirty_.push_back(&slot);
  }
  std::size_t size() const { return slots_.size(); }
  Slot& operator[](std::size_t i) { return slots_[i]; }
  const Slot& operator[](std::size_t i) const { return slots_[i]; }
  const std::vector<Slot*>& dirty() const { return dirty_; }
  void clear_dirty() {
    for (Slot* slot : dirty_) slot->dirty = false;
    dirty_.clear();
  }

 private:
  static constexpr std::uint32_t kNone = core::HashIndex::kNone;
  core::HashIndex index_;  ///< places in slots_ by the hash of the id
  core::Slab<Slot, 256> slots_;
  std::vector<Slot*> dirty_;
};

}  // namespace processors

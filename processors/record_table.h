// The records of one kind in a shard, found by id, with the lists of those that changed and those that are open.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/slab.h"
#include "core/text_hash.h"

namespace processors {

/// `Record` has id() and is made from one. Records never move. Confined to the shard thread.
template <typename Record>
class RecordTable {
 public:
  struct Slot {
    Record record;
    std::uint32_t next = kNone;        ///< another record whose id has the same hash
    std::uint32_t open_place = kNone;  ///< place in the list of open records
    bool dirty = false;                ///< changed since the last commit
  };

  /// The record of this id, made if there is none.
  Slot& at(std::string_view id) {
    const auto [it, fresh] = first_.try_emplace(core::text_hash(id), kNone);
    for (std::uint32_t i = it->second; i != kNone; i = slots_[i].next) {
      if (slots_[i].record.id() == id) return slots_[i];
    }
    Slot slot;
    slot.record = Record(id);
    slot.next = it->second;
    it->second = static_cast<std::uint32_t>(slots_.size());
    return slots_.emplace_back(std::move(slot));
  }
  Slot* find(std::string_view id) {
    const auto it = first_.find(core::text_hash(id));
    if (it == first_.end()) return nullptr;
    for (std::uint32_t i = it->second; i != kNone; i = slots_[i].next) {
      if (slots_[i].record.id() == id) return &slots_[i];
    }
    return nullptr;
  }

  void mark_dirty(Slot& slot) {
    if (slot.dirty) return;
    slot.dirty = true;
    dirty_.push_back(&slot);
  }
  void set_open(Slot& slot, bool open) {
    if (open == (slot.open_place != kNone)) return;
    if (open) {
      slot.open_place = static_cast<std::uint32_t>(open_.size());
      open_.push_back(&slot);
    } else {
      open_.back()->open_place = slot.open_place;
      open_[slot.open_place] = open_.back();
      open_.pop_back();
      slot.open_place = kNone;
    }
  }

  std::size_t size() const { return slots_.size(); }
  Slot& operator[](std::size_t i) { return slots_[i]; }
  const Slot& operator[](std::size_t i) const { return slots_[i]; }
  const std::vector<Slot*>& open() const { return open_; }
  const std::vector<Slot*>& dirty() const { return dirty_; }
  void clear_dirty() {
    for (Slot* slot : dirty_) slot->dirty = false;
    dirty_.clear();
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, core::KeyIsHash> first_;
  core::Slab<Slot, 256> slots_;
  std::vector<Slot*> open_, dirty_;
};

}  // namespace processors

#include "processors/contact_table.h"

#include <algorithm>
#include <utility>

#include "core/text_hash.h"

namespace processors {

std::string_view ContactTable::id_of(const Entry& entry) const {
  return entry.packed ? NumberedReader(entry.bytes()).text() : slots_[entry.place].record.id();
}

ContactTable::Slot& ContactTable::at(std::string_view id) {
  const auto [it, fresh] = first_.try_emplace(core::text_hash(id), kNone);
  for (std::uint32_t i = it->second; i != kNone; i = entries_[i].next) {
    Entry& entry = entries_[i];
    if (id_of(entry) != id) continue;
    if (!entry.packed) {
      slots_[entry.place].touched = true;
      return slots_[entry.place];
    }
    NumberedReader in(entry.bytes());
    ContactRecord record = ContactRecord::unpack(in);
    entry.packed.reset();
    return wake(i, std::move(record));
  }
  const auto entry = static_cast<std::uint32_t>(entries_.size());
  entries_.emplace_back().next = it->second;
  it->second = entry;
  return wake(entry, ContactRecord(id));
}

ContactTable::Slot& ContactTable::wake(std::uint32_t entry, ContactRecord record) {
  // Two steps for one that wakes: the hand keeps up even where it has to give second chances.
  if (slots_.size() - free_.size() >= most_awake_) move_hand(2);
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  Slot& slot = slots_[place];
  slot.record = std::move(record);
  slot.entry = entry;
  slot.touched = true;
  entries_[entry].place = place;
  return slot;
}

void ContactTable::move_hand(std::size_t steps) {
  for (; steps > 0; --steps) {
    hand_ = hand_ + 1 < slots_.size() ? hand_ + 1 : 0;
    Slot& slot = slots_[hand_];
    if (slot.entry == kNone || slot.dirty) continue;
    if (!std::exchange(slot.touched, false)) put_to_rest(slot);
  }
}

void ContactTable::put_to_rest(Slot& slot) {
  packing_.clear();
  NumberedWriter out(packing_);
  slot.record.pack(out);
  Entry& entry = entries_[slot.entry];
  free_.push_back(entry.place);
  entry.packed = std::make_unique_for_overwrite<char[]>(packing_.size());
  std::copy(packing_.begin(), packing_.end(), entry.packed.get());
  entry.place = static_cast<std::uint32_t>(packing_.size());
  slot.record = ContactRecord{};
  slot.entry = kNone;
}

void ContactTable::clear_dirty() {
  for (Slot* slot : dirty_) slot->dirty = false;
  // What changed could not rest; now it can.
  const std::size_t awake = slots_.size() - free_.size();
  if (awake > most_awake_) move_hand(2 * (awake - most_awake_));
  dirty_.clear();
}

void ContactTable::mark_all_dirty() {
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.packed) {
      NumberedReader in(entry.bytes());
      ContactRecord record = ContactRecord::unpack(in);
      entry.packed.reset();
      mark_dirty(wake(i, std::move(record)));
    } else {
      mark_dirty(slots_[entry.place]);
    }
  }
}

void ContactTable::set_open(Slot& slot, bool open) {
  Entry& entry = entries_[slot.entry];
  if (open == (entry.open_place != kNone)) return;
  if (open) {
    entry.open_place = static_cast<std::uint32_t>(open_.size());
    open_.push_back(slot.entry);
  } else {
    entries_[open_.back()].open_place = entry.open_place;
    open_[entry.open_place] = open_.back();
    open_.pop_back();
    entry.open_place = kNone;
  }
}

}  // namespace processors

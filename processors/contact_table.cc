#include "processors/contact_table.h"

#include <algorithm>

namespace processors {

std::uint32_t ContactTable::find(std::string_view id, std::uint64_t hash) const {
  std::string packed;  // Made once there is one at rest to compare with.
  return index_.find(hash, [&](std::uint32_t i) {
    const Entry& entry = entries_[i];
    if (entry.stay == Stay::kAwake) return slots_[entry.place].record.id() == id;
    if (packed.empty()) NumberedWriter(packed).text(id);
    return entry.bytes().starts_with(packed);
  });
}

std::uint32_t ContactTable::new_entry(std::uint64_t hash) {
  if (free_entries_.empty()) {
    free_entries_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const std::uint32_t index = free_entries_.back();
  free_entries_.pop_back();
  index_.add(hash, index);
  return index;
}

void ContactTable::remove(std::uint32_t index, std::string_view id) {
  Entry& entry = entries_[index];
  index_.remove(core::text_hash(id), index);
  resting_bytes_ -= entry.place;
  archived_.erase(index);
  entry = Entry{};
  free_entries_.push_back(index);
}

ContactTable::Slot& ContactTable::at(std::string_view id, std::uint64_t hash) {
  const std::uint32_t known = find(id, hash);
  if (known == kNone) return wake(new_entry(hash), ContactRecord(id));
  Slot& slot = awake(known);
  slot.touched = true;
  return slot;
}

void ContactTable::prefetch(std::uint64_t hash, core::Ahead step) const {
  if (step == core::Ahead::kIndex) return index_.prefetch(hash);
  const std::uint32_t number = index_.first(hash);
  if (number == kNone) return;
  const Entry& entry = entries_[number];
  if (step == core::Ahead::kEntry) return core::load_ahead(&entry);
  if (entry.stay != Stay::kAwake) return core::load_ahead(entry.packed.get(), entry.place);
  const Slot& slot = slots_[entry.place];
  if (step == core::Ahead::kRecord) return core::load_ahead(&slot, sizeof slot);
  slot.record.prefetch_parts();
}

ContactTable::Slot& ContactTable::awake(std::uint32_t index) {
  Entry& entry = entries_[index];
  return entry.stay == Stay::kAwake ? slots_[entry.place] : wake(index, unpack(entry));
}

ContactRecord ContactTable::unpack(Entry& entry) {
  NumberedReader in(entry.bytes());
  ContactRecord record = ContactRecord::unpack(in);
  resting_bytes_ -= entry.place;
  entry.packed.reset();
  return record;
}

ContactTable::Slot& ContactTable::wake(std::uint32_t entry, ContactRecord record) {
  // Two steps for one that wakes: the hand keeps up even where it has to give second chances.
  if (slots_.size() - free_slots_.size() >= most_awake_) move_hand(2);
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t place = free_slots_.back();
  free_slots_.pop_back();
  Slot& slot = slots_[place];
  slot.record = std::move(record);
  slot.entry = entry;
  slot.touched = true;
  entries_[entry].place = place & kMostPlace;
  entries_[entry].stay = Stay::kAwake;
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
  Entry& entry = entries_[slot.entry];
  free_slots_.push_back(entry.place);
  pack_into(entry, slot.record);
  slot.record = ContactRecord{};
  slot.entry = kNone;
}

void ContactTable::pack_into(Entry& entry, const ContactRecord& record) {
  packing_.clear();
  NumberedWriter out(packing_);
  record.pack(out);
  entry.packed = std::make_unique_for_overwrite<char[]>(packing_.size());
  std::copy(packing_.begin(), packing_.end(), entry.packed.get());
  entry.place = static_cast<std::uint32_t>(packing_.size()) & kMostPlace;
  entry.stay = Stay::kAtRest;
  resting_bytes_ += entry.place;
}

void ContactTable::mark_dirty(Slot& slot) {
  if (slot.dirty) return;
  slot.dirty = true;
  dirty_.push_back(&slot);
  const auto archived = archived_.find(slot.entry);
  if (archived == archived_.end()) return;
  superseded_.emplace_back(archived->second, core::text_hash(slot.record.id()));
  archived_.erase(archived);
}

void ContactTable::clear_dirty() {
  for (Slot* slot : dirty_) slot->dirty = false;
  dirty_.clear();
  // What changed could not rest; now it can.
  const std::size_t awake = slots_.size() - free_slots_.size();
  if (awake > most_awake_) move_hand(2 * (awake - most_awake_));
}

void ContactTable::mark_all_dirty() {
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].stay == Stay::kFree) continue;
    mark_dirty(awake(i));
  }
}

void ContactTable::set_open(std::uint32_t index, bool open) {
  Entry& entry = entries_[index];
  if (open == (entry.open_place != kNone)) return;
  if (open) {
    entry.open_place = static_cast<std::uint32_t>(open_.size());
    open_.push_back(index);
  } else {
    entries_[open_.back()].open_place = entry.open_place;
    open_[entry.open_place] = open_.back();
    open_.pop_back();
    entry.open_place = kNone;
  }
}

std::size_t ContactTable::bytes() const {
  const std::size_t awake = slots_.size() - free_slots_.size();
  return resting_bytes_ + entries_.size() * sizeof(Entry) + index_.bytes() + slots_.size() * sizeof(Slot) +
         awake * kHeldByRecord;
}

void ContactTable::take_back(const ContactRecord& record, std::uint64_t page) {
  if (holds(record.id())) return;
  const std::uint32_t index = new_entry(core::text_hash(record.id()));
  pack_into(entries_[index], record);
  archived_[index] = page;
}

void ContactTable::is_archived(std::string_view id, std::uint64_t page) {
  const std::uint32_t index = find(id, core::text_hash(id));
  if (index != kNone && !(entries_[index].stay == Stay::kAwake && slots_[entries_[index].place].dirty))
    archived_[index] = page;
}

std::size_t ContactTable::drop_before(core::EventTime time) {
  std::size_t dropped = 0;
  std::string id;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    const bool awake = entry.stay == Stay::kAwake;
    if (entry.open_place != kNone || (awake && slots_[entry.place].dirty)) continue;
    id.clear();
    visit_entry(entry, [&](const ContactRecord& record) {
      if (record.last() < time) id = record.id();
    });
    if (id.empty()) continue;
    if (awake) {
      Slot& slot = slots_[entry.place];
      slot.record = ContactRecord{}, slot.entry = kNone;
      free_slots_.push_back(entry.place);
      entry.place = 0;
    }
    remove(i, id);
    ++dropped;
  }
  return dropped;
}

}  // namespace processors

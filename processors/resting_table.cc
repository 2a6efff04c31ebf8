#include "processors/resting_table.h"

#include <algorithm>

namespace processors {

template <typename Record>
std::uint32_t RestingTable<Record>::find(std::string_view id, std::uint64_t hash) const {
  key_.clear();  // Made once there is one at rest to compare with.
  return index_.find(hash, [&](std::uint32_t i) {
    const Entry& entry = entries_[i];
    if (entry.stay == Stay::kAwake) return slots_[entry.place].record.id() == id;
    if (key_.empty()) NumberedWriter(key_).text(id);
    return entry.bytes().starts_with(key_);
  });
}

template <typename Record>
std::uint32_t RestingTable<Record>::new_entry(std::uint64_t hash) {
  if (free_entries_.empty()) {
    free_entries_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const std::uint32_t index = free_entries_.back();
  free_entries_.pop_back();
  index_.add(hash, index);
  return index;
}

template <typename Record>
void RestingTable<Record>::remove(std::uint32_t index, std::string_view id) {
  Entry& entry = entries_[index];
  index_.remove(core::text_hash(id), index);
  if (entry.packed != nullptr) give_back(entry);
  archived_.erase(index);
  entry = Entry{};
  free_entries_.push_back(index);
}

template <typename Record>
typename RestingTable<Record>::Slot& RestingTable<Record>::at(std::string_view id, std::uint64_t hash) {
  const std::uint32_t known = find(id, hash);
  if (known == kNone) {
    Slot& fresh = wake(new_entry(hash));
    fresh.record.begin(id);
    return fresh;
  }
  Slot& slot = awake(known);
  slot.touched = true;
  return slot;
}

template <typename Record>
void RestingTable<Record>::prefetch(std::uint64_t hash, core::Ahead step, core::Found& found) const {
  if (step == core::Ahead::kIndex) return index_.prefetch(hash);
  if (step == core::Ahead::kEntry) found.entry = index_.first(hash);
  if (found.entry == kNone) return;
  const Entry& entry = entries_[found.entry];
  if (step == core::Ahead::kEntry) return core::load_ahead(&entry);
  const bool awake = entry.stay == Stay::kAwake;
  if (step == core::Ahead::kParts) return awake ? slots_[entry.place].record.prefetch_parts() : void();
  core::load_ahead(awake ? static_cast<const void*>(&slots_[entry.place]) : entry.packed,
                   awake ? sizeof(Slot) : entry.place);
}

template <typename Record>
typename RestingTable<Record>::Slot& RestingTable<Record>::awake(std::uint32_t index) {
  Entry& entry = entries_[index];
  if (entry.stay == Stay::kAwake) return slots_[entry.place];
  Entry packed = std::exchange(entry, Entry{nullptr, 0, Stay::kAtRest, entry.open_place});
  Slot& slot = wake(index);
  NumberedReader in(packed.bytes());
  slot.record.read(in);
  give_back(packed);
  return slot;
}

template <typename Record>
void RestingTable<Record>::give_back(Entry& entry) {
  resting_bytes_ -= entry.place;
  pool_.give(std::exchange(entry.packed, nullptr), entry.place);
}

template <typename Record>
typename RestingTable<Record>::Slot& RestingTable<Record>::wake(std::uint32_t entry) {
  // Two steps for one that wakes: the hand keeps up even where it has to give second chances.
  if (slots_.size() - free_slots_.size() >= most_awake_) move_hand(2);
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t place = free_slots_.back();
  free_slots_.pop_back();
  Slot& slot = slots_[place];
  slot.entry = entry;
  slot.touched = true;
  entries_[entry].place = place & kMostPlace;
  entries_[entry].stay = Stay::kAwake;
  return slot;
}

template <typename Record>
void RestingTable<Record>::move_hand(std::size_t steps) {
  for (; steps > 0; --steps) {
    hand_ = hand_ + 1 < slots_.size() ? hand_ + 1 : 0;
    Slot& slot = slots_[hand_];
    if (slot.entry == kNone || slot.dirty) continue;
    if (!std::exchange(slot.touched, false)) put_to_rest(slot);
  }
}

template <typename Record>
void RestingTable<Record>::put_to_rest(Slot& slot) {
  Entry& entry = entries_[slot.entry];
  free_slots_.push_back(entry.place);
  pack_into(entry, slot.record);
  slot.record.begin({});
  slot.entry = kNone;
}

template <typename Record>
void RestingTable<Record>::pack_into(Entry& entry, const Record& record) {
  packing_.clear();
  NumberedWriter out(packing_);
  record.pack(out);
  entry.packed = pool_.take(packing_.size());
  std::copy(packing_.begin(), packing_.end(), entry.packed);
  entry.place = static_cast<std::uint32_t>(packing_.size()) & kMostPlace;
  entry.stay = Stay::kAtRest;
  resting_bytes_ += entry.place;
}

template <typename Record>
void RestingTable<Record>::close_ranks() {
  // A tenth is free whenever some have left.
  constexpr std::size_t kLittle = 128 * 1024;
  if (pool_.held() < pool_.used() + pool_.used() / 6 + kLittle) return;
  core::BlobPool pool;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.packed == nullptr) continue;
    char* const to = pool.take(entry.place);
    std::copy_n(entry.packed, entry.place, to);
    entry.packed = to;
  }
  pool_ = std::move(pool);
}

template <typename Record>
void RestingTable<Record>::mark_dirty(Slot& slot) {
  if (slot.dirty) return;
  slot.dirty = true;
  dirty_.push_back(&slot);
  const auto archived = archived_.find(slot.entry);
  if (archived == archived_.end()) return;
  superseded_.emplace_back(archived->second, core::text_hash(slot.record.id()));
  archived_.erase(archived);
}

template <typename Record>
void RestingTable<Record>::clear_dirty() {
  for (Slot* slot : dirty_) slot->dirty = false;
  dirty_.clear();
  // What changed could not rest; now it can.
  const std::size_t awake = slots_.size() - free_slots_.size();
  if (awake > most_awake_) move_hand(2 * (awake - most_awake_));
}

template <typename Record>
void RestingTable<Record>::mark_all_dirty() {
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].stay == Stay::kFree) continue;
    mark_dirty(awake(i));
  }
}

template <typename Record>
void RestingTable<Record>::set_open(std::uint32_t index, bool open) {
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

template <typename Record>
std::size_t RestingTable<Record>::bytes() const {
  const std::size_t awake = slots_.size() - free_slots_.size();
  return resting_bytes_ + entries_.size() * sizeof(Entry) + index_.bytes() + slots_.size() * sizeof(Slot) +
         awake * kHeldByRecord;
}

template <typename Record>
bool RestingTable<Record>::take_back(const Record& record, std::uint64_t page) {
  if (holds(record.id())) return false;
  const std::uint32_t index = new_entry(core::text_hash(record.id()));
  pack_into(entries_[index], record);
  archived_[index] = page;
  return true;
}

template <typename Record>
void RestingTable<Record>::is_archived(std::string_view id, std::uint64_t page) {
  const std::uint32_t index = find(id, core::text_hash(id));
  if (index != kNone && !(entries_[index].stay == Stay::kAwake && slots_[entries_[index].place].dirty))
    archived_[index] = page;
}

template <typename Record>
std::size_t RestingTable<Record>::drop_before(core::EventTime time) {
  std::size_t dropped = 0;
  std::string id;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    const bool awake = entry.stay == Stay::kAwake;
    if (entry.open_place != kNone || (awake && slots_[entry.place].dirty)) continue;
    id.clear();
    visit_entry(entry, [&](const Record& record) {
      if (record.last() < time) id = record.id();
    });
    if (id.empty()) continue;
    if (awake) {
      Slot& slot = slots_[entry.place];
      slot.record.begin({}), slot.entry = kNone;
      free_slots_.push_back(entry.place);
    }
    remove(i, id);
    ++dropped;
  }
  return dropped;
}

template class RestingTable<ContactRecord>;
template class RestingTable<AttributeRecord>;

}  // namespace processors

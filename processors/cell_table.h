// The cells of one family of figures, found by slot of time and key.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/names.h"
#include "core/periods.h"
#include "core/slab.h"

namespace processors {

/// (client, queue, channel), (client, agent), (agent), (client, campaign), (client, profile) or (client, currency);
/// unused places are kNone.
struct CellKey {
  core::NameId a{}, b{}, c{};
  friend bool operator==(const CellKey&, const CellKey&) = default;
  friend std::size_t hash_value(const CellKey& key) {
    const auto mix = [](std::uint64_t x) { return (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ULL; };
    return mix(mix(static_cast<std::uint64_t>(key.a) << 32 | static_cast<std::uint64_t>(key.b)) +
               static_cast<std::uint64_t>(key.c));
  }
};

/// The cells of one family, by slot and key. Confined to the shard thread.
template <typename CellT>
class CellTable {
 public:
  using CellType = CellT;

  class Page {
   public:
    CellType* find(const CellKey& key) {
      const auto it = places_.find(key);
      return it == places_.end() ? nullptr : &cells_[it->second];
    }
    template <typename Visit>
    void each(Visit&& visit) const {
      for (const auto& [key, place] : places_) visit(key, cells_[place]);
    }
    template <typename Visit>
    void each(Visit&& visit) {
      for (auto& [key, place] : places_) visit(key, cells_[place]);
    }

    std::size_t size() const { return places_.size(); }

   private:
    friend class CellTable;
    using Cells = core::Slab<CellType, 4>;  // Most pages are slices of a shard, which have one cell or two.

    CellType& at(const CellKey& key, typename Cells::Spare& spare) {
      // The facts of one contact mostly go to one key, one after another.
      if (last_ && key == last_key_) return *last_;
      const auto [it, fresh] = places_.try_emplace(key, static_cast<std::uint32_t>(cells_.size()));
      if (fresh) cells_.emplace_back({}, spare);
      last_ = &cells_[it->second], last_key_ = key;
      return *last_;
    }

    boost::unordered_flat_map<CellKey, std::uint32_t, boost::hash<CellKey>> places_;
    Cells cells_;
    CellType* last_ = nullptr;
    CellKey last_key_;
  };

  CellType& at(core::Slot slot, const CellKey& key) {
    if (!last_ || slot != last_slot_) {
      auto& page = pages_[slot];
      if (!page) page = std::make_unique<Page>();
      last_ = page.get(), last_slot_ = slot;
    }
    return last_->at(key, spare_);
  }
  /// All pages, in no order: visit(slot, page).
  template <typename Visit>
  void pages(Visit&& visit) const {
    for (const auto& [slot, page] : pages_) visit(slot, static_cast<const Page&>(*page));
  }
  template <typename Visit>
  void pages(Visit&& visit) {
    for (auto& [slot, page] : pages_) visit(slot, *page);
  }
  CellType* find(core::Slot slot, const CellKey& key) {
    const auto it = pages_.find(slot);
    return it == pages_.end() ? nullptr : it->second->find(key);
  }
  const Page* page(core::Slot slot) const {
    auto it = pages_.find(slot);
    return it == pages_.end() ? nullptr : it->second.get();
  }
  void drop_before(core::Slot slot) {
    last_ = nullptr;
    drop_if([&](core::Slot of) { return of < slot; });
  }
  void drop_from(core::Slot slot) {
    last_ = nullptr;
    drop_if([&](core::Slot of) { return of >= slot; });
  }
  void drop(core::Slot slot) {
    last_ = nullptr;
    const auto it = pages_.find(slot);
    if (it == pages_.end()) return;
    it->second->cells_.clear(spare_);
    pages_.erase(it);
  }
  void clear() { pages_.clear(), spare_ = {}, last_ = nullptr; }
  /// Some of the memory of dropped pages goes back that has not been used again. Whenever a snapshot is kept.
  void trim_spare() { spare_.trim(); }
  std::size_t spare_cells() const { return spare_.size() * Page::Cells::kChunkSize; }

 private:
  template <typename IsDropped>
  void drop_if(IsDropped&& is_dropped) {
    boost::unordered::erase_if(pages_, [&](auto& entry) {
      if (!is_dropped(entry.first)) return false;
      entry.second->cells_.clear(spare_);
      return true;
    });
  }

  boost::unordered_flat_map<core::Slot, std::unique_ptr<Page>> pages_;
  typename Page::Cells::Spare spare_;  ///< Of dropped pages, to be used again.
  Page* last_ = nullptr;
  core::Slot last_slot_ = 0;
};

}  // namespace processors

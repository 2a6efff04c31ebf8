// Cells: what facts add up to. Only integers that can be added and subtracted exactly, so order never matters.
//
// Each family of figures has a cell type; a column is an enum value. Adding a column means adding it at the end of its
// enum (the order is the store's format) and giving it facts.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/event.h"
#include "core/histogram.h"
#include "core/names.h"
#include "core/packed.h"
#include "core/periods.h"
#include "core/slab.h"

namespace processors {

/// A cell's integer from the store: so far from the ends of its type that no later addition can overflow.
template <typename Integer>
Integer unpacked(std::int64_t value) {
  constexpr std::int64_t kMost = std::int64_t{1} << (sizeof(Integer) == 4 ? 30 : 53);
  if (value < -kMost || value > kMost) throw core::CorruptState("a cell holds more than can have happened");
  return static_cast<Integer>(value);
}

/// The exact maximum of values that can also be taken back: the value and how often it occurs. When the last one is
/// taken back the maximum is `lost` until it is found again from the records.
class Maximum {
 public:
  void add(std::int64_t value, std::int32_t count) { count > 0 ? insert(value, count) : remove(value, -count); }
  void merge(const Maximum& other) {
    if (other.count_ > 0) insert(other.value_, other.count_);
    lost_ = lost_ || other.lost_;
  }
  bool lost() const { return lost_; }
  bool empty() const { return count_ == 0 && !lost_; }
  std::int64_t value() const { return value_; }
  void reset() { *this = Maximum{}; }

  // Finding a lost maximum again: seek() forgets, found() is told every value that counts, stop_seeking() ends it.
  // Where that is broken off the maximum stays lost, and is sought again from the beginning.
  void seek() {
    if (lost_) value_ = -1, count_ = 0, seeking_ = true;
  }
  bool seeking() const { return seeking_; }
  void found(const Maximum& one) {
    if (!seeking_ || one.count_ <= 0 || one.value_ < value_) return;
    count_ = one.value_ == value_ ? count_ + one.count_ : one.count_;
    value_ = one.value_;
  }
  void stop_seeking() {
    if (seeking_) lost_ = seeking_ = false;
  }

  void pack(core::PackedWriter& out) const { out.signed_number(value_), out.number(static_cast<std::uint64_t>(count_)); }
  void unpack(core::PackedReader& in) {
    value_ = unpacked<std::int64_t>(in.signed_number());
    count_ = unpacked<std::int32_t>(static_cast<std::int64_t>(in.number()));
  }

 private:
  void insert(std::int64_t value, std::int32_t count) {
    if (seeking_) return;
    // While lost, value_ is an upper bound of what remains: at or above it the maximum is known again.
    if (value == value_ && count_ > 0) {
      count_ += count;
    } else if (value > value_ || (lost_ && value == value_) || empty()) {
      value_ = value, count_ = count, lost_ = false;
    }
  }
  void remove(std::int64_t value, std::int32_t count) {
    if (value == value_ && !lost_ && (count_ -= count) <= 0) count_ = 0, lost_ = true;
  }

  std::int64_t value_ = -1;
  std::int32_t count_ = 0;
  bool lost_ = false, seeking_ = false;
};

/// A cell with counts, sums and histograms, each indexed by its enum.
template <typename Count, typename Sum, typename Hist>
struct Cell {
  using CountColumn = Count;
  using SumColumn = Sum;
  using HistColumn = Hist;
  static constexpr std::size_t kCounts = static_cast<std::size_t>(Count::kEnd);
  static constexpr std::size_t kSums = static_cast<std::size_t>(Sum::kEnd);
  static constexpr std::size_t kHists = static_cast<std::size_t>(Hist::kEnd);

  std::array<std::int32_t, kCounts> counts{};
  std::array<std::int64_t, kSums> sums{};
  std::array<core::Histogram, kHists> hists;
  std::array<Maximum, kHists> maxima;

  std::int64_t operator[](Count c) const { return counts[static_cast<std::size_t>(c)]; }
  std::int64_t operator[](Sum c) const { return sums[static_cast<std::size_t>(c)]; }
  const core::Histogram& operator[](Hist c) const { return hists[static_cast<std::size_t>(c)]; }
  const Maximum& maximum(Hist c) const { return maxima[static_cast<std::size_t>(c)]; }

  void count(Count c, std::int32_t n) { counts[static_cast<std::size_t>(c)] += n; }
  void sum(Sum c, std::int64_t amount) { sums[static_cast<std::size_t>(c)] += amount; }
  /// `n` times (may be negative) a span of `ms`.
  void span(Hist c, std::int64_t ms, std::int32_t n) {
    hists[static_cast<std::size_t>(c)].add(core::bin_of(ms), n);
    auto& maximum = maxima[static_cast<std::size_t>(c)];
    if (hists[static_cast<std::size_t>(c)].empty()) {
      maximum.reset();
    } else {
      maximum.add(ms, n);
    }
  }

  void merge(const Cell& other) {
    for (std::size_t i = 0; i < kCounts; ++i) counts[i] += other.counts[i];
    for (std::size_t i = 0; i < kSums; ++i) sums[i] += other.sums[i];
    for (std::size_t i = 0; i < kHists; ++i) hists[i].add_all(other.hists[i]), maxima[i].merge(other.maxima[i]);
  }
  bool zero() const {
    for (auto n : counts)
      if (n != 0) return false;
    for (auto n : sums)
      if (n != 0) return false;
    for (const auto& h : hists)
      if (!h.empty()) return false;
    return true;
  }
  bool seeking() const {
    for (const auto& m : maxima)
      if (m.seeking()) return true;
    return false;
  }
  bool maximum_lost() const {
    for (const auto& m : maxima)
      if (m.lost()) return true;
    return false;
  }

  void pack(core::PackedWriter& out) const {
    pack_sparse(out, counts);
    pack_sparse(out, sums);
    for (std::size_t i = 0; i < kHists; ++i) {
      out.number(hists[i].bins().size());
      core::Bin before = 0;
      for (const auto& entry : hists[i].bins()) {
        out.number(static_cast<std::uint64_t>(entry.bin - before)), out.signed_number(entry.count);
        before = entry.bin;
      }
      maxima[i].pack(out);
    }
  }
  void unpack(core::PackedReader& in) {
    *this = Cell{};
    unpack_sparse(in, counts);
    unpack_sparse(in, sums);
    for (std::size_t i = 0; i < kHists; ++i) {
      core::Bin bin = 0;
      for (std::size_t n = in.count(); n > 0; --n) {
        const std::uint64_t step = in.number();
        if (step > std::uint64_t{core::kLastBin} - bin || (step == 0 && !hists[i].empty())) {
          throw core::CorruptState("a histogram's bins are not in order");
        }
        bin = static_cast<core::Bin>(bin + step);
        hists[i].add(bin, unpacked<std::int32_t>(in.signed_number()));
      }
      maxima[i].unpack(in);
    }
  }

 private:
  template <typename Array>
  static void pack_sparse(core::PackedWriter& out, const Array& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] != 0) out.number(i + 1), out.signed_number(values[i]);
    }
    out.number(0);
  }
  template <typename Array>
  static void unpack_sparse(core::PackedReader& in, Array& values) {
    while (const std::uint64_t place = in.number()) {
      if (place > values.size()) throw core::CorruptState("a cell has a column that this version does not know");
      values[place - 1] = unpacked<typename Array::value_type>(in.signed_number());
    }
  }
};

// For families without columns of a kind.
enum class NoCount : std::uint8_t { kEnd };
enum class NoHist : std::uint8_t { kEnd };

/// Visits, segments and offers of a (client, queue, channel).
enum class QueueCount : std::uint8_t {
  kOffered,  ///< four, by Entry
  kAnsweredWithin = kOffered + core::kEntries,
  kAnsweredLate,
  kAbandonedShort,
  kAbandonedWithin,
  kAbandonedLate,
  kFlowedOutWithin,
  kFlowedOutLate,
  kFlowedOutBy,  ///< eleven, by LeaveReason
  kServiceNumerator = kFlowedOutBy + core::kLeaveReasons,
  kServiceDenominator,
  kHandled,
  kCompleted,
  kTransferred,
  kOffers,
  kMissedOffers,
  kDialled,
  kConnected,
  kWaiting,     ///< Overlay only: open visits at as-of.
  kUnfinished,  ///< Overlay only: given-up visits and segments at as-of.
  kEnd,
};
enum class QueueSum : std::uint8_t { kWaitAnswered, kWaitAbandoned, kTalk, kHold, kWrap, kEnd };
enum class QueueHist : std::uint8_t { kWaitAnswered, kWaitAbandoned, kHandle, kEnd };
using QueueCell = Cell<QueueCount, QueueSum, QueueHist>;

/// What an agent did for a client.
enum class AgentCount : std::uint8_t { kHandled, kCompleted, kOffers, kMissedOffers, kEnd };
enum class AgentSum : std::uint8_t { kTalk, kHold, kWrap, kEnd };
using AgentCell = Cell<AgentCount, AgentSum, NoHist>;

/// An agent's time in each state, clock basis, in milliseconds; indexed by core::AgentState. Offline is not kept.
enum class TimeSum : std::uint8_t { kOffline, kAvailable, kRinging, kOnContact, kWrap, kAway, kEnd };
using AgentTimeCell = Cell<NoCount, TimeSum, NoHist>;

/// Leads of a (client, campaign).
enum class LeadCount : std::uint8_t {
  kCreated,
  kAttempted,
  kContacted,
  kWithinTarget,
  kAttempts,       ///< counted attempts
  kAttemptedLeads, ///< leads with a counted attempt
  kOpen,           ///< Overlay only.
  kEnd,
};
enum class LeadHist : std::uint8_t { kResponse, kContact, kEnd };
enum class LeadSum : std::uint8_t { kResponse, kContact, kEnd };
using LeadCell = Cell<LeadCount, LeadSum, LeadHist>;

/// (client, queue, channel), (client, agent), (agent) or (client, campaign); unused places are kNone.
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
    CellType& at(const CellKey& key) {
      // The facts of one contact mostly go to one key, one after another.
      if (last_ && key == last_key_) return *last_;
      const auto [it, fresh] = places_.try_emplace(key, static_cast<std::uint32_t>(cells_.size()));
      if (fresh) cells_.emplace_back();
      last_ = &cells_[it->second], last_key_ = key;
      return *last_;
    }
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

   private:
    boost::unordered_flat_map<CellKey, std::uint32_t, boost::hash<CellKey>> places_;
    core::Slab<CellType, 4> cells_;  // Most pages are slices of a shard, which have one cell or two.
    CellType* last_ = nullptr;
    CellKey last_key_;
  };

  CellType& at(core::Slot slot, const CellKey& key) {
    if (!last_ || slot != last_slot_) {
      auto& page = pages_[slot];
      if (!page) page = std::make_unique<Page>();
      last_ = page.get(), last_slot_ = slot;
    }
    return last_->at(key);
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
    boost::unordered::erase_if(pages_, [&](const auto& entry) { return entry.first < slot; });
  }
  void clear() { pages_.clear(), last_ = nullptr; }

 private:
  boost::unordered_flat_map<core::Slot, std::unique_ptr<Page>> pages_;
  Page* last_ = nullptr;
  core::Slot last_slot_ = 0;
};

}  // namespace processors

// A set of slots of time, kept as stretches of neighbours: what is worked on every day takes some bytes a day.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/periods.h"

namespace core {

/// Confined to one thread.
class SlotSet {
 public:
  struct Stretch {
    Slot first, last;
    friend bool operator==(const Stretch&, const Stretch&) = default;
  };

  bool empty() const { return stretches_.empty(); }
  /// In order; no two of them touch.
  const std::vector<Stretch>& stretches() const { return stretches_; }

  bool contains(Slot slot) const {
    const auto it = reaching(slot);
    return it != stretches_.end() && it->first <= slot;
  }
  /// The greatest below `slot`.
  std::optional<Slot> below(Slot slot) const {
    const auto it = reaching(slot);
    if (it != stretches_.end() && it->first < slot) return slot - 1;
    return it == stretches_.begin() ? std::nullopt : std::optional((it - 1)->last);
  }
  /// The least above `slot`.
  std::optional<Slot> above(Slot slot) const {
    const auto it = reaching(slot + 1);
    return it == stretches_.end() ? std::nullopt : std::optional(std::max(it->first, slot + 1));
  }

  void insert(Slot slot) {
    // The stretch that holds it, ends right before it, or follows.
    const auto it = stretches_.begin() + (reaching(slot - 1) - stretches_.begin());
    if (it == stretches_.end() || it->first > slot + 1) {
      stretches_.insert(it, {slot, slot});
      return;
    }
    it->first = std::min(it->first, slot);
    it->last = std::max(it->last, slot);
    const auto next = it + 1;
    if (next != stretches_.end() && next->first <= it->last + 1) it->last = next->last, stretches_.erase(next);
  }
  void erase(Slot slot) {
    const auto it = stretches_.begin() + (reaching(slot) - stretches_.begin());
    if (it == stretches_.end() || it->first > slot) return;
    const Slot last = it->last;
    if (it->first == slot && last == slot) {
      stretches_.erase(it);
    } else if (it->first == slot) {
      ++it->first;
    } else {
      it->last = slot - 1;
      if (last > slot) stretches_.insert(it + 1, {slot + 1, last});
    }
  }
  /// After all others, and not touching them.
  void append(Stretch stretch) { stretches_.push_back(stretch); }

  template <typename Visit>
  void each(Visit&& visit) const {
    for (const Stretch& stretch : stretches_) {
      for (Slot slot = stretch.first; slot <= stretch.last; ++slot) visit(slot);
    }
  }

 private:
  /// The first stretch that does not end before `slot`.
  std::vector<Stretch>::const_iterator reaching(Slot slot) const {
    return std::partition_point(stretches_.begin(), stretches_.end(),
                                [slot](const Stretch& stretch) { return stretch.last < slot; });
  }

  std::vector<Stretch> stretches_;
};

}  // namespace core

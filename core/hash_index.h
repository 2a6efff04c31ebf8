// Numbers found by the hash of what they stand for: eight bytes a place and no links, where millions are kept.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/prefetch.h"

namespace core {

/// Several numbers may have the same hash; a number is in it once. Hashes must be good ones (text_hash), of which the
/// upper half is kept. Confined to one thread.
class HashIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  /// The first number of this hash for which `is_it(number)` holds, or kNone. It is asked about others, too, seldom.
  template <typename IsIt>
  std::uint32_t find(std::uint64_t hash, IsIt&& is_it) const {
    if (places_.empty()) return kNone;
    const std::uint32_t upper = upper_of(hash);
    for (std::size_t i = home(upper); places_[i].number != kNone; i = after(i)) {
      if (places_[i].upper == upper && is_it(places_[i].number)) return places_[i].number;
    }
    return kNone;
  }

  /// Has the place of a hash loaded.
  void prefetch(std::uint64_t hash) const {
    if (!places_.empty()) core::load_ahead(&places_[home(upper_of(hash))]);
  }
  /// The first number of this hash, mostly the one that find() will give.
  std::uint32_t first(std::uint64_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }

  /// `number` is not kNone.
  void add(std::uint64_t hash, std::uint32_t number) {
    if (size_ * 5 >= places_.size() * 4) grow();
    put({upper_of(hash), number});
    ++size_;
  }

  /// The number is there with this hash.
  void remove(std::uint64_t hash, std::uint32_t number) {
    std::size_t gap = home(upper_of(hash));
    while (places_[gap].number != number) gap = after(gap);
    // What follows moves up where it may: a search ends at the first free place.
    for (std::size_t i = after(gap); places_[i].number != kNone; i = after(i)) {
      if (distance(home(places_[i].upper), i) >= distance(gap, i)) places_[std::exchange(gap, i)] = places_[i];
    }
    places_[gap] = {};
    --size_;
  }

  std::size_t bytes() const { return places_.size() * sizeof(Place); }

 private:
  struct Place {
    std::uint32_t upper = 0;
    std::uint32_t number = kNone;
  };
  static std::uint32_t upper_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  std::size_t home(std::uint32_t upper) const { return std::uint64_t{upper} * places_.size() >> 32; }
  std::size_t after(std::size_t i) const { return i + 1 < places_.size() ? i + 1 : 0; }
  std::size_t distance(std::size_t from, std::size_t to) const {
    return to >= from ? to - from : to + places_.size() - from;
  }
  void put(Place place) {
    std::size_t i = home(place.upper);
    while (places_[i].number != kNone) i = after(i);
    places_[i] = place;
  }
  /// By half: doubling would leave most of it empty for long.
  void grow() {
    const auto former = std::exchange(places_, std::vector<Place>(places_.empty() ? 16 : places_.size() * 3 / 2));
    for (const Place& place : former) {
      if (place.number != kNone) put(place);
    }
  }

  std::vector<Place> places_;
  std::size_t size_ = 0;
};

}  // namespace core

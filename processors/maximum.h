// An exact maximum of values that come and go.
#pragma once

#include <cstdint>
#include <limits>

#include "core/histogram.h"
#include "core/packed.h"

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
  // `values` has all that count: where its highest bin is above every value found, that one's record is not kept any
  // more, and the bin stands for it, as in a quantile.
  void stop_seeking(const core::Histogram& values) {
    if (!seeking_) return;
    lost_ = seeking_ = false;
    if (values.empty()) return;
    const auto& highest = values.bins().back();
    if (count_ == 0 || core::bin_of(value_) < highest.bin)
      value_ = core::bin_value(highest.bin), count_ = highest.count;
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

}  // namespace processors

// A log-linear histogram of spans in whole milliseconds: fixed layout, integer bins, merging is addition.
//
// Bins: 0..63 ms one each; above, 32 equal bins in every [2^k, 2^(k+1)). A bin stands for its lowest value plus half
// its width, so a quantile is off by at most 1/64 (1.6 %). Equal multisets give equal bins, in any order of adding.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace core {

using Bin = std::uint16_t;

constexpr Bin bin_of(std::int64_t ms) {
  if (ms < 64) return static_cast<Bin>(ms < 0 ? 0 : ms);
  const int k = 63 - std::countl_zero(static_cast<std::uint64_t>(ms));
  return static_cast<Bin>(64 + (k - 6) * 32 + ((ms >> (k - 5)) & 31));
}

inline constexpr Bin kLastBin = bin_of(std::numeric_limits<std::int64_t>::max());

constexpr std::int64_t bin_lowest(Bin bin) {
  if (bin < 64) return bin;
  const int k = 6 + (bin - 64) / 32;
  return (std::int64_t{32} + (bin - 64) % 32) << (k - 5);
}

constexpr std::int64_t bin_width(Bin bin) { return bin < 64 ? 1 : std::int64_t{1} << (1 + (bin - 64) / 32); }

/// What the bin stands for in a quantile.
constexpr std::int64_t bin_value(Bin bin) { return bin_lowest(bin) + bin_width(bin) / 2; }

/// Sparse: only bins that are not empty, in order. Confined to one thread.
class Histogram {
 public:
  struct Entry {
    Bin bin;
    std::int32_t count;
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  /// `count` may be negative: what was added is taken back.
  void add(Bin bin, std::int32_t count) {
    const auto it = bins_.begin() + place_of(bin);
    if (it == bins_.end() || it->bin != bin) {
      bins_.insert(it, Entry{bin, count});
    } else if ((it->count += count) == 0) {
      bins_.erase(it);
    }
  }
  void add_all(const Histogram& other) {
    for (const Entry& e : other.bins_) add(e.bin, e.count);
  }
  std::int64_t count() const {
    std::int64_t n = 0;
    for (const Entry& e : bins_) n += e.count;
    return n;
  }
  /// The ceil(per_mille/1000 · n)-th smallest, as its bin's value in milliseconds; the histogram must not be empty.
  std::int64_t quantile(int per_mille) const {
    std::int64_t rank = (count() * per_mille + 999) / 1000;
    for (const Entry& e : bins_) {
      if ((rank -= e.count) <= 0) return bin_value(e.bin);
    }
    return bin_value(bins_.back().bin);
  }
  bool empty() const { return bins_.empty(); }
  const std::vector<Entry>& bins() const { return bins_; }
  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  /// Of the first bin that is not below `bin`. Steps without branches: which way the next one goes cannot be guessed.
  std::ptrdiff_t place_of(Bin bin) const {
    const Entry* first = bins_.data();
    for (std::size_t left = bins_.size(); left > 0;) {
      const std::size_t half = (left + 1) / 2;
      first += first[half - 1].bin < bin ? half : 0;
      left -= half;
    }
    return first - bins_.data();
  }

  std::vector<Entry> bins_;
};

}  // namespace core

// The series of one metric family, in pages that snapshots share.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/metrics_snapshot.h"

namespace core {

/// Finds a series by its label text and keeps its values. A page that a snapshot has seen is copied before the next
/// write to it, so share() copies pointers only. A slot stays with its labels until it is erased; then another series
/// may get it. Confined to one thread.
class SeriesTable {
 public:
  explicit SeriesTable(std::size_t values_per_series);
  SeriesTable(const SeriesTable&) = delete;
  SeriesTable& operator=(const SeriesTable&) = delete;

  std::optional<std::uint32_t> find(std::string_view labels) const;
  /// `labels` must not be in the table. The new series has no values yet: all NaN.
  std::uint32_t insert(std::string_view labels);
  void erase(std::uint32_t slot);

  bool live(std::uint32_t slot) const { return slot < live_.size() && live_[slot]; }
  std::size_t size() const { return slots_by_labels_.size(); }
  std::uint32_t slots() const { return static_cast<std::uint32_t>(live_.size()); }

  std::span<const double> values(std::uint32_t slot) const;
  void write(std::uint32_t slot, std::span<const double> values);

  std::vector<SeriesPage> share();

 private:
  struct Page {
    std::shared_ptr<LabelPage> labels;
    std::shared_ptr<std::vector<double>> values;
    bool labels_shared = false, values_shared = false;
  };

  std::string_view labels_of(std::uint32_t slot) const;
  LabelPage& writable_labels(Page& page);
  std::vector<double>& writable_values(Page& page);

  // The index holds slots only and looks into the pages for their texts: each text is in memory once.
  struct Hash {
    using is_transparent = void;
    const SeriesTable* table;
    std::size_t operator()(std::string_view labels) const { return std::hash<std::string_view>()(labels); }
    std::size_t operator()(std::uint32_t slot) const { return (*this)(table->labels_of(slot)); }
  };
  struct Equal {
    using is_transparent = void;
    const SeriesTable* table;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
    bool operator()(std::string_view labels, std::uint32_t slot) const { return labels == table->labels_of(slot); }
    bool operator()(std::uint32_t slot, std::string_view labels) const { return labels == table->labels_of(slot); }
  };

  std::size_t width_;
  std::vector<Page> pages_;
  std::vector<bool> live_;
  std::vector<std::uint32_t> free_;
  boost::unordered_flat_set<std::uint32_t, Hash, Equal> slots_by_labels_;
};

}  // namespace core

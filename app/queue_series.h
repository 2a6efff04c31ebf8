// The series of queues on /metrics: nearly all that a large centre has. Their labels are made into text once; after
// that a value only has to be put in its place.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>

#include "app/live_totals.h"
#include "app/metric_families.h"
#include "core/figure_config.h"
#include "core/series_book.h"
#include "processors/live_figures.h"

namespace app {

/// A gauge without a value keeps its place and is not shown. Confined to one thread.
class QueueSeries {
 public:
  QueueSeries(core::SeriesBook& book, const MetricFamilies& families) : book_(book), families_(families) {}

  std::size_t size() const { return rows_.size(); }
  void fill(const LiveTotals& totals);
  /// What has no row in `figures` any more is not shown. `as_of`: the figures'; it chooses the profile that is named.
  void fill(const processors::LiveFigures& figures, const core::FigureConfig& config, core::EventTime as_of);

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  ///< (client, queue, channel)
  /// In its family; kUnknown before the first value, and where the book has refused the series.
  struct Slot {
    static constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t slot = kUnknown;
  };
  struct Row {
    Slot offered, answered, handled, missed, abandoned_short, abandoned, wait, handle;
    std::array<Slot, core::kLeaveReasons> flowed_out;
    Slot waiting, oldest;
    processors::PerWindow<Slot> service_level, abandonment, mean_wait, mean_handle;
    std::string profile;       ///< Of the service levels.
    std::uint32_t filled = 0;  ///< Round in which figures had it.
  };
  struct Labels {
    core::Label client, queue, channel;
  };
  static Labels labels_of(const Key& key);

  void fill_row(Row& row, const Labels& labels, const QueueTotals& totals);
  void set_profile(Row& row, std::string_view name);
  void fill_row(Row& row, const Labels& labels, const processors::LiveQueue& live);
  void hide(Row& row);
  template <typename Value>
  void set(core::FamilyId family, Slot& slot, std::initializer_list<core::Label> labels, const Value& value);

  core::SeriesBook& book_;
  const MetricFamilies& families_;
  boost::unordered_flat_map<Key, Row, boost::hash<Key>> rows_;
  std::uint32_t round_ = 0;
};

}  // namespace app

// What the pipeline publishes for Prometheus: an immutable picture of all its series at one moment.
//
// Made by SeriesBook on the pipeline's thread, read by the scrape on another. A million series cost a few thousand
// pointers to copy: labels and values lie in pages that successive snapshots share as long as nobody writes to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

enum class MetricType : std::uint8_t { kCounter, kGauge, kHistogram };

/// A metric family. Immutable after construction.
struct MetricFamily {
  std::string name;  ///< A counter's ends in "_total".
  std::string help;  ///< One sentence.
  MetricType type = MetricType::kGauge;
  std::vector<double> bounds;  ///< Histograms only: finite upper bounds (`le`), ascending.

  /// How many values one series has. Counter and gauge: 1. Histogram: the cumulative count of each bound, then the
  /// count of all, then the sum.
  std::size_t values_per_series() const { return type == MetricType::kHistogram ? bounds.size() + 2 : 1; }
  /// How many lines one series is written as.
  std::size_t lines_per_series() const { return type == MetricType::kHistogram ? bounds.size() + 3 : 1; }
};

inline constexpr std::size_t kSeriesPerPage = 256;

/// Prepared label texts (`client="a",queue="b"`; may be empty), one after the other in one string.
/// Confined to one thread until shared; immutable from then on.
class LabelPage {
 public:
  std::size_t size() const { return ends_.size(); }
  std::string_view at(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  void append(std::string_view labels);
  void replace(std::size_t i, std::string_view labels);

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;  ///< Where each text ends in text_.
};

/// Up to kSeriesPerPage series of one family. The first value of a series is NaN where it is not to be shown: a
/// figure without a value, a slot that is free.
struct SeriesPage {
  std::shared_ptr<const LabelPage> labels;
  std::shared_ptr<const std::vector<double>> values;  ///< values_per_series() each.
};

struct FamilySnapshot {
  std::shared_ptr<const MetricFamily> family;
  std::vector<SeriesPage> pages;
};

/// Immutable after construction.
struct MetricsSnapshot {
  std::vector<FamilySnapshot> families;  ///< In the order of their registration.
};

/// The values of one shown series, by family name and label text; nullopt if there is none. Walks over all series of
/// the family: for tests and diagnosis.
std::optional<std::vector<double>> find_values(const MetricsSnapshot& snapshot, std::string_view family,
                                               std::string_view labels);

}  // namespace core

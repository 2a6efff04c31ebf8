// The pipeline's side of /metrics: registers series, takes their values, publishes snapshots.
//
//   const auto waiting = book.family({"floorwatch_contacts_waiting", "Visits now waiting.", MetricType::kGauge, {}});
//   book.set(waiting, {{"client", "acme"}, {"queue", "sales"}}, 3);
//   book.retire_untouched(waiting);   // queues that were not set since the last call disappear
//   publish(book.snapshot());
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/metric_labels.h"
#include "core/metrics_snapshot.h"
#include "core/series_table.h"

namespace core {

struct FamilyId {
  std::uint32_t index = 0;
};

/// Valid until the series is retired; then the same id may come to mean another series.
struct SeriesId {
  FamilyId family;
  std::uint32_t slot = 0;
};

/// `cumulative` has the count at or below each of the family's bounds.
struct HistogramValue {
  std::span<const std::uint64_t> cumulative;
  std::uint64_t count = 0;
  double sum = 0;
};

struct SeriesBookOptions {
  std::size_t max_series = 200'000;  ///< Lines on /metrics; what would pass it is refused and counted.
  bool describes_itself = true;      ///< Adds floorwatch_counter_held and floorwatch_series_refused_total.
};

/// Counters and histograms never fall, which rate() would take for a restart: one whose true value was corrected
/// downwards keeps what it showed until the truth has passed it, all buckets, count and sum of a histogram together.
/// floorwatch_counter_held{metric} says by how much as long as one is held, summed over the family's series (of a
/// histogram the largest gap among its buckets, count and sum). A retired series forgets what it showed. Confined to
/// one thread.
class SeriesBook {
 public:
  explicit SeriesBook(SeriesBookOptions options = {});

  /// Throws std::logic_error where the names clash or are wrong: a counter without "_total", two families that are one
  /// in OpenMetrics, bounds that do not ascend.
  FamilyId family(MetricFamily description);

  /// Finds or registers; nullopt where max_series is reached. Worth keeping for series that are set often.
  std::optional<SeriesId> series(FamilyId family, std::span<const Label> labels);

  /// Gauges: NaN takes the value away until the next one. Counters and histograms: the true totals so far.
  void set(SeriesId id, double value);
  void set(SeriesId id, const HistogramValue& value);
  /// The same with series() before it; a refused series is left out.
  template <typename V>
  void set(FamilyId family, std::initializer_list<Label> labels, const V& value) {
    if (const auto id = series(family, labels)) set(*id, value);
  }

  void retire(SeriesId id);
  /// Retires the family's series that were not set since the last call. Meant for gauges: a counter that is retired
  /// and comes back may have fallen.
  void retire_untouched(FamilyId family);

  std::size_t lines() const { return lines_; }

  std::shared_ptr<const MetricsSnapshot> snapshot();

 private:
  struct Family {
    explicit Family(MetricFamily d)
        : description(std::make_shared<const MetricFamily>(std::move(d))), table(description->values_per_series()) {}
    std::shared_ptr<const MetricFamily> description;
    SeriesTable table;
    std::vector<bool> touched;                       ///< by slot
    std::unordered_map<std::uint32_t, double> held;  ///< How far the truth is below what is shown, by slot.
  };

  Family& at(SeriesId id);
  std::optional<std::uint32_t> insert(Family& family, const std::string& labels);
  void raise(Family& family, std::uint32_t slot, std::span<const double> truth);
  void retire(Family& family, std::uint32_t slot);
  void describe();

  SeriesBookOptions options_;
  std::vector<std::unique_ptr<Family>> families_;
  std::map<std::string, std::uint32_t> names_;  ///< By OpenMetrics name, which is without "_total".
  std::optional<FamilyId> held_, refused_;
  std::size_t lines_ = 0;
  std::uint64_t refusals_ = 0;
  std::vector<double> scratch_;
};

}  // namespace core

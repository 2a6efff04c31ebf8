// Writes snapshots in Prometheus' text format 0.0.4 or OpenMetrics 1.0, piece by piece.
//
// The two differ little: OpenMetrics names a counter's family without "_total" and ends with "# EOF". Bounds are
// written as OpenMetrics wants them (le="20.0") in both, so that a series is the same whatever was negotiated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/metrics_snapshot.h"

namespace sinks {

enum class ExpositionFormat : std::uint8_t { kText, kOpenMetrics };

std::string_view content_type(ExpositionFormat format);

/// One pass over some snapshots, which must not share a family name. Keeps them alive, never holds more than one
/// piece of text. Confined to one thread.
class Exposition {
 public:
  Exposition(std::vector<std::shared_ptr<const core::MetricsSnapshot>> snapshots, ExpositionFormat format);

  /// Replaces `piece` with the next text, at least kPieceBytes long unless it is the last; false after the last.
  bool next(std::string& piece);

  static constexpr std::size_t kPieceBytes = 256 * 1024;

 private:
  void write_family_head(std::string& out, const core::MetricFamily& family);
  void write_page(std::string& out, const core::MetricFamily& family, const core::SeriesPage& page);
  bool advance();

  std::vector<std::shared_ptr<const core::MetricsSnapshot>> snapshots_;
  ExpositionFormat format_;
  std::size_t snapshot_ = 0, family_ = 0, page_ = 0;
  bool head_written_ = false, ended_ = false;
  std::vector<std::string> line_names_;  ///< "name{" or, for a histogram, what each of its lines begins with.
  std::vector<std::string> line_ends_;   ///< What follows the labels: "} ", `le="5.0"} `.
};

/// All of it in one string: for tests and small snapshots.
std::string expose(std::vector<std::shared_ptr<const core::MetricsSnapshot>> snapshots, ExpositionFormat format);

}  // namespace sinks

#include "core/metrics_snapshot.h"

#include <cmath>

namespace core {

void LabelPage::append(std::string_view labels) {
  text_ += labels;
  ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  if (ends_.size() == kSeriesPerPage) text_.shrink_to_fit();  // A full page only changes where a series is replaced.
}

void LabelPage::replace(std::size_t i, std::string_view labels) {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1], length = ends_[i] - begin;
  text_.replace(begin, length, labels);
  for (std::size_t k = i; k < ends_.size(); ++k) {
    ends_[k] = static_cast<std::uint32_t>(ends_[k] + labels.size() - length);
  }
}

std::optional<std::vector<double>> find_values(const MetricsSnapshot& snapshot, std::string_view family,
                                               std::string_view labels) {
  for (const auto& [spec, pages] : snapshot.families) {
    if (spec->name != family) continue;
    const std::size_t width = spec->values_per_series();
    for (const auto& page : pages) {
      for (std::size_t i = 0; i < page.labels->size(); ++i) {
        const double* values = page.values->data() + i * width;
        if (page.labels->at(i) == labels && !std::isnan(values[0])) return std::vector<double>(values, values + width);
      }
    }
  }
  return std::nullopt;
}

}  // namespace core

#include "core/series_table.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace core {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

}  // namespace

SeriesTable::SeriesTable(std::size_t values_per_series)
    : width_(values_per_series), slots_by_labels_(0, Hash{this}, Equal{this}) {}

std::optional<std::uint32_t> SeriesTable::find(std::string_view labels) const {
  const auto found = slots_by_labels_.find(labels);
  if (found == slots_by_labels_.end()) return std::nullopt;
  return *found;
}

std::uint32_t SeriesTable::insert(std::string_view labels) {
  assert(!find(labels));
  std::uint32_t slot = slots();
  if (!free_.empty()) {
    slot = free_.back();
    free_.pop_back();
    writable_labels(pages_[slot / kSeriesPerPage]).replace(slot % kSeriesPerPage, labels);
  } else {
    if (slot % kSeriesPerPage == 0) {
      pages_.push_back({std::make_shared<LabelPage>(), std::make_shared<std::vector<double>>()});
    }
    Page& page = pages_.back();
    writable_labels(page).append(labels);
    auto& values = writable_values(page);
    values.resize(values.size() + width_, kAbsent);
    live_.push_back(false);
  }
  live_[slot] = true;
  slots_by_labels_.insert(slot);
  return slot;
}

void SeriesTable::erase(std::uint32_t slot) {
  assert(live(slot));
  slots_by_labels_.erase(slot);
  write(slot, std::vector<double>(width_, kAbsent));
  live_[slot] = false;
  free_.push_back(slot);
}

std::span<const double> SeriesTable::values(std::uint32_t slot) const {
  assert(live(slot));
  return {pages_[slot / kSeriesPerPage].values->data() + slot % kSeriesPerPage * width_, width_};
}

void SeriesTable::write(std::uint32_t slot, std::span<const double> values) {
  assert(live(slot) && values.size() == width_);
  auto& page = writable_values(pages_[slot / kSeriesPerPage]);
  std::copy(values.begin(), values.end(), page.begin() + static_cast<std::ptrdiff_t>(slot % kSeriesPerPage * width_));
}

std::vector<SeriesPage> SeriesTable::share() {
  std::vector<SeriesPage> shared;
  shared.reserve(pages_.size());
  for (Page& page : pages_) {
    page.labels_shared = page.values_shared = true;
    shared.push_back({page.labels, page.values});
  }
  return shared;
}

std::string_view SeriesTable::labels_of(std::uint32_t slot) const {
  return pages_[slot / kSeriesPerPage].labels->at(slot % kSeriesPerPage);
}

// A flag, not the pointer's use count: whether a reader has just dropped its snapshot cannot be asked without a race.
LabelPage& SeriesTable::writable_labels(Page& page) {
  if (page.labels_shared) page.labels = std::make_shared<LabelPage>(*page.labels);
  page.labels_shared = false;
  return *page.labels;
}

std::vector<double>& SeriesTable::writable_values(Page& page) {
  if (page.values_shared) page.values = std::make_shared<std::vector<double>>(*page.values);
  page.values_shared = false;
  return *page.values;
}

}  // namespace core

#include "core/series_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace core {
namespace {

constexpr std::string_view kTotal = "_total";

void check(const MetricFamily& family) {
  const auto wrong = [&](std::string_view what) {
    throw std::logic_error(fmt::format("metric family \"{}\": {}", family.name, what));
  };
  if (!valid_metric_name(family.name)) wrong("not a metric name");
  if (family.name.ends_with(kTotal) != (family.type == MetricType::kCounter)) {
    wrong("counters, and only they, end in _total");
  }
  if (family.bounds.empty() == (family.type == MetricType::kHistogram)) wrong("histograms, and only they, have bounds");
  if (std::adjacent_find(family.bounds.begin(), family.bounds.end(), std::greater_equal<>()) != family.bounds.end() ||
      !std::all_of(family.bounds.begin(), family.bounds.end(), [](double bound) { return std::isfinite(bound); })) {
    wrong("bounds are finite and ascend");
  }
}

std::string openmetrics_name(const MetricFamily& family) {
  const bool counter = family.type == MetricType::kCounter;
  return family.name.substr(0, family.name.size() - (counter ? kTotal.size() : 0));
}

}  // namespace

SeriesBook::SeriesBook(SeriesBookOptions options) : options_(options) {
  if (!options_.describes_itself) return;
  held_ = family({"floorwatch_counter_held",
                  "How far corrected counters and histograms are above their true values, by metric.",
                  MetricType::kGauge,
                  {}});
  refused_ = family({"floorwatch_series_refused_total",
                     "Times that a new series was refused because metrics.max_series was reached.",
                     MetricType::kCounter,
                     {}});
}

FamilyId SeriesBook::family(MetricFamily description) {
  check(description);
  const auto index = static_cast<std::uint32_t>(families_.size());
  if (!names_.emplace(openmetrics_name(description), index).second) {
    throw std::logic_error(fmt::format("metric family \"{}\" is registered already", description.name));
  }
  families_.push_back(std::make_unique<Family>(std::move(description)));
  return {index};
}

std::optional<SeriesId> SeriesBook::series(FamilyId id, std::span<const Label> labels) {
  Family& family = *families_.at(id.index);
  const std::string text = label_text(labels);
  auto slot = family.table.find(text);
  if (!slot) slot = insert(family, text);
  if (!slot) return std::nullopt;
  return SeriesId{id, *slot};
}

std::optional<std::uint32_t> SeriesBook::insert(Family& family, const std::string& labels) {
  const std::size_t lines = family.description->lines_per_series();
  // What the book says of itself is always shown: without it nobody would learn that anything was refused.
  const bool own = options_.describes_itself && (&family == families_[0].get() || &family == families_[1].get());
  if (!own && lines_ + lines > options_.max_series) {
    ++refusals_;
    return std::nullopt;
  }
  lines_ += lines;
  const std::uint32_t slot = family.table.insert(labels);
  family.touched.resize(family.table.slots());
  family.touched[slot] = true;
  return slot;
}

SeriesBook::Family& SeriesBook::at(SeriesId id) {
  Family& family = *families_.at(id.family.index);
  assert(family.table.live(id.slot));
  family.touched[id.slot] = true;
  return family;
}

void SeriesBook::set(SeriesId id, double value) {
  Family& family = at(id);
  assert(family.description->type != MetricType::kHistogram);
  if (family.description->type == MetricType::kCounter) {
    raise(family, id.slot, {&value, 1});
  } else if (const double shown = family.table.values(id.slot)[0];
             shown != value && !(std::isnan(shown) && std::isnan(value))) {
    family.table.write(id.slot, {&value, 1});
  }
}

void SeriesBook::set(SeriesId id, const HistogramValue& value) {
  Family& family = at(id);
  assert(family.description->type == MetricType::kHistogram);
  assert(value.cumulative.size() == family.description->bounds.size());
  scratch_.assign(value.cumulative.begin(), value.cumulative.end());
  scratch_.push_back(static_cast<double>(value.count));
  scratch_.push_back(value.sum);
  raise(family, id.slot, scratch_);
}

void SeriesBook::raise(Family& family, std::uint32_t slot, std::span<const double> truth) {
  const auto shown = family.table.values(slot);
  double gap = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    assert(!std::isnan(truth[i]));
    gap = std::fmax(gap, shown[i] - truth[i]);  // fmax: what was never shown (NaN) is no gap
  }
  if (gap > 0) {
    family.held[slot] = gap;
    return;
  }
  family.held.erase(slot);
  if (!std::equal(shown.begin(), shown.end(), truth.begin())) family.table.write(slot, truth);
}

void SeriesBook::retire(SeriesId id) { retire(at(id), id.slot); }

void SeriesBook::retire(Family& family, std::uint32_t slot) {
  family.held.erase(slot);
  family.table.erase(slot);
  lines_ -= family.description->lines_per_series();
}

void SeriesBook::retire_untouched(FamilyId id) {
  Family& family = *families_.at(id.index);
  for (std::uint32_t slot = 0; slot < family.table.slots(); ++slot) {
    if (family.table.live(slot) && !family.touched[slot]) retire(family, slot);
  }
  std::fill(family.touched.begin(), family.touched.end(), false);
}

void SeriesBook::describe() {
  set(*refused_, {}, static_cast<double>(refusals_));
  for (const auto& family : families_) {
    if (family->held.empty()) continue;
    const double held = std::accumulate(family->held.begin(), family->held.end(), 0.0,
                                        [](double sum, const auto& entry) { return sum + entry.second; });
    set(*held_, {{"metric", family->description->name}}, held);
  }
  retire_untouched(*held_);
}

std::shared_ptr<const MetricsSnapshot> SeriesBook::snapshot() {
  if (options_.describes_itself) describe();
  auto snapshot = std::make_shared<MetricsSnapshot>();
  snapshot->families.reserve(families_.size());
  for (const auto& family : families_) {
    snapshot->families.push_back({family->description, family->table.share()});
  }
  return snapshot;
}

}  // namespace core

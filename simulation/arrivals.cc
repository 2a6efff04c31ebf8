#include "simulation/arrivals.h"

#include <algorithm>
#include <numeric>

namespace simulation {

namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::uint32_t kPeak = *std::max_element(std::begin(kDailyCurve), std::end(kDailyCurve));
constexpr std::uint32_t kLeadsPerMillion = 60'000;

std::uint32_t curve_at(core::EventTime time) {
  return kDailyCurve[static_cast<std::size_t>(core::floor_div(core::to_ms(time), kHourMs) % 24)];
}

/// Mean of the curve over [start, start + length), in thousandths, minute by minute of at most a week.
std::int64_t mean_curve_milli(core::EventTime start, core::Millis length) {
  const std::int64_t minutes = std::clamp<std::int64_t>(length.count() / 60'000, 1, 7 * 24 * 60);
  std::int64_t sum = 0;
  for (std::int64_t minute = 0; minute < minutes; ++minute) sum += curve_at(start + core::Millis{minute * 60'000});
  return sum * 1'000 / minutes;
}

}  // namespace

Arrivals::Arrivals(const Options& options, const Plan& plan)
    : start_(options.start), daily_curve_(options.daily_curve), random_(options.seed, Random::Stream::kArrivals) {
  const auto mean_gap_ns = static_cast<std::int64_t>(3'600'000'000'000ULL / visits_per_hour(options));
  const std::int64_t mean =
      daily_curve_ ? mean_curve_milli(options.start, options.length) : std::int64_t{kPeak} * 1'000;
  peak_gap_ns_ = std::max<std::int64_t>(mean_gap_ns / 1'000 * mean / kPeak, 1);
  for (const QueuePlan& queue : plan.queues) weights_.push_back(queue.weight);
  weight_sum_ = std::accumulate(weights_.begin(), weights_.end(), 0U);
}

std::uint32_t Arrivals::rate_at(core::EventTime time) const { return daily_curve_ ? curve_at(time) : kPeak; }

core::EventTime Arrivals::next() {
  // Thinning: candidates come at the peak's rate, and each is kept with the share that the curve has then.
  do {
    elapsed_ns_ += random_.exponential(peak_gap_ns_);
  } while (random_.below(kPeak) >= rate_at(now()));
  return now();
}

QueueNo Arrivals::queue() {
  std::uint64_t point = random_.below(weight_sum_);
  std::uint32_t queue = 0;
  for (; point >= weights_[queue]; ++queue) point -= weights_[queue];
  return QueueNo(queue);
}

bool Arrivals::brings_lead() { return random_.chance(kLeadsPerMillion); }

}  // namespace simulation

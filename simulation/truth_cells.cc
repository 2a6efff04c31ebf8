#include "simulation/truth_cells.h"

#include <bit>

namespace simulation {

namespace {

constexpr std::uint64_t kExactBelow = 64, kBinsPerPower = 32;

std::size_t bin_of(std::uint64_t ms) {
  if (ms < kExactBelow) return ms;
  const auto power = static_cast<std::uint64_t>(std::bit_width(ms)) - 1;  // 6 for 64..127
  return kExactBelow + (power - 6) * kBinsPerPower + ((ms >> (power - 5)) - kBinsPerPower);
}

std::int64_t representative(std::size_t bin) {
  if (bin < kExactBelow) return static_cast<std::int64_t>(bin);
  const std::size_t power = 6 + (bin - kExactBelow) / kBinsPerPower;
  const std::size_t width = std::size_t{1} << (power - 5);
  const std::size_t lowest = (kBinsPerPower + (bin - kExactBelow) % kBinsPerPower) * width;
  return static_cast<std::int64_t>(lowest + width / 2);
}

}  // namespace

void Spans::add(core::Millis span) {
  const std::size_t bin = bin_of(static_cast<std::uint64_t>(span.count()));
  if (bin >= bins_.size()) bins_.resize(bin + 1);
  ++bins_[bin];
  ++count_;
  sum_ms_ += span.count();
  max_ms_ = std::max<std::int64_t>(max_ms_, span.count());
}

void Spans::add(const Spans& other) {
  if (other.bins_.size() > bins_.size()) bins_.resize(other.bins_.size());
  for (std::size_t bin = 0; bin < other.bins_.size(); ++bin) bins_[bin] += other.bins_[bin];
  count_ += other.count_;
  sum_ms_ += other.sum_ms_;
  max_ms_ = std::max(max_ms_, other.max_ms_);
}

std::optional<std::int64_t> Spans::max_ms() const {
  if (count_ == 0) return std::nullopt;
  return max_ms_;
}

std::optional<std::int64_t> Spans::quantile_ms(std::int64_t per_cent) const {
  if (count_ == 0) return std::nullopt;
  std::int64_t rank = (per_cent * count_ + 99) / 100;
  std::size_t bin = 0;
  while (rank > bins_[bin]) rank -= bins_[bin++];
  return std::min(representative(bin), max_ms_);
}

void DealCell::add(const DealCell& other) {
  opened += other.opened;
  won_of_opened += other.won_of_opened;
  won += other.won;
  lost += other.lost;
  won_cents += other.won_cents;
  lost_cents += other.lost_cents;
  cost_cents += other.cost_cents;
  cycle.add(other.cycle);
}

void Handling::add(const Handling& other) {
  handle.add(other.handle);
  talk_ms += other.talk_ms;
  hold_ms += other.hold_ms;
  wrap_ms += other.wrap_ms;
}

void QueueCell::add(const QueueCell& other) {
  offered += other.offered;
  handled += other.handled;
  missed_offers += other.missed_offers;
  answered_within += other.answered_within;
  answered_late += other.answered_late;
  abandoned_short += other.abandoned_short;
  abandoned_within += other.abandoned_within;
  abandoned_late += other.abandoned_late;
  flowed_out_within += other.flowed_out_within;
  flowed_out_late += other.flowed_out_late;
  wait.add(other.wait);
  handling.add(other.handling);
}

void AgentCell::add(const AgentCell& other) {
  handled += other.handled;
  offers += other.offers;
  missed_offers += other.missed_offers;
  completed += other.completed;
  talk_ms += other.talk_ms;
  hold_ms += other.hold_ms;
  wrap_ms += other.wrap_ms;
  for (std::size_t state = 0; state < state_ms.size(); ++state) state_ms[state] += other.state_ms[state];
}

void LeadCell::add(const LeadCell& other) {
  created += other.created;
  attempted += other.attempted;
  contacted += other.contacted;
  within_target += other.within_target;
  attempts += other.attempts;
  leads_with_attempts += other.leads_with_attempts;
  open += other.open;
  oldest_open = std::min(oldest_open, other.oldest_open);
  response.add(other.response);
  contact.add(other.contact);
}

}  // namespace simulation

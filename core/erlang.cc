#include "core/erlang.h"

#include <cmath>

namespace core {
namespace {

/// Erlang B of one agent more: the share of calls that would be lost if none could wait. Every step lies in (0, 1], so
/// nothing overflows, however large the traffic.
double with_one_more(double blocked, double traffic, std::int32_t agents) {
  return traffic * blocked / (agents + traffic * blocked);
}

double waiting(double blocked, double traffic, std::int32_t agents) {
  return blocked / (1 - traffic / agents * (1 - blocked));
}

double service_level(double waiting, const Workload& load, std::int32_t agents, Millis threshold) {
  const double seconds = std::chrono::duration<double>(threshold).count();
  return 1 - waiting * std::exp(-(agents - load.traffic()) * seconds / load.handle_seconds);
}

}  // namespace

double erlang_c(double traffic, std::int32_t agents) {
  if (traffic <= 0) return 0;
  if (agents <= traffic) return 1;
  double blocked = 1;
  for (std::int32_t n = 1; n <= agents; ++n) blocked = with_one_more(blocked, traffic, n);
  return waiting(blocked, traffic, agents);
}

double expected_service_level(const Workload& load, std::int32_t agents, Millis threshold) {
  if (load.traffic() <= 0) return 1;
  if (agents <= load.traffic()) return 0;
  return service_level(erlang_c(load.traffic(), agents), load, agents, threshold);
}

std::optional<std::int32_t> agents_needed(const Workload& load, double target, Millis threshold, std::int32_t most) {
  const double traffic = load.traffic();
  if (traffic <= 0) return 0;
  double blocked = 1;
  for (std::int32_t n = 1; n <= most; ++n) {
    blocked = with_one_more(blocked, traffic, n);
    if (n > traffic && service_level(waiting(blocked, traffic, n), load, n, threshold) >= target) return n;
  }
  return std::nullopt;
}

}  // namespace core

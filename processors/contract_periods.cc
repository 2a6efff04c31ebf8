#include "processors/contract_periods.h"

#include <algorithm>

namespace processors {

using core::EventTime;

std::optional<core::Period> contract_period(const core::SlaProfile& profile, const date::time_zone& zone,
                                            EventTime time) {
  const core::SlaVersion* in_force = profile.in_force(time);
  if (in_force == nullptr) return std::nullopt;
  const core::SlaVersion* const end = profile.versions.data() + profile.versions.size();
  const core::SlaVersion *first = in_force, *next = in_force + 1;
  const auto same_kind = [&](const core::SlaVersion& version) {
    return version.terms.period == in_force->terms.period;
  };
  while (first != profile.versions.data() && same_kind(*(first - 1))) --first;
  while (next != end && same_kind(*next)) ++next;
  core::Period period = core::period_of(in_force->terms.period, zone, time);
  // A first version that begins in the midst of a period makes it shorter, too.
  period.start = std::max(period.start, first->valid_from);
  if (next != end) period.end = std::min(period.end, next->valid_from);
  return period;
}

const core::SlaVersion& judging_version(const core::SlaProfile& profile, const core::Period& period, EventTime as_of) {
  const EventTime last = std::clamp(as_of, period.start, period.end - core::Millis{1});
  const core::SlaVersion* version = profile.in_force(last);
  return version != nullptr ? *version : profile.versions.front();
}

}  // namespace processors

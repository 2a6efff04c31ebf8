// For which periods a profile is judged, and by whose terms.
#pragma once

#include <optional>

#include "core/contract.h"
#include "core/figure_config.h"
#include "core/periods.h"

namespace processors {

/// The period of the profile in which `time` lies, by the clock of the client's zone: of the kind that the version in
/// force then names. Where the kind changes with a version, the last period of the old kind ends and the first of the
/// new one begins there. nullopt before the first version.
std::optional<core::Period> contract_period(const core::SlaProfile& profile, const date::time_zone& zone,
                                            core::EventTime time);

/// The version whose terms judge a period: the last that is in force in it, of those that are by `as_of`.
const core::SlaVersion& judging_version(const core::SlaProfile& profile, const core::Period& period,
                                        core::EventTime as_of);

}  // namespace processors

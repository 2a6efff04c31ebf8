// Alerting and recording rules for Prometheus, from the profiles: for those who alert there. And the unit tests that
// promtool runs on them.
#pragma once

#include <string>

#include "core/figure_config.h"

namespace app {

/// A file of rules: recording rules, a group for each client's contracts (where `contracts` are wanted), and
/// floorwatch's own health.
std::string prometheus_rules(const core::FigureConfig& config, bool contracts);

/// A file for `promtool test rules` beside it: every alert of `rules_file` fires where it must, and not where it must
/// not.
std::string prometheus_rule_tests(const core::FigureConfig& config, bool contracts, const std::string& rules_file);

}  // namespace app

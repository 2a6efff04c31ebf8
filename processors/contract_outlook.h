// What is still to come in a period that runs: taken to be like the last comparable days.
//
// The assumption, named wherever the projection is shown: each day that is left comes like the mean of the up to four
// last days of the same weekday (of the last eight weeks) on which something was judged; without any, like the mean of
// the up to seven last days. Days on which the calendar is closed bring nothing. Of the running day comes what such a
// day has more than it has brought so far, with that day's ratio.
#pragma once

#include <functional>
#include <optional>

#include "core/periods.h"
#include "processors/contract_judgement.h"

namespace processors {

/// Days before today that are looked at.
inline constexpr core::Slot kLookBack = 56;

struct Outlook {
  core::Slot today = 0;                            ///< number of the running local day
  core::Slot last_day = 0;                         ///< the period's last
  core::Slot first_known = 0;                      ///< No day before it has anything.
  std::function<Fraction(core::Slot day)> figure;  ///< what a day has come to
  std::function<bool(core::Slot day)> closed;      ///< whether the calendar has no hours on a day
};

/// nullopt where no former day says anything.
std::optional<Fraction> expected_rest(const Outlook& outlook);

}  // namespace processors

// Exact numbers as the contract prints them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/options.h"

namespace oracle {

/// numerator / denominator, rounded half up (towards plus infinity) at the last of `decimals` digits; empty (no value)
/// where the denominator is 0.
std::string quotient(Ms numerator, Ms denominator, int decimals);

/// Milliseconds as seconds with 3 decimals.
std::string seconds(Ms milliseconds);

/// The mean of n spans in seconds; empty where n is 0.
std::string mean_seconds(Ms sum, Ms n);

/// A part of ten-thousandths as money: 2 to 4 decimals, rounded half up; empty where the denominator is 0.
__extension__ using Wide = __int128;
std::string money(Wide numerator, Wide denominator);

/// The percent-th quantile, of at least one value; see below.
Ms quantile(std::vector<Ms> values, int percent);

/// The percent-th quantile in seconds by nearest rank, as the histogram shows it: the middle of the value's bin, never
/// above the exact maximum. Empty where there are no values.
std::string quantile_seconds(std::vector<Ms> values, int percent);

/// The exact maximum in seconds; empty where there are no values.
std::string maximum_seconds(const std::vector<Ms>& values);

/// One line of RFC 4180 with "\n".
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace oracle

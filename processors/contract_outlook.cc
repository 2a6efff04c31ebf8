#include "processors/contract_outlook.h"

#include <algorithm>

#include "core/wide.h"

namespace processors {
namespace {

constexpr int kSameWeekdays = 4, kAnyDays = 7;

/// The mean of up to `most` days before today, `step` apart from `day` on backwards; rounded half up.
std::optional<Fraction> mean_of(const Outlook& outlook, core::Slot day, core::Slot step, int most) {
  Fraction sum;
  int found = 0;
  while (day >= outlook.today) day -= step;
  const core::Slot last = std::max(outlook.first_known, outlook.today - kLookBack);
  for (; day >= last && found < most; day -= step) {
    const Fraction one = outlook.figure(day);
    if (!one.any()) continue;
    sum += one, ++found;
  }
  if (found == 0) return std::nullopt;
  return Fraction{core::ratio(sum.numerator, found, 0).value, core::ratio(sum.denominator, found, 0).value};
}

std::optional<Fraction> comparable(const Outlook& outlook, core::Slot day) {
  if (auto same = mean_of(outlook, day, 7, kSameWeekdays)) return same;
  return mean_of(outlook, outlook.today - 1, 1, kAnyDays);
}

}  // namespace

std::optional<Fraction> expected_rest(const Outlook& outlook) {
  Fraction rest;
  bool known = false;
  for (core::Slot day = outlook.today; day <= outlook.last_day; ++day) {
    if (outlook.closed(day)) continue;
    const auto like = comparable(outlook, day);
    if (!like) continue;
    known = true;
    if (day > outlook.today) {
      rest += *like;
      continue;
    }
    const std::int64_t more = std::max<std::int64_t>(0, like->denominator - outlook.figure(day).denominator);
    if (more <= 0) continue;
    const core::Wide share = core::Wide{like->numerator} * more / like->denominator;
    rest += {static_cast<std::int64_t>(share), more};
  }
  return known ? std::optional(rest) : std::nullopt;
}

}  // namespace processors

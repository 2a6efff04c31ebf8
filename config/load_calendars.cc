#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/parts.h"
#include "config/values.h"
#include "core/day_words.h"

namespace config {
namespace {

/// The days that "mon" or "mon-fri" names, Monday being 0; of "sat-mon" three. Empty for anything else.
std::vector<std::size_t> days_of(std::string_view text) {
  const auto place = [](std::string_view day) {
    return static_cast<std::size_t>(std::ranges::find(core::kDayWords, day) - core::kDayWords.begin());
  };
  const std::size_t dash = text.find('-');
  const std::size_t first = place(text.substr(0, dash));
  const std::size_t last = dash == std::string_view::npos ? first : place(text.substr(dash + 1));
  std::vector<std::size_t> days;
  if (first == core::kDayWords.size() || last == core::kDayWords.size()) return days;
  for (std::size_t day = first;; day = (day + 1) % core::kDayWords.size()) {
    days.push_back(day);
    if (day == last) return days;
  }
}

core::CalendarConfig::Day load_hours(const Section& section, std::string_view name, const std::vector<Placed>& texts) {
  core::CalendarConfig::Day day;
  for (const Placed& text : texts) {
    if (const auto hours = parse_hours(text.text)) {
      day.push_back(*hours);
    } else {
      section.report(text.line, fmt::format("{} holds \"{}\", allowed: hours such as 08:00-20:00", section.shown(name),
                                            is_printable(text.text) ? text.text : "?"));
    }
  }
  std::ranges::sort(day, {}, &core::OpeningHours::from);
  return day;
}

core::CalendarConfig load_calendar(const Section& section) {
  core::CalendarConfig calendar;
  calendar.timezone = section.zone("timezone");
  std::array<bool, core::kDayWords.size()> given{};
  for (const auto& [name, texts] : section.named_lists("week")) {
    const auto days = days_of(name.text);
    if (days.empty()) {
      section.report(name.line, fmt::format("{} names \"{}\", allowed: mon to sun, or a range such as mon-fri",
                                            section.shown("week"), is_printable(name.text) ? name.text : "?"));
    }
    const auto hours = load_hours(section, "week", texts);
    for (const std::size_t day : days) {
      if (given[day]) {
        section.report(name.line,
                       fmt::format("{} gives {} again, allowed: once", section.shown("week"), core::kDayWords[day]));
      }
      given[day] = true;
      calendar.week[day] = hours;
    }
  }
  for (const Section& holiday : section.sections("holidays")) {
    const auto date = holiday.date("date");
    auto hours = load_hours(holiday, "hours", holiday.texts("hours"));
    if (!date) continue;
    if (!calendar.days.emplace(static_cast<std::int32_t>(*date), std::move(hours)).second) {
      holiday.report("date", "stands in two holidays, allowed: once");
    }
  }
  return calendar;
}

}  // namespace

void load_calendars(const Section& root, core::FigureConfig& figures) {
  for (const auto& [name, section] : root.named_sections("calendars")) {
    figures.calendars.emplace(name.text, load_calendar(section));
  }
}

}  // namespace config

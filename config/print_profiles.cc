// Profiles, their contracts and calendars, as a configuration writes them.
#include <date/tz.h>

#include "config/print_parts.h"
#include "config/values.h"
#include "core/day_words.h"
#include "core/periods.h"

namespace config {
namespace {

std::string date_text(std::int32_t day) { return date::format("%F", date::sys_days{date::days{day}}); }

std::string level_text(core::Metric metric, core::Level level) {
  return core::is_share(metric) ? format_percent(level) : core::format_duration(core::Millis{level});
}

void put_credits(Out& out, core::Metric metric, bool at_most, const core::Credits& credits) {
  put_section(out, "credits", [&] {
    put(out, "fee", core::format_decimal(credits.fee) + ' ' + credits.currency);
    put(out, "cap", format_percent(credits.cap));
    out << YAML::Key << "tiers" << YAML::Value << YAML::BeginSeq;
    for (const core::CreditTier& tier : credits.tiers) {
      out << YAML::Flow << YAML::BeginMap;
      put(out, at_most ? "above" : "below", level_text(metric, tier.level));
      put(out, "credit", format_percent(tier.credit));
      out << YAML::EndMap;
    }
    out << YAML::EndSeq;
  });
}

void put_terms(Out& out, core::Metric metric, const core::Terms& terms) {
  const bool by_intervals = terms.aggregate == core::Aggregate::kIntervalsMet;
  if (!terms.calendar.empty()) put(out, "calendar", terms.calendar);
  if (terms.target) put(out, terms.at_most ? "at_most" : "at_least", level_text(metric, *terms.target));
  put(out, "period", std::string(core::kEveryWords[core::index(terms.period)]));
  put(out, "aggregate", std::string(core::kAggregateWords[core::index(terms.aggregate)]));
  put(out, "interval", std::string(core::kEveryWords[core::index(terms.interval)]));
  if (by_intervals) put(out, "intervals_target", format_percent(terms.intervals_target));
  put(out, "min_volume", terms.min_volume);
  put(out, "rounding", terms.decimals ? std::to_string(*terms.decimals) : std::string("none"));
  if (terms.band) {
    put_section(out, "volume_band", [&] {
      put(out, "forecast", terms.band->file);
      put(out, "up_to", format_percent(terms.band->up_to));
    });
  }
  const core::Metric judged = by_intervals ? core::Metric::kServiceLevel : metric;
  if (terms.credits) put_credits(out, judged, !by_intervals && terms.at_most, *terms.credits);
}

/// The date whose first instant `valid_from` is in the client's zone.
std::string date_of(core::EventTime valid_from, const std::string& timezone) {
  return date_text(core::local_day(*core::find_zone(timezone), valid_from));
}

void put_version(Out& out, const core::SlaProfile& profile, const core::SlaVersion& version,
                 const std::string& timezone) {
  out << YAML::BeginMap;
  if (version.valid_from != core::EventTime{}) put(out, "valid_from", date_of(version.valid_from, timezone));
  put(out, "formula", std::string(core::kFormulaWords[core::index(version.formula)]));
  put(out, "threshold", version.threshold);
  if (version.short_abandon != core::SlaVersion::kNoneShort) put(out, "short_abandon", version.short_abandon);
  put_list(out, "abandoned_reasons", chosen_words(version.abandoned, core::kLeaveReasonWords));
  put(out, "basis", std::string(core::kBasisWords[core::index(version.basis)]));
  put_terms(out, profile.metric, version.terms);
  out << YAML::EndMap;
}

}  // namespace

void print_profile(Out& out, const core::SlaProfile& profile, const std::string& timezone,
                   const std::vector<core::AlertRule>& alerts) {
  out << YAML::BeginMap;
  put(out, "name", profile.name);
  put(out, "metric", std::string(core::kMetricWords[core::index(profile.metric)]));
  const bool of_visits = profile.metric == core::Metric::kServiceLevel || profile.metric == core::Metric::kMeanWait ||
                         profile.metric == core::Metric::kAbandonmentRate;
  put_section(out, "applies_to", [&] {
    if (!profile.channels.empty()) put_list(out, "channels", profile.channels);
    if (!profile.queues.empty()) put_list(out, "queues", profile.queues);
    if (of_visits) put_list(out, "entries", chosen_words(profile.entries, core::kEntryWords));
  });
  out << YAML::Key << "versions" << YAML::Value << YAML::BeginSeq;
  for (const core::SlaVersion& version : profile.versions) put_version(out, profile, version, timezone);
  out << YAML::EndSeq;
  if (!profile.exclusions.empty()) {
    out << YAML::Key << "exclusions" << YAML::Value << YAML::BeginSeq;
    for (const core::Exclusion& exclusion : profile.exclusions) {
      out << YAML::Flow << YAML::BeginMap;
      put(out, "from", core::format_rfc3339(exclusion.from));
      put(out, "to", core::format_rfc3339(exclusion.to));
      put(out, "reason", exclusion.reason);
      if (!exclusion.by.empty()) put(out, "by", exclusion.by);
      out << YAML::EndMap;
    }
    out << YAML::EndSeq;
  }
  print_alerts(out, alerts);
  out << YAML::EndMap;
}

void print_calendars(Out& out, const std::map<std::string, core::CalendarConfig, std::less<>>& calendars) {
  const auto texts = [](const core::CalendarConfig::Day& day) {
    std::vector<std::string> hours;
    for (const core::OpeningHours& one : day) hours.push_back(format_hours(one));
    return hours;
  };
  if (calendars.empty()) return;
  put_section(out, "calendars", [&] {
    for (const auto& [name, calendar] : calendars) {
      put_section(out, name, [&] {
        put(out, "timezone", calendar.timezone);
        put_section(out, "week", [&] {
          for (std::size_t day = 0; day < core::kDayWords.size(); ++day)
            put_list(out, std::string(core::kDayWords[day]).c_str(), texts(calendar.week[day]));
        });
        if (calendar.days.empty()) return;
        out << YAML::Key << "holidays" << YAML::Value << YAML::BeginSeq;
        for (const auto& [day, hours] : calendar.days) {
          out << YAML::BeginMap;
          put(out, "date", date_text(day));
          put_list(out, "hours", texts(hours));
          out << YAML::EndMap;
        }
        out << YAML::EndSeq;
      });
    }
  });
}

}  // namespace config

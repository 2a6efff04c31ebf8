#include "core/figure_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/day_words.h"
#include "core/figure_table.h"
#include "core/sha256.h"
#include "core/timezone_data.h"

namespace core {
namespace {

constexpr std::string_view kDefaultClient = "default";
constexpr std::string_view kSeparator = " = ";

using Lines = std::map<std::string, std::string, std::less<>>;

/// A name from the configuration in quotes. "=" is escaped too, so that the first " = " of a line is the separator.
std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || c == '=') {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out += '"';
}

template <typename Names>
std::string quoted_list(const Names& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return '[' + out + ']';
}

template <std::size_t N>
std::string chosen_words(const std::array<bool, N>& chosen, const std::array<std::string_view, N>& words) {
  std::string out;
  for (std::size_t i = 0; i < N; ++i) {
    if (!chosen[i]) continue;
    if (!out.empty()) out += ", ";
    out += words[i];
  }
  return '[' + out + ']';
}

std::string span_text(Millis span) { return fmt::format("{} ms", span.count()); }

void add_version(Lines& lines, const std::string& prefix, const SlaVersion& version) {
  lines[prefix + "formula"] = kFormulaWords[index(version.formula)];
  lines[prefix + "threshold"] = span_text(version.threshold);
  lines[prefix + "short_abandon"] = span_text(version.short_abandon);
  lines[prefix + "abandoned_reasons"] = chosen_words(version.abandoned, kLeaveReasonWords);
  lines[prefix + "basis"] = kBasisWords[index(version.basis)];
}

std::string millionths_text(std::int64_t value) { return to_string(Fixed{value, 4}) + " %"; }
std::string level_text(Metric metric, Level level) {
  return is_share(metric) ? millionths_text(level) : span_text(Millis{level});
}

std::string tiers_text(Metric metric, const Credits& credits) {
  std::string text;
  for (const CreditTier& tier : credits.tiers) {
    text +=
        fmt::format("{}{}: {}", text.empty() ? "" : ", ", level_text(metric, tier.level), millionths_text(tier.credit));
  }
  return '[' + text + ']';
}

/// What a forecast says is named by its hash: it may have ten thousands of intervals.
std::string forecast_hash(const VolumeBand& band) {
  std::string text;
  for (const ForecastInterval& interval : band.forecast) {
    fmt::format_to(std::back_inserter(text), "{},{}\n", to_ms(interval.start), interval.offered);
  }
  return fmt::format("{} intervals, SHA-256 {}", band.forecast.size(), Sha256{}.update(text).hex());
}

/// Only what is not the default, as most versions have no terms.
void add_terms(Lines& lines, const std::string& prefix, Metric metric, const Terms& terms) {
  const Terms defaults;
  if (!terms.calendar.empty()) lines[prefix + "calendar"] = quoted(terms.calendar);
  if (terms.target) {
    lines[prefix + "target"] =
        fmt::format("{} {}", terms.at_most ? "at most" : "at least", level_text(metric, *terms.target));
  }
  if (terms.period != defaults.period) lines[prefix + "period"] = kEveryWords[index(terms.period)];
  if (terms.aggregate != defaults.aggregate) {
    lines[prefix + "aggregate"] = kAggregateWords[index(terms.aggregate)];
    lines[prefix + "intervals_target"] = millionths_text(terms.intervals_target);
  }
  if (terms.interval != defaults.interval) lines[prefix + "interval"] = kEveryWords[index(terms.interval)];
  if (terms.min_volume != 0) lines[prefix + "min_volume"] = fmt::format("{}", terms.min_volume);
  if (terms.decimals) lines[prefix + "rounding"] = fmt::format("{}", *terms.decimals);
  if (terms.band) {
    lines[prefix + "volume_band.up_to"] = millionths_text(terms.band->up_to);
    lines[prefix + "volume_band.forecast"] = forecast_hash(*terms.band);
  }
  if (terms.credits) {
    lines[prefix + "credits.fee"] = fmt::format("{} {}", format_decimal(terms.credits->fee), terms.credits->currency);
    lines[prefix + "credits.cap"] = millionths_text(terms.credits->cap);
    const bool of_intervals = terms.aggregate == Aggregate::kIntervalsMet;
    lines[prefix + "credits.tiers"] = tiers_text(of_intervals ? Metric::kServiceLevel : metric, *terms.credits);
  }
}

/// "sla." of the first, "sla[1]." of the second.
std::string numbered(std::string_view list, std::size_t place) {
  return place == 0 ? fmt::format("{}.", list) : fmt::format("{}[{}].", list, place);
}

/// The first version's keys have no number: most profiles have one. Who excluded what and why enters no fact.
void add_profile(Lines& lines, const std::string& prefix, const SlaProfile& profile) {
  lines[prefix + "name"] = quoted(profile.name);
  if (profile.metric != Metric::kServiceLevel) lines[prefix + "metric"] = kMetricWords[index(profile.metric)];
  const auto or_all = [](const std::set<std::string>& names) { return names.empty() ? "all" : quoted_list(names); };
  lines[prefix + "applies_to.channels"] = or_all(profile.channels);
  lines[prefix + "applies_to.queues"] = or_all(profile.queues);
  lines[prefix + "applies_to.entries"] = chosen_words(profile.entries, kEntryWords);
  for (std::size_t i = 0; i < profile.versions.size(); ++i) {
    const std::string of_version = i == 0 ? prefix : prefix + numbered("versions", i);
    lines[of_version + "valid_from"] = format_rfc3339(profile.versions[i].valid_from);
    add_version(lines, of_version, profile.versions[i]);
    add_terms(lines, of_version, profile.metric, profile.versions[i].terms);
  }
  for (const Exclusion& exclusion : profile.exclusions) {
    lines[prefix + "exclusions." + format_rfc3339(exclusion.from)] += "to " + format_rfc3339(exclusion.to) + ' ';
  }
}

std::string hours_text(const CalendarConfig::Day& day) {
  std::string text;
  const auto clock = [](std::chrono::minutes at) {
    return fmt::format("{:02}:{:02}", at.count() / 60, at.count() % 60);
  };
  for (const OpeningHours& hours : day) {
    text += fmt::format("{}{}-{}", text.empty() ? "" : ", ", clock(hours.from), clock(hours.to));
  }
  return '[' + text + ']';
}

void add_calendar(Lines& lines, const std::string& name, const CalendarConfig& calendar) {
  const std::string prefix = "calendars." + quoted(name) + '.';
  lines[prefix + "timezone"] = calendar.timezone;
  for (std::size_t day = 0; day < kDayWords.size(); ++day) {
    lines[fmt::format("{}week.{}", prefix, kDayWords[day])] = hours_text(calendar.week[day]);
  }
  for (const auto& [day, hours] : calendar.days) {
    const std::string date = format_rfc3339(event_time(std::int64_t{day} * 86'400'000)).substr(0, 10);
    lines[fmt::format("{}holidays.{}", prefix, date)] = hours_text(hours);
  }
}

std::set<std::string> as_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

void add_settings(Lines& lines, const std::string& prefix, const ClientConfig& client) {
  lines[prefix + "timezone"] = client.timezone;
  lines[prefix + "leads.target"] = span_text(client.lead_target);
  lines[prefix + "leads.redial_gap"] = span_text(client.redial_gap);
  lines[prefix + "deals.required_costs"] = quoted_list(as_set(client.required_costs));
}

/// Only what differs from the defaults, so that a client written out with its defaults equals one left out, and
/// differing_keys names just the keys that somebody changed.
void add_client(Lines& lines, const std::string& name, const ClientConfig& client) {
  const std::string prefix = "clients." + quoted(name) + '.';
  Lines own, defaults;
  add_settings(own, prefix, client);
  add_settings(defaults, prefix, ClientConfig{});
  for (auto& [key, value] : own) {
    if (value != defaults[key]) lines[key] = value;
  }
  for (std::size_t i = 0; i < client.sla.size(); ++i) {
    add_profile(lines, prefix + numbered("sla", i), client.sla[i]);
  }
}

Lines parse_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t at = line.find(kSeparator);
    if (at == std::string_view::npos) continue;
    lines.emplace(line.substr(0, at), line.substr(at + kSeparator.size()));
  }
  return lines;
}

}  // namespace

std::string_view FigureConfig::client_of_queue(std::string_view queue) const {
  const auto found = queue_client.find(queue);
  return found == queue_client.end() ? kDefaultClient : std::string_view(found->second);
}

const ClientConfig& FigureConfig::client(std::string_view name) const {
  static const ClientConfig defaults;
  const auto found = clients.find(name);
  return found == clients.end() ? defaults : found->second;
}

std::string FigureConfig::canonical_text() const {
  Lines lines;
  lines["timezone_data"] = timezone_data_version();
  lines["give_up_after.voice"] = span_text(give_up_after.voice);
  lines["give_up_after.chat"] = span_text(give_up_after.chat);
  lines["give_up_after.email"] = span_text(give_up_after.email);
  lines["give_up_after.segment"] = span_text(give_up_after.segment);
  lines["give_up_after.agent_state"] = span_text(give_up_after.agent_state);
  add_settings(lines, "client_defaults.", ClientConfig{});
  add_version(lines, "client_defaults.sla.", SlaVersion{});
  for (const auto& [name, settings] : clients) add_client(lines, name, settings);
  for (const auto& [queue, owner] : queue_client) {
    if (owner != kDefaultClient) lines["queues." + quoted(queue) + ".client"] = quoted(owner);
  }
  for (const auto& [name, calendar] : calendars) add_calendar(lines, name, calendar);
  for (const auto& source : sources_without_wrap) lines["sources." + quoted(source) + ".sends_wrap"] = "false";

  std::string text;
  for (const auto& [key, value] : lines) {
    text.append(key).append(kSeparator).append(value).append(1, '\n');
  }
  return text;
}

bool FigureConfig::names_calendar(const std::string& calendar) const {
  for (const auto& [name, client] : clients) {
    for (const SlaProfile& profile : client.sla) {
      for (const SlaVersion& version : profile.versions) {
        if (version.terms.calendar == calendar) return true;
      }
    }
  }
  return false;
}

FigureConfig FigureConfig::as_of(EventTime time) const {
  FigureConfig past = *this;
  for (auto& [name, client] : past.clients) {
    for (SlaProfile& profile : client.sla) {
      std::erase_if(profile.versions, [&](const SlaVersion& version) { return version.valid_from > time; });
      std::erase_if(profile.exclusions, [&](const Exclusion& exclusion) { return exclusion.from > time; });
      for (SlaVersion& version : profile.versions) {
        if (!version.terms.band) continue;
        std::erase_if(version.terms.band->forecast, [&](const ForecastInterval& f) { return f.start > time; });
      }
    }
    std::erase_if(client.sla, [](const SlaProfile& profile) { return profile.versions.empty(); });
  }
  std::erase_if(past.calendars, [&](const auto& calendar) { return !past.names_calendar(calendar.first); });
  for (auto& [name, calendar] : past.calendars) {
    const std::int32_t today = local_day(*find_zone(calendar.timezone), time);
    // A shift of the day before goes on into it.
    std::erase_if(calendar.days, [&](const auto& day) { return day.first > today; });
  }
  return past;
}

std::string FigureConfig::fingerprint() const { return Sha256{}.update(canonical_text()).hex(); }

std::string value_of_key(std::string_view text, const std::string& key) {
  const Lines lines = parse_lines(text);
  const auto found = lines.find(key);
  return found == lines.end() ? std::string{} : found->second;
}

std::vector<std::string> differing_keys(std::string_view before, std::string_view now) {
  Lines old_lines = parse_lines(before), new_lines = parse_lines(now);
  std::set<std::string> keys;
  for (const auto& [key, value] : old_lines) {
    const auto found = new_lines.find(key);
    if (found == new_lines.end() || found->second != value) keys.insert(key);
  }
  for (const auto& [key, value] : new_lines) {
    if (!old_lines.contains(key)) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

}  // namespace core

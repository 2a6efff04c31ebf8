// What a version of a profile says of the contract: target, period, money; and what the profile excludes.
#include <fmt/format.h>

#include <algorithm>

#include "config/forecast.h"
#include "config/parts.h"
#include "config/values.h"
#include "core/periods.h"

namespace config {
namespace {

constexpr std::int64_t kTenTimes = 10 * core::kWhole;

auto percent_up_to(std::int64_t most) {
  return [most](std::string_view text) -> std::optional<std::int64_t> {
    const auto value = parse_percent(text);
    return value && *value <= most ? value : std::nullopt;
  };
}

auto level_of(core::Metric metric) {
  return [metric](std::string_view text) -> std::optional<core::Level> {
    if (core::is_share(metric)) return percent_up_to(core::kWhole)(text);
    const auto span = core::parse_duration(text);
    return span ? std::optional(span->count()) : std::nullopt;
  };
}

void load_target(const Section& version, core::Metric metric, core::Terms& terms) {
  terms.at_most = core::less_is_better(metric);
  const char* former = nullptr;
  for (const char* name : {"target", "at_least", "at_most"}) {
    if (!version.has(name)) continue;
    if (former != nullptr) {
      version.report(name, fmt::format("stands beside {}, allowed: one of target, at_least, at_most", former));
    }
    former = name;
    terms.target = formed_value(version, name, level_of(metric));
    if (std::string_view(name) != "target") terms.at_most = std::string_view(name) == "at_most";
  }
}

std::optional<std::uint8_t> load_rounding(const Section& version, core::Metric metric) {
  const std::int64_t most = core::is_share(metric) ? 4 : 3;
  const std::string text = version.text("rounding");
  if (text == "none") return std::nullopt;
  const auto decimals = parse_whole(text);
  if (decimals && *decimals <= most) return static_cast<std::uint8_t>(*decimals);
  version.refuse("rounding", fmt::format("\"{}\"", text));
  return std::nullopt;
}

/// A forecast of other intervals than the contract's would judge half of them by the volume of two.
void check_grid(const Section& section, const core::VolumeBand& band, core::Every interval,
                const date::time_zone& zone) {
  const auto& rows = band.forecast;
  const std::string_view kind = core::kEveryWords[core::index(interval)];
  const auto off = std::ranges::find_if(rows, [&](const core::ForecastInterval& row) {
    return core::period_of(interval, zone, row.start).start != row.start;
  });
  if (off != rows.end()) {
    return section.report("forecast",
                          fmt::format("{}: {} is not the begin of an interval of {}, allowed: a row for each "
                                      "interval of the contract",
                                      band.file, core::format_rfc3339(off->start), kind));
  }
  const auto adjacent = std::ranges::adjacent_find(rows, [&](const auto& row, const auto& next) {
    return core::period_of(interval, zone, row.start).end == next.start;
  });
  if (rows.size() > 1 && adjacent == rows.end()) {
    section.report(
        "forecast",
        fmt::format("{}: no two rows are {} apart, allowed: a row for each interval of the contract", band.file, kind));
  }
}

std::optional<core::VolumeBand> load_band(const Section& version, const ProfilePlace& place, core::Every interval) {
  if (!version.has("volume_band")) return std::nullopt;
  const Section section = version.section("volume_band");
  core::VolumeBand band;
  band.file = section.text("forecast");
  band.up_to = formed_value(section, "up_to", percent_up_to(kTenTimes)).value_or(core::kWhole);
  if (place.metric != core::Metric::kServiceLevel) {
    section.report(section.line(),
                   fmt::format("{} is of a profile of {}, allowed: of service_level", version.shown("volume_band"),
                               core::kMetricWords[core::index(place.metric)]));
  }
  if (!place.context->read_files || band.file.empty()) return band;
  auto forecast = read_forecast(place.context->folder / band.file);
  if (forecast) {
    band.forecast = std::move(*forecast);
    check_grid(section, band, interval, *core::find_zone(place.client->timezone));
  } else {
    section.report("forecast", fmt::format("{}: {}, allowed: a CSV file with the columns start,offered", band.file,
                                           forecast.error()));
  }
  return band;
}

struct Fee {
  core::Decimal amount;
  std::string currency;
};
/// "100000 USD"
std::optional<Fee> parse_fee(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const auto amount = core::parse_decimal(text.substr(0, space));
  const std::string_view currency = text.substr(std::min(space + 1, text.size()));
  const bool letters =
      currency.size() == 3 && std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  constexpr std::int64_t kMost = 1'000'000'000'000LL * 10'000;
  if (!amount || amount->ten_thousandths < 0 || amount->ten_thousandths > kMost || !letters) return std::nullopt;
  return Fee{*amount, std::string(currency)};
}

std::vector<core::CreditTier> load_tiers(const Section& credits, core::Metric metric, bool at_most) {
  std::vector<core::CreditTier> tiers;
  const char* const side = at_most ? "above" : "below";
  for (const Section& section : credits.sections("tiers")) {
    const char* const other = at_most ? "below" : "above";
    if (section.has(other)) {
      section.report(other, fmt::format("is of a figure that is to be {}, allowed: {}",
                                        at_most ? "at most the target" : "at least the target", side));
    } else if (!section.has(side)) {
      section.report(section.line(), fmt::format("{} is missing, allowed: {}", section.shown(side),
                                                 core::is_share(metric) ? "a percentage" : "a duration"));
    }
    core::CreditTier tier;
    tier.level = formed_value(section, side, level_of(metric)).value_or(0);
    tier.credit = formed_value(section, "credit", percent_up_to(core::kWhole)).value_or(0);
    tiers.push_back(tier);
  }
  return tiers;
}

std::optional<core::Credits> load_credits(const Section& version, core::Metric metric, bool at_most) {
  if (!version.has("credits")) return std::nullopt;
  const Section section = version.section("credits");
  core::Credits credits;
  if (const auto fee = formed_value(section, "fee", parse_fee))
    credits.fee = fee->amount, credits.currency = fee->currency;
  credits.cap = formed_value(section, "cap", percent_up_to(core::kWhole)).value_or(core::kWhole);
  credits.tiers = load_tiers(section, metric, at_most);
  return credits;
}

/// The words of these keys are those of core::Every, without the ones that they do not allow.
core::Every every_of(const Section& version, std::string_view name) {
  const std::size_t at = version.word(name);
  return static_cast<core::Every>(name == "period" ? at + core::index(core::Every::kDay) : at);
}

}  // namespace

core::Terms load_terms(const Section& version, const ProfilePlace& place) {
  core::Terms terms;
  load_target(version, place.metric, terms);
  terms.period = every_of(version, "period");
  terms.interval = every_of(version, "interval");
  terms.aggregate = static_cast<core::Aggregate>(version.word("aggregate"));
  const bool by_intervals = terms.aggregate == core::Aggregate::kIntervalsMet;
  if (by_intervals && !terms.target && !version.has("target")) {
    version.report("aggregate", "is intervals_met without a target, allowed: with target, at_least or at_most");
  }
  const core::Level same =
      core::is_share(place.metric) && !terms.at_most ? terms.target.value_or(core::kWhole) : core::kWhole;
  terms.intervals_target = formed_value(version, "intervals_target", percent_up_to(core::kWhole)).value_or(same);
  if (!by_intervals && version.has("intervals_target")) {
    version.report("intervals_target", "is of aggregate intervals_met, allowed: with it");
  }
  terms.min_volume = version.whole("min_volume");
  terms.decimals = load_rounding(version, place.metric);
  terms.band = load_band(version, place, terms.interval);
  // The share of intervals met is a percentage to be reached, whatever the metric is.
  const core::Metric judged = by_intervals ? core::Metric::kServiceLevel : place.metric;
  terms.credits = load_credits(version, judged, by_intervals ? false : terms.at_most);
  terms.calendar = version.text("calendar");
  if (!terms.calendar.empty() && !place.figures->calendars.contains(terms.calendar)) {
    version.refuse("calendar", fmt::format("\"{}\"", terms.calendar));
    terms.calendar.clear();
  }
  return terms;
}

std::vector<core::Exclusion> load_exclusions(const Section& profile) {
  std::vector<core::Exclusion> exclusions;
  for (const Section& section : profile.sections("exclusions")) {
    core::Exclusion exclusion;
    const auto from = formed_value(section, "from", parse_instant), to = formed_value(section, "to", parse_instant);
    exclusion.reason = section.text("reason");
    exclusion.by = section.text("by");
    if (!from || !to) continue;
    exclusion.from = *from, exclusion.to = *to;
    if (*to <= *from) section.report("to", "is not after from, allowed: a later time");
    exclusions.push_back(std::move(exclusion));
  }
  std::ranges::sort(exclusions, {}, &core::Exclusion::from);
  return exclusions;
}

}  // namespace config

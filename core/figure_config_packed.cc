#include "core/figure_config.h"
#include "core/packed.h"

namespace core {
namespace {

void write(PackedWriter& out, Millis span) { out.signed_number(span.count()); }
Millis read_span(PackedReader& in) { return Millis{in.signed_number()}; }

template <typename Texts>
void write_texts(PackedWriter& out, const Texts& texts) {
  out.number(texts.size());
  for (const auto& text : texts) out.text(text);
}
template <typename Insert>
void read_texts(PackedReader& in, Insert&& insert) {
  for (std::size_t n = in.count(); n > 0; --n) insert(std::string(in.text()));
}

template <std::size_t N>
void write_flags(PackedWriter& out, const std::array<bool, N>& flags) {
  for (const bool flag : flags) out.byte(flag ? 1 : 0);
}
template <std::size_t N>
void read_flags(PackedReader& in, std::array<bool, N>& flags) {
  for (bool& flag : flags) flag = in.byte() != 0;
}

/// What follows a client's time zone. Stores of before several profiles have one at most, with one version; those of
/// before contracts have no terms.
enum class Profiles : std::uint8_t { kNone, kOne, kList, kContracts };

template <typename Enum>
Enum read_word(PackedReader& in, std::size_t words, const char* what) {
  const std::uint8_t value = in.byte();
  if (value >= words) throw CorruptState(std::string("an unknown ") + what);
  return static_cast<Enum>(value);
}

void write(PackedWriter& out, EventTime time) { out.signed_number(to_ms(time)); }
EventTime read_time(PackedReader& in) { return event_time(in.signed_number()); }

/// A value that may be absent.
template <typename T, typename Write>
void write_optional(PackedWriter& out, const std::optional<T>& value, Write&& write_value) {
  out.byte(value ? 1 : 0);
  if (value) write_value(*value);
}
template <typename Read>
auto read_optional(PackedReader& in, Read&& read) -> std::optional<decltype(read())> {
  if (in.byte() == 0) return std::nullopt;
  return read();
}

void write(PackedWriter& out, const VolumeBand& band) {
  out.signed_number(band.up_to);
  out.number(band.forecast.size());
  std::int64_t before = 0;
  for (const ForecastInterval& interval : band.forecast) {
    out.signed_number(to_ms(interval.start) - before), out.signed_number(interval.offered);
    before = to_ms(interval.start);
  }
  out.text(band.file);
}
VolumeBand read_band(PackedReader& in) {
  VolumeBand band;
  band.up_to = in.signed_number();
  std::int64_t before = 0;
  for (std::size_t n = in.count(); n > 0; --n) {
    before += in.signed_number();
    band.forecast.push_back({event_time(before), in.signed_number()});
  }
  band.file = in.text();
  return band;
}

void write(PackedWriter& out, const Credits& credits) {
  out.signed_number(credits.fee.ten_thousandths);
  out.text(credits.currency);
  out.signed_number(credits.cap);
  out.number(credits.tiers.size());
  for (const CreditTier& tier : credits.tiers) out.signed_number(tier.level), out.signed_number(tier.credit);
}
Credits read_credits(PackedReader& in) {
  Credits credits;
  credits.fee.ten_thousandths = in.signed_number();
  credits.currency = in.text();
  credits.cap = in.signed_number();
  for (std::size_t n = in.count(); n > 0; --n) {
    const Level level = in.signed_number();
    credits.tiers.push_back({level, in.signed_number()});
  }
  return credits;
}

void write(PackedWriter& out, const Terms& terms) {
  write_optional(out, terms.target, [&](Level level) { out.signed_number(level); });
  out.byte(terms.at_most ? 1 : 0);
  out.byte(static_cast<std::uint8_t>(terms.period));
  out.byte(static_cast<std::uint8_t>(terms.aggregate));
  out.byte(static_cast<std::uint8_t>(terms.interval));
  out.signed_number(terms.intervals_target), out.signed_number(terms.min_volume);
  write_optional(out, terms.decimals, [&](std::uint8_t decimals) { out.byte(decimals); });
  write_optional(out, terms.band, [&](const VolumeBand& band) { write(out, band); });
  write_optional(out, terms.credits, [&](const Credits& credits) { write(out, credits); });
  out.text(terms.calendar);
}
Terms read_terms(PackedReader& in) {
  Terms terms;
  terms.target = read_optional(in, [&] { return in.signed_number(); });
  terms.at_most = in.byte() != 0;
  terms.period = read_word<Every>(in, kEveryWords.size(), "period");
  terms.aggregate = read_word<Aggregate>(in, kAggregateWords.size(), "aggregate");
  terms.interval = read_word<Every>(in, kEveryWords.size(), "interval");
  terms.intervals_target = in.signed_number(), terms.min_volume = in.signed_number();
  terms.decimals = read_optional(in, [&] { return in.byte(); });
  terms.band = read_optional(in, [&] { return read_band(in); });
  terms.credits = read_optional(in, [&] { return read_credits(in); });
  terms.calendar = in.text();
  return terms;
}

void write(PackedWriter& out, const CalendarConfig::Day& day) {
  out.number(day.size());
  for (const OpeningHours& hours : day) out.signed_number(hours.from.count()), out.signed_number(hours.to.count());
}
CalendarConfig::Day read_day(PackedReader& in) {
  CalendarConfig::Day day;
  for (std::size_t n = in.count(); n > 0; --n) {
    const std::chrono::minutes from{in.signed_number()};
    day.push_back({from, std::chrono::minutes{in.signed_number()}});
  }
  return day;
}

void write(PackedWriter& out, const CalendarConfig& calendar) {
  out.text(calendar.timezone);
  for (const CalendarConfig::Day& day : calendar.week) write(out, day);
  out.number(calendar.days.size());
  for (const auto& [number, day] : calendar.days) out.signed_number(number), write(out, day);
}
CalendarConfig read_calendar(PackedReader& in) {
  CalendarConfig calendar;
  calendar.timezone = in.text();
  if (find_zone(calendar.timezone) == nullptr) throw CorruptState("a calendar of an unknown time zone");
  for (CalendarConfig::Day& day : calendar.week) day = read_day(in);
  for (std::size_t n = in.count(); n > 0; --n) {
    const auto number = static_cast<std::int32_t>(in.signed_number());
    calendar.days[number] = read_day(in);
  }
  return calendar;
}

void write(PackedWriter& out, const SlaVersion& version) {
  write(out, version.valid_from);
  out.byte(static_cast<std::uint8_t>(version.formula));
  write(out, version.threshold);
  write(out, version.short_abandon);
  write_flags(out, version.abandoned);
  out.byte(static_cast<std::uint8_t>(version.basis));
  write(out, version.terms);
}

SlaVersion read_version(PackedReader& in, Profiles kind) {
  SlaVersion version;
  version.valid_from = read_time(in);
  version.formula = read_word<Formula>(in, kFormulaWords.size(), "formula");
  version.threshold = read_span(in);
  version.short_abandon = read_span(in);
  read_flags(in, version.abandoned);
  version.basis = in.byte() == 0 ? Basis::kArrival : Basis::kEvent;
  if (kind == Profiles::kContracts) version.terms = read_terms(in);
  return version;
}

void write(PackedWriter& out, const std::vector<SlaProfile>& profiles) {
  if (profiles.empty()) return out.byte(static_cast<std::uint8_t>(Profiles::kNone));
  out.byte(static_cast<std::uint8_t>(Profiles::kContracts));
  out.number(profiles.size());
  for (const SlaProfile& profile : profiles) {
    out.text(profile.name);
    out.byte(static_cast<std::uint8_t>(profile.metric));
    write_texts(out, profile.channels);
    write_texts(out, profile.queues);
    write_flags(out, profile.entries);
    out.number(profile.versions.size());
    for (const SlaVersion& version : profile.versions) write(out, version);
    out.number(profile.exclusions.size());
    for (const Exclusion& exclusion : profile.exclusions) {
      write(out, exclusion.from), write(out, exclusion.to);
      out.text(exclusion.reason), out.text(exclusion.by);
    }
  }
}

SlaProfile read_profile(PackedReader& in, Profiles kind) {
  SlaProfile profile;
  profile.name = in.text();
  const bool contract = kind == Profiles::kContracts;
  if (contract) profile.metric = read_word<Metric>(in, kMetricWords.size(), "metric");
  read_texts(in, [&](std::string text) { profile.channels.insert(std::move(text)); });
  read_texts(in, [&](std::string text) { profile.queues.insert(std::move(text)); });
  read_flags(in, profile.entries);
  for (std::size_t n = kind == Profiles::kOne ? 1 : in.count(); n > 0; --n) {
    profile.versions.push_back(read_version(in, kind));
  }
  for (std::size_t n = contract ? in.count() : 0; n > 0; --n) {
    Exclusion exclusion;
    exclusion.from = read_time(in), exclusion.to = read_time(in);
    exclusion.reason = in.text(), exclusion.by = in.text();
    profile.exclusions.push_back(std::move(exclusion));
  }
  return profile;
}

std::vector<SlaProfile> read_profiles(PackedReader& in) {
  const auto kind = read_word<Profiles>(in, 4, "form of service level profiles");
  std::vector<SlaProfile> profiles;
  if (kind == Profiles::kNone) return profiles;
  for (std::size_t n = kind == Profiles::kOne ? 1 : in.count(); n > 0; --n) {
    profiles.push_back(read_profile(in, kind));
  }
  return profiles;
}

}  // namespace

std::string pack(const FigureConfig& config) {
  std::string bytes;
  PackedWriter out(bytes);
  out.number(config.queue_client.size());
  for (const auto& [queue, client] : config.queue_client) out.text(queue), out.text(client);
  out.number(config.clients.size());
  for (const auto& [name, client] : config.clients) {
    out.text(name);
    out.text(client.timezone);
    write(out, client.sla);
    write(out, client.lead_target), write(out, client.redial_gap);
    write_texts(out, client.required_costs);
  }
  write_texts(out, config.sources_without_wrap);
  const GiveUp& give_up = config.give_up_after;
  for (const Millis span : {give_up.voice, give_up.chat, give_up.email, give_up.segment, give_up.agent_state}) {
    write(out, span);
  }
  out.number(config.calendars.size());
  for (const auto& [name, calendar] : config.calendars) out.text(name), write(out, calendar);
  return bytes;
}

FigureConfig unpack_figure_config(std::string_view bytes) {
  PackedReader in(bytes);
  FigureConfig config;
  for (std::size_t n = in.count(); n > 0; --n) {
    std::string queue(in.text());
    config.queue_client.emplace(std::move(queue), in.text());
  }
  for (std::size_t n = in.count(); n > 0; --n) {
    ClientConfig& client = config.clients[std::string(in.text())];
    client.timezone = in.text();
    if (find_zone(client.timezone) == nullptr) throw CorruptState("a client of an unknown time zone");
    client.sla = read_profiles(in);
    client.lead_target = read_span(in), client.redial_gap = read_span(in);
    read_texts(in, [&](std::string text) { client.required_costs.push_back(std::move(text)); });
  }
  read_texts(in, [&](std::string text) { config.sources_without_wrap.insert(std::move(text)); });
  GiveUp& give_up = config.give_up_after;
  for (Millis* span : {&give_up.voice, &give_up.chat, &give_up.email, &give_up.segment, &give_up.agent_state}) {
    *span = read_span(in);
  }
  if (in.at_end()) return config;  // Of before calendars.
  for (std::size_t n = in.count(); n > 0; --n) {
    std::string name(in.text());
    config.calendars[std::move(name)] = read_calendar(in);
  }
  return config;
}

}  // namespace core

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "config/parts.h"
#include "core/periods.h"

namespace config {
namespace {

template <std::size_t N>
std::array<bool, N> chosen(const std::vector<std::size_t>& indices) {
  std::array<bool, N> flags{};
  for (const std::size_t i : indices) flags.at(i) = true;
  return flags;
}

/// Without a value of its own a key has another default where the metric gives it another meaning.
void load_thresholds(const Section& section, const ProfilePlace& place, core::SlaVersion& version) {
  version.threshold = section.duration("threshold");
  version.short_abandon = section.duration("short_abandon");
  const bool given = section.has("short_abandon");
  if (place.metric == core::Metric::kLeadResponse && !section.has("threshold")) {
    version.threshold = place.client->lead_target;
  }
  if (place.metric == core::Metric::kAbandonmentRate && !given) version.short_abandon = core::SlaVersion::kNoneShort;
}

/// Occupancy goes by the clock, and nothing of it is counted.
void check_occupancy(const Section& version) {
  for (const char* name : {"basis", "min_volume"}) {
    if (!version.has(name)) continue;
    version.report(name, "is of a profile of occupancy, allowed: to leave it out, it is of time and not of visits");
  }
}

core::SlaVersion load_version(const Section& section, const ProfilePlace& place) {
  core::SlaVersion version;
  version.formula = static_cast<core::Formula>(section.word("formula"));
  load_thresholds(section, place, version);
  version.basis = static_cast<core::Basis>(section.word("basis"));
  const auto reasons = section.words("abandoned_reasons");
  if (!reasons.empty()) version.abandoned = chosen<core::kLeaveReasons>(reasons);
  version.terms = load_terms(section, place);
  if (version.terms.band && version.basis == core::Basis::kEvent) {
    section.report("basis", "is event beside a volume band, allowed: arrival, since a forecast is of arrivals");
  }
  if (place.metric == core::Metric::kOccupancy) check_occupancy(section);
  if (place.metric == core::Metric::kServiceLevel && version.short_abandon > version.threshold) {
    const std::string_view key = section.has("short_abandon") ? "short_abandon" : "threshold";
    section.report(section.line(key),
                   fmt::format("{} is {} and more than threshold, which is {}, allowed: at most threshold",
                               section.shown("short_abandon"), core::format_duration(version.short_abandon),
                               core::format_duration(version.threshold)));
  }
  return version;
}

/// Each version but the first says from when it holds, later than the one before.
void load_dated_version(const Section& section, const ProfilePlace& place, core::SlaProfile& profile) {
  core::SlaVersion version = load_version(section, place);
  const auto day = section.date("valid_from");
  const date::time_zone& zone = *core::find_zone(place.client->timezone);
  if (day) version.valid_from = core::day_begin(zone, static_cast<std::int32_t>(*day));
  const bool readable = day || !section.has("valid_from");
  if (readable && !profile.versions.empty() && version.valid_from <= profile.versions.back().valid_from) {
    section.report("valid_from", fmt::format("is {}, allowed: a date after the one of the version before",
                                             day ? "not later" : "missing"));
  }
  profile.versions.push_back(std::move(version));
}

/// What a metric is not kept by would have to be passed over silently.
void check_applies_to(const Section& applies_to, core::Metric metric) {
  const bool of_client = metric == core::Metric::kLeadResponse || metric == core::Metric::kOccupancy;
  const auto refuse = [&](const char* name, const char* allowed) {
    if (!applies_to.has(name)) return;
    applies_to.report(
        name, fmt::format("is of a profile of {}, allowed: {}", core::kMetricWords[core::index(metric)], allowed));
  };
  if (of_client) refuse("channels", "nothing, it is of the whole client");
  if (of_client) refuse("queues", "nothing, it is of the whole client");
  if (of_client || metric == core::Metric::kMeanHandle || metric == core::Metric::kFirstResponse) {
    refuse("entries", "nothing, they are of visits");
  }
}

core::SlaProfile load_profile(const Section& section, const LoadContext& context, const core::FigureConfig& figures,
                              const core::ClientConfig& client) {
  core::SlaProfile profile;
  profile.name = section.text("name");
  profile.metric = static_cast<core::Metric>(section.word("metric"));
  const Section applies_to = section.section("applies_to");
  for (const Placed& channel : applies_to.texts("channels")) profile.channels.insert(channel.text);
  for (const Placed& queue : applies_to.texts("queues")) profile.queues.insert(queue.text);
  const auto entries = applies_to.words("entries");
  if (!entries.empty()) profile.entries = chosen<core::kEntries>(entries);

  check_applies_to(applies_to, profile.metric);

  const ProfilePlace place{&context, &figures, &client, profile.metric};
  for (const Section& version : section.sections("versions")) load_dated_version(version, place, profile);
  profile.exclusions = load_exclusions(section);
  return profile;
}

/// Whose settings are read, and where what they say goes.
struct ClientPlace {
  const std::string* name;
  const LoadContext* context;
  const core::FigureConfig* figures;
  std::vector<core::AlertRule>* alerts;
};

void load_profiles(const Section& section, const ClientPlace& place, core::ClientConfig& client) {
  for (const Section& one : section.sections("sla")) {
    core::SlaProfile profile = load_profile(one, *place.context, *place.figures, client);
    const auto same_name = [&](const core::SlaProfile& other) { return other.name == profile.name; };
    if (!profile.name.empty() && std::ranges::any_of(client.sla, same_name)) {
      one.report("name", fmt::format("is {} of two profiles, allowed: a name of its own for each", profile.name));
    }
    load_alerts(one, *place.name, profile, client.lead_target, *place.alerts);
    client.sla.push_back(std::move(profile));
  }
}

core::ClientConfig load_client(const Section& section, const ClientPlace& place) {
  core::ClientConfig client;
  client.timezone = section.zone("timezone");
  const Section leads = section.section("leads");
  client.lead_target = leads.duration("target");
  client.redial_gap = leads.duration("redial_gap");
  for (Placed& cost : section.section("deals").texts("required_costs"))
    client.required_costs.push_back(std::move(cost.text));
  load_profiles(section, place, client);
  return client;
}

}  // namespace

void load_clients(const Section& root, const LoadContext& context, core::FigureConfig& figures,
                  std::vector<core::AlertRule>& alerts) {
  std::map<std::string, int> queue_lines;
  for (const auto& [name, section] : root.named_sections("clients")) {
    figures.clients.emplace(name.text, load_client(section, {&name.text, &context, &figures, &alerts}));
    for (const Placed& queue : section.texts("queues")) {
      const auto [owner, is_new] = figures.queue_client.emplace(queue.text, name.text);
      if (is_new) {
        queue_lines.emplace(queue.text, queue.line);
      } else {
        section.report(queue.line,
                       fmt::format("queue {} of client {} belongs to client {} on line {} already, allowed: one "
                                   "client a queue",
                                   queue.text, name.text, owner->second, queue_lines.at(queue.text)));
      }
    }
  }
}

}  // namespace config

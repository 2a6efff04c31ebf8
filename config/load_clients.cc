#include <date/tz.h>
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

/// The first instant of a date in a client's zone: where its midnight does not exist, the change of the clock.
core::EventTime day_begin(const std::string& timezone, std::int64_t days) {
  const date::local_days day{date::days{days}};
  const auto begin = core::find_zone(timezone)->to_sys(day, date::choose::earliest);
  return core::EventTime{date::floor<core::Millis>(begin).time_since_epoch()};
}

core::SlaVersion load_version(const Section& section) {
  core::SlaVersion version;
  version.formula = static_cast<core::Formula>(section.word("formula"));
  version.threshold = section.duration("threshold");
  version.short_abandon = section.duration("short_abandon");
  version.basis = static_cast<core::Basis>(section.word("basis"));
  const auto reasons = section.words("abandoned_reasons");
  if (!reasons.empty()) version.abandoned = chosen<core::kLeaveReasons>(reasons);
  if (version.short_abandon > version.threshold) {
    const std::string_view key = section.has("short_abandon") ? "short_abandon" : "threshold";
    section.report(section.line(key),
                   fmt::format("{} is {} and more than threshold, which is {}, allowed: at most threshold",
                               section.shown("short_abandon"), core::format_duration(version.short_abandon),
                               core::format_duration(version.threshold)));
  }
  return version;
}

/// Each version but the first says from when it holds, later than the one before.
void load_dated_version(const Section& section, const std::string& timezone, core::SlaProfile& profile) {
  core::SlaVersion version = load_version(section);
  const auto day = section.date("valid_from");
  if (day) version.valid_from = day_begin(timezone, *day);
  const bool readable = day || !section.has("valid_from");
  if (readable && !profile.versions.empty() && version.valid_from <= profile.versions.back().valid_from) {
    section.report("valid_from", fmt::format("is {}, allowed: a date after the one of the version before",
                                             day ? "not later" : "missing"));
  }
  profile.versions.push_back(version);
}

core::SlaProfile load_profile(const Section& section, const std::string& timezone) {
  core::SlaProfile profile;
  profile.name = section.text("name");
  const Section applies_to = section.section("applies_to");
  for (const Placed& channel : applies_to.texts("channels")) profile.channels.insert(channel.text);
  for (const Placed& queue : applies_to.texts("queues")) profile.queues.insert(queue.text);
  const auto entries = applies_to.words("entries");
  if (!entries.empty()) profile.entries = chosen<core::kEntries>(entries);

  for (const Section& version : section.sections("versions")) {
    load_dated_version(version, timezone, profile);
  }
  return profile;
}

void load_profiles(const Section& section, core::ClientConfig& client) {
  for (const Section& one : section.sections("sla")) {
    core::SlaProfile profile = load_profile(one, client.timezone);
    const auto same_name = [&](const core::SlaProfile& other) { return other.name == profile.name; };
    if (!profile.name.empty() && std::ranges::any_of(client.sla, same_name)) {
      one.report("name", fmt::format("is {} of two profiles, allowed: a name of its own for each", profile.name));
    }
    client.sla.push_back(std::move(profile));
  }
}

core::ClientConfig load_client(const Section& section) {
  core::ClientConfig client;
  client.timezone = section.zone("timezone");
  const Section leads = section.section("leads");
  client.lead_target = leads.duration("target");
  client.redial_gap = leads.duration("redial_gap");
  for (Placed& cost : section.section("deals").texts("required_costs"))
    client.required_costs.push_back(std::move(cost.text));
  load_profiles(section, client);
  return client;
}

}  // namespace

void load_clients(const Section& root, core::FigureConfig& figures) {
  std::map<std::string, int> queue_lines;
  for (const auto& [name, section] : root.named_sections("clients")) {
    figures.clients.emplace(name.text, load_client(section));
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
